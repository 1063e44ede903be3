/** The real house with WeChat accounts, a fake platform, and citizens who write to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import { pino } from 'pino';
import { fullCapabilities } from '../../../bot/render.ts';
import type { DatabaseConfig } from '../../../bot/store/database.ts';
import { parseConfig } from '../../../server/config.ts';
import { buildHouse, type House } from '../../../server/house.ts';
import { createWeb } from '../../../server/http.ts';
import { newId } from '../../../server/ids.ts';
import { accountSchema, type WechatAccount } from '../accounts.ts';
import type { Transcription, Waits } from '../options.ts';
import { createWechat } from '../wechat.ts';
import { type Bubble, type PlatformAccount, type PlatformOptions, type Style, startPlatform } from './platform.ts';
import type { Fields } from './wire.ts';

const token = 'zwfwtoken2026';
const aes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ';

export type Harness = Awaited<ReturnType<typeof startHarness>>;
export interface HarnessOptions extends PlatformOptions {
  readonly accounts?: readonly (Partial<WechatAccount> & Pick<WechatAccount, 'kind'>)[];
  readonly encrypted?: boolean;
  readonly waits?: Partial<Waits>;
  readonly transcription?: Transcription;
  readonly tellBySms?: (notice: { key: string; phone: string }) => Promise<boolean>;
  readonly store?: DatabaseConfig;
  /** Where citizens would reach the site: links in messages begin with it. */
  readonly publicUrl?: string;
}

export async function startHarness(options: HarnessOptions = {}) {
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const platform = await startPlatform({ now, ...(options.hangUpMs === undefined ? {} : { hangUpMs: options.hangUpMs }) });
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-wechat-'));
  const accounts = (options.accounts ?? [{ kind: 'official-account' }]).map((given, i) =>
    accountSchema.parse({
      id: 'default',
      appId: `wx000000000000000${i}`,
      appSecret: `secret-${i}`,
      token,
      aesKeys: options.encrypted === false ? [] : [aes],
      ...given,
    }),
  );
  const platformAccounts = accounts.map(
    (account, i): PlatformAccount => ({
      appId: account.appId,
      secret: account.appSecret,
      token: account.token,
      encodingAesKey: account.aesKeys[0],
      original: `gh_${i}`,
      type: account.kind === 'mini-program' ? 'mini-program' : account.type,
    }),
  );
  for (const account of platformAccounts) platform.add(account);
  const parsed = parseConfig({
    DATA_DIR: options.store?.dataDir ?? dataDir,
    DATABASE_URL: options.store?.databaseUrl,
    PUBLIC_URL: options.publicUrl,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  let house: House | undefined;
  const built = () => {
    if (!house) throw new Error('the house is not built yet');
    return house;
  };
  const wechat = createWechat({
    accounts,
    apiBaseUrl: platform.url,
    transcription: options.transcription,
    tellBySms: options.tellBySms,
    core: () => built().core,
    database: () => built().database,
    now,
    newId,
    log: logger,
    waits: options.waits,
  });
  house = await buildHouse({
    config: parsed.config,
    logger,
    channels: [{ name: 'web', capabilities: fullCapabilities }, ...wechat.bindings],
    now,
    refreshEveryMs: 3_600_000,
  });
  const web = await createWeb({ house, logger, webFolder: dataDir, botFramework: Router(), wechat });
  await new Promise<void>((resolve) => web.server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(web.server.address() as AddressInfo).port}`;
  const addressOf = (account: WechatAccount) =>
    `${base}/channels/wechat/${account.kind}${account.id === 'default' ? '' : `/${account.id}`}`;

  /** Everything said is answered, and everything that may be sent is sent. */
  async function settled(): Promise<void> {
    await built().core.settled();
    built().outbox.kick();
    await built().outbox.settled();
  }

  // The first question of a house learns from the pack and takes its time; tests that cut time short must not meet it.
  await house.core.openConversation({ id: 'first', channel: 'web', userId: 'u' });
  await house.core.receive({
    conversationId: 'first',
    messageId: 'first',
    activity: { type: 'message', from: { id: 'u' }, text: '居住证要多少钱' },
  });
  await settled();

  /** A citizen at one account. */
  function citizen(openid: string, at = 0) {
    const account = accounts[at] as WechatAccount;
    const platformAccount = platformAccounts[at] as PlatformAccount;
    const chat = (): readonly Bubble[] => platform.chats.get(openid) ?? [];
    const fieldsOf = (fields: Fields): Fields => ({
      ToUserName: platformAccount.original,
      FromUserName: openid,
      CreateTime: Math.floor(now() / 1000),
      ...fields,
      ...(fields.MsgType === 'event' || fields.MsgId ? {} : { MsgId: platform.nextId() }),
    });
    const push = (fields: Fields, style: Style = {}): Promise<boolean> =>
      platform.push([addressOf(account)], platformAccount, fieldsOf(fields), style);
    /** Pushes, waits, and gives what they see for it. */
    const sends = async (fields: Fields, style?: Style): Promise<readonly Bubble[]> => {
      const before = chat().length;
      await push(fields, style);
      await settled();
      return chat().slice(before);
    };
    return {
      chat,
      fieldsOf,
      push,
      sends,
      account: platformAccount,
      address: addressOf(account),
      says: (text: string, style?: Style) => sends({ MsgType: 'text', Content: text }, style),
      presses: (item: { id: string; content: string }) => sends({ MsgType: 'text', Content: item.content, bizmsgmenuid: item.id }),
      does: (event: string, fields: Fields = {}) => sends({ MsgType: 'event', Event: event, ...fields }),
    };
  }

  return {
    platform,
    base,
    clock,
    now,
    house,
    wechat,
    citizen,
    settled,
    /** The server's log lines of warnings and worse. */
    complaints: () => lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40),
    lines,
    async close() {
      await web.close();
      await wechat.close();
      await built().close();
      await platform.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
