/** `wenban webhooks …`: which systems are told of demands, orders, follow-ups and ratings. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import type { OpenDatabase } from '../../bot/store/database.ts';
import { deliveryCounts, listDeliveries, reviveDelivery } from '../../bot/store/webhook-deliveries.ts';
import { findWebhook, listWebhooks, removeWebhook } from '../../bot/store/webhooks.ts';
import { createWebhook, rotateSecret, type WebhookRequest, webhookRequestSchema } from '../../bot/webhooks/subscriptions.ts';
import type { Config } from '../config.ts';
import { newId } from '../ids.ts';
import { openWebhooks } from '../webhooks/webhooks.ts';
import { badUsage, type CommandTools } from './command.ts';
import { withStore } from './with-store.ts';

interface AddFlags {
  readonly kinds: string;
  readonly department?: string;
  readonly fields: string;
  readonly actor: string;
  readonly json?: boolean;
}
type Json = { readonly json?: boolean };

export function addWebhookCommands(program: Command, { run, configured }: CommandTools): void {
  const webhooks = program.command('webhooks').description("tell departments' systems what happens, signed");
  webhooks
    .command('add <url>')
    .description('tell a system from now on; prints the secret, once')
    .option('--kinds <list>', 'of demand, order, follow_up, rating', 'demand,order,follow_up,rating')
    .option('--department <name>', 'only what belongs to it')
    .option('--fields <which>', 'basic: no words of citizens; matter: the words of an order too, identifiers masked', 'basic')
    .option('--actor <name>', 'who decides', 'operator')
    .option('--json')
    .action(run((url: string, flags: AddFlags) => webhooksAddCommand(configured(), url, flags)));
  webhooks
    .command('list')
    .option('--json')
    .action(run((flags: Json) => webhooksListCommand(configured(), flags)));
  webhooks
    .command('remove <id>')
    .description('stop telling it, and forget what waits')
    .action(run((id: string) => webhooksRemoveCommand(configured(), id)));
  webhooks
    .command('rotate <id>')
    .description('a new secret, printed once; the old one signs along for a day')
    .action(run((id: string) => webhooksRotateCommand(configured(), id)));
  webhooks
    .command('test <id>')
    .description('one signed attempt now; exit code 1 when it was not taken')
    .action(run((id: string) => webhooksTestCommand(configured(), id)));
  webhooks
    .command('failed')
    .description('deliveries that were given up')
    .option('--json')
    .action(run((flags: Json) => webhooksFailedCommand(configured(), flags)));
  webhooks
    .command('resend <delivery>')
    .description('try one of them again, under the same event id')
    .action(run((id: string) => webhooksResendCommand(configured(), id)));
}

const toolsOf = (database: OpenDatabase) => ({ database, now: Date.now, newId, randomBytes });

function unknown(id: string): number {
  console.error(`没有这个推送 no such webhook: ${id}`);
  return 1;
}

/** Exit code 2 for an address or a kind that can't be. */
export async function webhooksAddCommand(config: Config, url: string, flags: AddFlags): Promise<number> {
  const asked = webhookRequestSchema.safeParse({
    url,
    kinds: flags.kinds.split(',').map((kind) => kind.trim()),
    department: flags.department ?? null,
    fields: flags.fields,
  });
  if (!asked.success) {
    console.error(z.prettifyError(asked.error));
    return badUsage;
  }
  return withStore(config, async (database) => {
    const { id, secret } = await createWebhook(toolsOf(database), asked.data satisfies WebhookRequest, flags.actor);
    console.log(flags.json ? JSON.stringify({ id, secret }) : `编号 id: ${id}\n密钥 secret (shown once): ${secret}`);
    return 0;
  });
}

export async function webhooksListCommand(config: Config, { json }: Json): Promise<number> {
  return withStore(config, async ({ db }) => {
    const counts = await deliveryCounts(db);
    for (const { secrets: _kept, ...hook } of await listWebhooks(db)) {
      const count = (status: string) => counts.find((one) => one.webhookId === hook.id && one.status === status)?.count ?? 0;
      const figures = { waiting: count('pending'), arrived: count('sent'), failed: count('dead') };
      const words = [hook.id, hook.state, hook.kinds.join(','), hook.department ?? '*', hook.fields, hook.url, JSON.stringify(figures)];
      console.log(json ? JSON.stringify({ ...hook, ...figures }) : [...words, hook.note ?? ''].join('\t').trimEnd());
    }
    return 0;
  });
}

export async function webhooksRemoveCommand(config: Config, id: string): Promise<number> {
  return withStore(config, async (database) => {
    if (!(await database.transaction((tx) => removeWebhook(tx, id)))) return unknown(id);
    console.log(`已删除 removed: ${id}`);
    return 0;
  });
}

export async function webhooksRotateCommand(config: Config, id: string): Promise<number> {
  return withStore(config, async (database) => {
    const secret = await rotateSecret(toolsOf(database), id);
    if (secret === undefined) return unknown(id);
    console.log(`新密钥 new secret (shown once): ${secret}`);
    return 0;
  });
}

export async function webhooksTestCommand(config: Config, id: string): Promise<number> {
  return withStore(config, async (database) => {
    const hook = await findWebhook(database.db, id);
    if (hook === undefined) return unknown(id);
    const sender = openWebhooks(config, { database, now: Date.now, onError: () => undefined });
    const code = await sender.probe(hook, `evt_test_${newId()}`);
    console.log(`${hook.url}: ${code}`);
    return code >= 200 && code < 300 ? 0 : 1;
  });
}

export async function webhooksFailedCommand(config: Config, { json }: Json): Promise<number> {
  return withStore(config, async ({ db }) => {
    for (const { body: _content, ...one } of await listDeliveries(db, { status: 'dead', limit: 200 })) {
      const words = [one.id, one.webhookId, one.type, one.eventId, one.attempts, one.error];
      console.log(json ? JSON.stringify(one) : words.join('\t'));
    }
    return 0;
  });
}

export async function webhooksResendCommand(config: Config, id: string): Promise<number> {
  return withStore(config, async ({ db }) => {
    if (/^\d{1,15}$/.test(id) && (await reviveDelivery(db, Number(id), Date.now()))) {
      console.log(`已重新排队 queued again: ${id}`);
      return 0;
    }
    console.error(`不是发送失败的推送 not a delivery that was given up: ${id}`);
    return 1;
  });
}
