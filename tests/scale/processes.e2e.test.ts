/**
 * Four servers on one PostgreSQL, no sticky sessions, killed (-9) and started again under load. The long form has thousands of turns:
 *   WENBAN_LONG=1 npx vitest run tests/scale/processes.e2e.test.ts
 * WENBAN_KILLS=10 and WENBAN_MESSAGES=40 (of each citizen) make it shorter.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../bot/store/database.ts';
import { freePort } from '../../bot/store/testing/postgres.ts';
import { type ThrowAway, throwAwayPostgres } from '../../bot/store/testing/throw-away.ts';
import '../../bot/store/testing/global-setup.ts';
import { startCarriers } from '../../channels/sms/testing/carriers.ts';
import { type PlatformAccount, startPlatform } from '../../channels/wechat/testing/platform.ts';
import { killAll, type RunningServer, startServer, startTalk } from '../support/process.ts';
import type { TestServer } from '../support/server.ts';
import { expectOneTurnEach, expectWholeTalk, waiting } from './stored.ts';
import { WebCitizen } from './web-citizen.ts';

const long = process.env.WENBAN_LONG === '1';
const size = long
  ? {
      servers: 4,
      kills: Number(process.env.WENBAN_KILLS ?? 40),
      citizens: 24,
      messages: Number(process.env.WENBAN_MESSAGES ?? 100),
      wechat: 12,
      sms: 12,
      pushed: 30,
    }
  : { servers: 4, kills: 1, citizens: 8, messages: 6, wechat: 3, sms: 3, pushed: 3 };
const script = ['身份证丢了怎么补办', '查办件进度', 'AL2026000103', '1103', '不用，我自己补', '那要多少钱？', '居住证怎么办', '再见'];

const account: PlatformAccount = {
  appId: 'wx00000000000000b4',
  secret: 'the app secret',
  token: 'zwfwtoken2026',
  encodingAesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ',
  original: 'gh_four',
  type: 'service',
};

let place: ThrowAway | undefined;
const folders: string[] = [];
afterAll(async () => {
  killAll();
  await place?.remove();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!inject('postgresUrl'))('four processes, one database', () => {
  it(`[R-021] ${size.kills} killed under load: nothing lost, nothing answered twice, order kept, everybody sees everything wherever they are connected`, {
    timeout: long ? 3_600_000 : 300_000,
  }, async () => {
    place = await throwAwayPostgres(inject('postgresUrl'));
    const platform = await startPlatform();
    platform.add(account);
    const carriers = await startCarriers();
    const env = {
      ...carriers.twilio.environment,
      DATABASE_URL: place.config.databaseUrl ?? '',
      WECHAT_API_BASE_URL: platform.url,
      WECHAT_OA_APP_ID: account.appId,
      WECHAT_OA_APP_SECRET: account.secret,
      WECHAT_OA_TOKEN: account.token,
      WECHAT_OA_ENCODING_AES_KEY: account.encodingAesKey ?? '',
      WECHAT_OA_TYPE: account.type,
    };
    const start = async (port?: number): Promise<RunningServer> => {
      const folder = await mkdtemp(join(tmpdir(), 'wenban-scale-'));
      folders.push(folder);
      return startServer(folder, { ...env, PORT: String(port ?? (await freePort())) });
    };
    // The first brings the knowledge in.
    const servers = [await start()];
    servers.push(...(await Promise.all(Array.from({ length: size.servers - 1 }, () => start()))));
    const urls = () => servers.map(({ url }) => url);
    const any = () => servers[Math.floor(Math.random() * servers.length)] as RunningServer;
    let over = false;

    const web: WebCitizen[] = [];
    for (let i = 0; i < size.citizens; i++) {
      const talk = await startTalk(any().url);
      web.push(new WebCitizen({ name: `w${i}`, talk, servers: urls, random: Math.random }));
    }
    const onWeb = web.map(async (citizen, who) => {
      for (let i = 0; i < size.messages; i++) {
        await citizen.say(`${script[(i + who) % script.length]}`);
        await sleep(Math.random() * 120);
      }
    });
    const path = '/channels/wechat/official-account';
    let wechatTaken = 0;
    const onWechat = Array.from({ length: size.wechat }, async (_, who) => {
      for (let i = 0; i < size.pushed; i++) {
        const fields = {
          ToUserName: account.original,
          FromUserName: `oFour${who}`,
          CreateTime: Math.floor(Date.now() / 1000),
          MsgType: 'text',
          Content: `${script[(i + who) % script.length]}`,
          MsgId: platform.nextId(),
        };
        // As the platform does: three tries at most, here at three servers.
        const tries = urls()
          .map((url) => `${url}${path}`)
          .toSorted(() => Math.random() - 0.5);
        if (await platform.push(tries, account, fields)) wechatTaken++;
        await sleep(Math.random() * 200);
      }
    });
    let smsTaken = 0;
    const onSms = Array.from({ length: size.sms }, async (_, who) => {
      for (let i = 0; i < size.pushed; i++) {
        for (let taken = false; !taken; ) {
          const to = { port: Number(new URL(any().url).port) } as TestServer;
          taken = await carriers.twilio.push(to, `1390000${1000 + who}`, `${script[(i + who) % script.length]}`, `${who}-${i}`).then(
            () => true,
            () => false,
          );
          if (!taken) await sleep(100);
        }
        smsTaken++;
        await sleep(Math.random() * 200);
      }
    });
    const killing = (async () => {
      for (let killed = 0; killed < size.kills; killed++) {
        await sleep(long ? 500 + Math.random() * 2000 : 300);
        const index = killed % servers.length;
        const victim = servers[index] as RunningServer;
        await victim.kill();
        if (over) return;
        servers[index] = await start(Number(new URL(victim.url).port));
      }
    })();
    await Promise.all([...onWeb, ...onWechat, ...onSms]);
    over = true;
    await killing;

    const database = await openDatabase(place.config);
    try {
      // By themselves: whoever lives takes over what the dead left.
      await expect.poll(() => waiting(database.db), { timeout: 60_000, interval: 200 }).toBe(0);
      const turns = await expectOneTurnEach(database.db);
      let live = 0;
      for (const { talk, said, heard, live: seen } of web) {
        live += seen;
        const log = await readTalk(talk.conversationId, said);
        const shown = log.filter(({ type }) => type !== 'conversationUpdate').map(({ id }) => id);
        const citizen = web.find((one) => one.talk === talk);
        await expect.poll(() => citizen?.heard.length, { timeout: 30_000, interval: 100 }).toBeGreaterThanOrEqual(shown.length);
        expect(heard.map(({ id }) => id)).toEqual(shown);
      }
      // Somebody thinks in one process, and it shows in another.
      expect(live).toBeGreaterThan(0);
      const perChannel = await database.db
        .selectFrom('inbox')
        .select(({ fn }) => ['channel', fn.countAll<string>().as('count')])
        .where('message_id', 'not like', '%:joined')
        .groupBy('channel')
        .execute();
      const counts = new Map(perChannel.map(({ channel, count }) => [channel, Number(count)]));
      expect(counts.get('sms')).toBe(smsTaken);
      expect(counts.get('wechat-oa')).toBeGreaterThanOrEqual(wechatTaken);
      // The same words to the same person for the same message never leave twice.
      const sent = await database.db.selectFrom('outbox').select(['activity_id', 'status']).where('status', '=', 'failed').execute();
      expect(sent).toEqual([]);
      console.log(
        `${servers.length} processes, ${size.kills} killed: ${turns} turns, ${web.reduce((sum, { said }) => sum + said.length, 0)} web messages by ${web.length} people over ${web.reduce((sum, one) => sum + one.connections, 0)} WebSockets, ${wechatTaken} by WeChat, ${smsTaken} by SMS; none lost, none doubled; ${live} live activities`,
      );
      async function readTalk(conversationId: string, said: WebCitizen['said']) {
        return expectWholeTalk(database.db, conversationId, said);
      }
    } catch (error) {
      console.log(servers.map(({ log }) => log().slice(-2000)).join('\n----\n'));
      throw error;
    } finally {
      for (const citizen of web) citizen.close();
      await database.close();
      await Promise.all(servers.map((server) => server.stop()));
      await platform.close();
      for (const carrier of Object.values(carriers)) await carrier.close();
    }
  });
});
