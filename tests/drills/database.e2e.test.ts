/** Drill: the database goes away, and refuses to be written to. Citizens hear the truth and the phone number; nothing is lost; it mends itself. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startPostgres, type TestServer } from '../../bot/store/testing/postgres.ts';
import '../../bot/store/testing/global-setup.ts';
import { ask, call, killAll, post, type RunningServer, read, startServer, startTalk, type Talk } from '../support/process.ts';

describe.skipIf(!inject('postgresUrl') || process.env.DATABASE_URL !== undefined)('PostgreSQL out of order', () => {
  let database: TestServer;
  let dataDir: string;
  let server: RunningServer;
  let talk: Talk;
  beforeAll(async () => {
    // One of our own: it will be stopped.
    const started = await startPostgres({ PATH: process.env.PATH });
    if ('missing' in started) throw new Error(started.missing);
    database = started;
    dataDir = await mkdtemp(join(tmpdir(), 'wenban-drill-'));
    server = await startServer(dataDir, { DATABASE_URL: database.url });
    talk = await startTalk(server.url);
  }, 120_000);
  afterAll(async () => {
    killAll();
    database?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ready = () => call(`${server.url}/readyz`, 'GET');
  /** How often the message stands in the log, and how many replies it has. */
  const counts = async (text: string) => {
    const { activities } = await read(server.url, talk);
    const own = activities.filter((one) => one.text === text && one.from.role === 'user');
    const ids = new Set(own.map(({ id }) => id));
    return [own.length, activities.filter((one) => one.replyToId !== undefined && ids.has(one.replyToId)).length];
  };
  async function expectTruth(text: string, clientId: string): Promise<void> {
    const refused = await post(server.url, talk, text, clientId);
    expect([refused.status, refused.json.error.code]).toEqual([503, 'ServiceUnavailable']);
    expect(refused.json.error.message).toContain('12345');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const told = await ready();
    expect([told.status, told.json.ready]).toEqual([503, false]);
    expect(told.json.problems.join()).toMatch(/^database: ./);
    expect((await call(`${server.url}/healthz`, 'GET')).status).toBe(200);
    expect(server.log()).toContain('"alarm":"store"');
  }

  it('[R-021] stopped and started: 503 with the phone number, the client’s retry counts once, what was acknowledged is answered, no busy waiting', {
    timeout: 90_000,
  }, async () => {
    expect(await ask(server.url, talk, '居住证要多少钱')).toContain('20 元');
    const before = await post(server.url, talk, '身份证丢了怎么补办', 'before');
    expect(before.status).toBe(200);
    database.outage?.begin();
    await expectTruth('社保卡怎么办', 'during');
    const used = await cpuSeconds(server);
    await sleep(3000);
    if (used !== undefined) expect(((await cpuSeconds(server)) ?? 0) - used).toBeLessThan(1.5);
    database.outage?.end();
    await expect.poll(async () => (await ready()).status, { timeout: 30_000, interval: 200 }).toBe(200);
    await expect.poll(async () => (await post(server.url, talk, '社保卡怎么办', 'during')).status, { timeout: 10_000 }).toBe(200);
    await expect.poll(() => counts('社保卡怎么办'), { timeout: 20_000 }).toEqual([1, 1]);
    await expect.poll(() => counts('身份证丢了怎么补办'), { timeout: 20_000 }).toEqual([1, 1]);
    // Other processes are heard again, too.
    await expect
      .poll(async () => (await ready()).json.parts.find(({ name }: { name: string }) => name === 'processes').state, { timeout: 15_000 })
      .toBe('ok');
  });

  it('[R-021] read-only (a standby took over, a quota): the same truth, and it goes on by itself', { timeout: 90_000 }, async () => {
    const setReadOnly = async (value: 'on' | 'off') => {
      const admin = new pg.Client({ connectionString: database.url });
      await admin.connect();
      try {
        await admin.query('set default_transaction_read_only = off');
        await admin.query(`alter role postgres set default_transaction_read_only = ${value}`);
        const { rows } = await admin.query<{ pid: number }>("select pid from pg_stat_activity where application_name like 'wenban%'");
        const pids = rows.map(({ pid }) => pid);
        await admin.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
        // A connection from before may still write until it is gone.
        const left = async () => (await admin.query('select 1 from pg_stat_activity where pid = any($1)', [pids])).rowCount;
        await expect.poll(left, { timeout: 20_000 }).toBe(0);
      } finally {
        await admin.end();
      }
    };
    await setReadOnly('on');
    // What failed with its connection says nothing about writing: the truth is told from the first write that is refused.
    await vi.waitFor(() => expectTruth('护照怎么办', 'read-only'), { timeout: 20_000, interval: 200 });
    await sleep(2500);
    expect((await ready()).status).toBe(503);
    await setReadOnly('off');
    await expect.poll(async () => (await post(server.url, talk, '护照怎么办', 'read-only')).status, { timeout: 20_000 }).toBe(200);
    await expect.poll(() => counts('护照怎么办'), { timeout: 20_000 }).toEqual([1, 1]);
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
  });
});

/** Of the process so far, where the system tells it. Source: proc(5), /proc/pid/stat, fields 14 and 15 in ticks of 10 ms. */
async function cpuSeconds({ process: { pid } }: RunningServer): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) / 100;
}
