/** `wenban wechat …`: the menu of an official account, and what became of messages. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { listWechatDeliveries } from '../../bot/store/wechat-reports.ts';
import { type MenuFile, menuBody, menuSchema, pushMenu } from '../../channels/wechat/menu.ts';
import { createApi } from '../../channels/wechat/wechat.ts';
import { deliveryWords } from '../../desk/api/delivery-words.ts';
import type { Config } from '../config.ts';
import { projectRoot } from '../paths.ts';
import { badUsage, type CommandTools } from './command.ts';
import { withStore } from './with-store.ts';

const apiMs = 10_000;

/** Adds the commands; `run` turns an exit code or an error into the process's own. */
export function addWechatCommands(program: Command, house: CommandTools): void {
  const wechat = program.command('wechat').description('WeChat accounts');
  const menu = wechat.command('menu').description('the menu of an official account');
  menu
    .command('push [file]')
    .description('replace the menu by that of a YAML file (default: channels/wechat/menu.yaml)')
    .option('--account <id>', 'id of the official account', 'default')
    .option('--dry-run', 'only show what would be sent')
    .action(house.run((file: string | undefined, options) => menuPush(house.configured(), file, options)));
  wechat
    .command('deliveries')
    .description('what became of messages to citizens, the newest first')
    .option('--all', 'also those that arrived')
    .option('--limit <n>', 'how many', '50')
    .option('--json')
    .action(house.run((options) => deliveries(house.configured(), options)));
}

async function menuPush(config: Config, file: string | undefined, options: { account: string; dryRun?: boolean }): Promise<number> {
  const path = file ?? join(projectRoot(), 'channels', 'wechat', 'menu.yaml');
  let menu: MenuFile;
  try {
    menu = menuSchema.parse(parse(await readFile(path, 'utf8')));
  } catch (error) {
    console.error(`${path}: ${error instanceof z.ZodError ? z.prettifyError(error) : String((error as Error).message)}`);
    return badUsage;
  }
  if (options.dryRun) {
    console.log(JSON.stringify(menuBody(menu), null, 2));
    return 0;
  }
  const account = config.wechat?.accounts.find(({ kind, id }) => kind === 'official-account' && id === options.account);
  if (!config.wechat || !account) {
    console.error(`没有配置这个公众号 no official account ${options.account} is configured: set WECHAT_OA_* (docs/wechat.md)`);
    return badUsage;
  }
  const { apiBaseUrl } = config.wechat;
  return withStore(config, async (database) => {
    await pushMenu(createApi({ apiBaseUrl, database: () => database, now: Date.now }, apiMs), account, menu);
    console.log(`菜单已更新，关注者几分钟内看到 the menu is set: ${menu.buttons.map(({ name }) => name).join(' · ')}`);
    return 0;
  });
}

async function deliveries(config: Config, options: { all?: boolean; limit: string; json?: boolean }): Promise<number> {
  const limit = z.coerce.number().int().min(1).max(10_000).safeParse(options.limit);
  if (!limit.success) {
    console.error('--limit: a number from 1 to 10000');
    return badUsage;
  }
  return withStore(config, async (database) => {
    const states = options.all ? {} : { states: ['queued', 'sending', 'kept', 'failed'] as const };
    for (const one of await listWechatDeliveries(database.db, { ...states, limit: limit.data })) {
      const { updatedAt, account, state, route, code, conversationId } = one;
      const { means, next } = deliveryWords(one);
      const time = new Date(updatedAt).toLocaleString('sv-SE');
      console.log(
        options.json
          ? JSON.stringify(one)
          : [time, account, state, route ?? '-', code ?? '-', conversationId, `${means} ${next}`.trim()].join('\t'),
      );
    }
    return 0;
  });
}
