/** Child process of the two-process test: the WeChat channel on the real store and outbox, with a core that takes its time. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { ConversationLog } from '../../../bot/log.ts';
import { OutboxSender } from '../../../bot/outbox-sender.ts';
import { openDatabase } from '../../../bot/store/database.ts';
import { newId } from '../../../server/ids.ts';
import { WECHAT_PATH } from '../options.ts';
import { wechatSettings } from '../settings.ts';
import { createWechat } from '../wechat.ts';
import { slowCore } from './slow-core.ts';

const settings = wechatSettings(process.env);
if (!settings.ok || !settings.wechat) throw new Error('no WeChat account');
const logger = pino({ level: 'warn' }, pino.destination(2));
const database = await openDatabase({ databaseUrl: process.env.DATABASE_URL, dataDir: process.env.DATA_DIR ?? '' });
const wechat = createWechat({ ...settings.wechat, core: () => core, database: () => database, now: Date.now, newId, log: logger });
const log = new ConversationLog({ database, now: Date.now, pushChannels: new Set(wechat.bindings.map(({ name }) => name)) });
const core = slowCore(database, log, Number(process.env.THINK_MS ?? 0));
const outbox = new OutboxSender({
  database,
  log,
  now: Date.now,
  channels: new Map(wechat.bindings.map(({ name, deliver }) => [name, deliver])),
  onError: (error) => logger.warn({ err: error }, 'a delivery failed'),
});
const app = express();
app.use(
  WECHAT_PATH,
  wechat.router({
    saveMedia: async () => undefined,
    fileAt: async () => undefined,
    hotline: '12345',
    grant: () => ({ token: '', expiresIn: 0 }),
  }),
);
const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.once('SIGTERM', async () => {
  server.closeAllConnections();
  server.close();
  await wechat.close();
  await outbox.close();
  await database.close();
  process.exit(0);
});
