import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { FanOut } from './fan-out.ts';
import { ConversationLog, type LiveEvent } from './log.ts';
import { type OpenDatabase, openDatabase } from './store/database.ts';
import { makeConversation } from './store/testing/engines.ts';
import { type ThrowAway, throwAwayPostgres } from './store/testing/throw-away.ts';

const everyMs = 100;

/** One of several processes: a database handle, a log and a desk of its own. */
function processOn(database: OpenDatabase, id: string) {
  const log = new ConversationLog({ database, now: Date.now, pushChannels: new Set() });
  const listeners = new Set<(elsewhere: boolean) => void>();
  const hearElsewhere = vi.fn();
  const onWorkLeft = vi.fn();
  const fanOut = new FanOut({
    signals: database.signals as NonNullable<OpenDatabase['signals']>,
    db: database.db,
    log,
    desk: {
      hearElsewhere,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onNews: () => () => undefined,
    },
    id,
    onWorkLeft,
    onError: () => undefined,
    everyMs,
  });
  const append = async (conversationId: string, text: string, announced = true) => {
    const logged = await database.transaction((tx) =>
      log.append(tx, { id: conversationId, channel: 'web' }, [{ type: 'message', from: { id: 'u' }, text }]),
    );
    const seq = logged.at(-1)?.seq ?? 0;
    if (announced) log.announce(conversationId, seq);
    return seq;
  };
  return { database, log, fanOut, append, hearElsewhere, onWorkLeft, queueMoved: () => [...listeners].map((hear) => hear(false)) };
}

describe.skipIf(!inject('postgresUrl'))('several processes on one PostgreSQL', () => {
  let place: ThrowAway;
  let processes: ReturnType<typeof processOn>[];
  beforeEach(async () => {
    place = await throwAwayPostgres(inject('postgresUrl'));
    processes = [];
    for (const id of ['a', 'b', 'c']) processes.push(processOn(await openDatabase(place.config), id));
    const [{ database }] = processes as [ReturnType<typeof processOn>];
    await makeConversation(database.db, 'c1');
    await makeConversation(database.db, 'c2');
    for (const { fanOut } of processes) fanOut.start();
    await expect.poll(() => processes.map(({ fanOut }) => fanOut.others)).toEqual([2, 2, 2]);
  });
  afterEach(async () => {
    for (const { fanOut, database } of processes) {
      await fanOut.close();
      await database.close();
    }
    await place.remove();
  });
  const all = () => processes as [(typeof processes)[0], (typeof processes)[0], (typeof processes)[0]];

  const heardOn = (log: ConversationLog, conversationId: string) => {
    const events: LiveEvent[] = [];
    return { events, stop: log.follow(conversationId, (event) => events.push(event)) };
  };

  test('[R-021] what one process appends or shows live is heard in the others, in order, and only where somebody follows', async () => {
    const [a, b, c] = all();
    const heard = heardOn(a.log, 'c1');
    await expect.poll(() => b.log.hasFollowers('c1')).toBe(true);
    expect(b.log.hasFollowers('c2')).toBe(false);
    await b.append('c1', '您好');
    b.log.transient('c1', { type: 'typing', from: { id: 'wenban', role: 'bot' }, text: '正在', channelData: { streamId: 's' } });
    await c.append('c2', '别处');
    const typing = { kind: 'transient', activity: expect.objectContaining({ type: 'typing', text: '正在' }) };
    await expect.poll(() => heard.events).toContainEqual(typing);
    // A look at the log may say once more how far it has grown.
    expect(heard.events).toContainEqual({ kind: 'appended', seq: 1 });
    expect(heard.events.filter(({ kind }) => kind === 'transient')).toEqual([typing]);
    heard.stop();
    await expect.poll(() => b.log.hasFollowers('c1')).toBe(false);
  });

  test('a process hears neither its own news twice nor sends what it heard on', async () => {
    const [a, b] = all();
    const heard = heardOn(a.log, 'c1');
    const there = heardOn(b.log, 'c1');
    await a.append('c1', '您好');
    await expect.poll(() => there.events.length).toBeGreaterThan(0);
    // Time for many more, if processes answered each other.
    await sleep(3 * everyMs);
    // Each: what happened, and at most one look at the log that finds it grown.
    for (const { events } of [heard, there]) {
      expect(events.length).toBeLessThanOrEqual(2);
      expect(events.every((event) => event.kind === 'appended' && event.seq === 1)).toBe(true);
    }
  });

  test('whoever was cut off (pg_terminate_backend) hears of everything that happened meanwhile', async () => {
    const [a, b] = all();
    const heard = heardOn(a.log, 'c1');
    await expect.poll(() => b.log.hasFollowers('c1')).toBe(true);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'wenban-signals'`.execute(
      b.database.db,
    );
    await expect.poll(() => processes.some(({ database }) => database.signals?.connected)).toBe(false);
    for (let i = 0; i < 20; i++) await b.append('c1', `${i}`);
    await expect
      .poll(() => Math.max(0, ...heard.events.map((event) => (event.kind === 'appended' ? event.seq : 0))), { timeout: 10_000 })
      .toBe(20);
    // And live again, both ways.
    await expect.poll(() => processes.map(({ fanOut }) => fanOut.others), { timeout: 10_000 }).toEqual([2, 2, 2]);
    await expect.poll(() => b.log.hasFollowers('c1')).toBe(true);
    await b.append('c1', 'again');
    await expect.poll(() => heard.events.some((event) => event.kind === 'appended' && event.seq === 21)).toBe(true);
  });

  test('what a process committed and died before telling is found by the next look', async () => {
    const [a, b] = all();
    const heard = heardOn(a.log, 'c1');
    await b.append('c1', 'told to nobody', false);
    await expect.poll(() => heard.events).toContainEqual({ kind: 'appended', seq: 1 });
  });

  test('a queue that moved is told to the desks of the others; a process that goes says so and is forgotten', async () => {
    const [a, b, c] = all();
    b.hearElsewhere.mockClear();
    a.queueMoved();
    await expect.poll(() => b.hearElsewhere.mock.calls.length).toBe(1);
    const heard = heardOn(c.log, 'c1');
    await expect.poll(() => a.log.hasFollowers('c1')).toBe(true);
    await c.fanOut.close();
    await c.database.signals?.close();
    await expect.poll(() => a.onWorkLeft.mock.calls.length).toBe(1);
    await expect.poll(() => a.log.hasFollowers('c1')).toBe(false);
    heard.stop();
  });

  test('of any number of processes one gets a lock, and another when that one is gone', async () => {
    const [a, b] = all();
    const results = await Promise.all(processes.map(({ database }) => database.signals?.tryLock('x')));
    expect(results.toSorted()).toEqual(['elsewhere', 'elsewhere', 'taken']);
    const holder = processes[results.indexOf('taken')];
    const other = holder === a ? b : a;
    expect(await other.database.signals?.tryLock('x')).toBe('elsewhere');
    await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`.execute(other.database.db);
    await expect.poll(async () => other.database.signals?.tryLock('x')).toBe('taken');
    await other.database.signals?.unlock('x');
  });

  test('a thousand conversations that grow at once reach a follower of all, in far fewer notifications', async () => {
    const [a, b] = all();
    const ids = Array.from({ length: 1000 }, (_, i) => `many-${i}`);
    await a.database.transaction(async (tx) => {
      for (const id of ids) await makeConversation(tx, id);
    });
    const reached = new Set<string>();
    for (const id of ids) a.log.follow(id, () => reached.add(id));
    let payloads = 0;
    a.database.signals?.listen({ heard: () => void payloads++, connected: () => undefined });
    for (const id of ids) for (let seq = 1; seq <= 10; seq++) b.log.announce(id, seq);
    await expect.poll(() => reached.size).toBe(1000);
    expect(payloads).toBeLessThan(100);
  });
});
