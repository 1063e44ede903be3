import { expect, test, vi } from 'vitest';
import { Core } from './core.ts';
import { freshState, stateKey } from './dialogue-state.ts';
import { ConversationLog } from './log.ts';
import { defaultPatterns } from './patterns/schema.ts';
import { fullCapabilities } from './render.ts';
import type { OpenDatabase } from './store/database.ts';
import { acceptMessage, conversationsWithPendingInbox } from './store/inbox.ts';
import { StateStorage } from './store/state.ts';
import { makeConversation, onEachEngine } from './store/testing/engines.ts';
import type { TurnTools } from './turn.ts';

/** What a turn of an event that nobody handles needs; it touches nothing else. */
function toolsOn(database: OpenDatabase, report: TurnTools['report'], process = 'id'): TurnTools {
  let made = 0;
  const tools: Partial<TurnTools> = {
    database,
    log: new ConversationLog({ database, now: Date.now, pushChannels: new Set() }),
    now: Date.now,
    newId: () => `${process}-${++made}`,
    bot: { id: 'wenban', role: 'bot' },
    hotline: '12345',
    capabilitiesOf: () => fullCapabilities,
    revision: () => '1',
    patterns: defaultPatterns,
    mayRemind: async () => false,
    report,
    reportDrain: vi.fn(),
  };
  return tools as TurnTools;
}

/** The database, where something happens right before each of the first `times` tries to commit the turn. */
function beforeCommit(database: OpenDatabase, times: number, happens: () => Promise<unknown>): OpenDatabase {
  // The first transaction takes the message.
  let transactions = 0;
  return {
    ...database,
    transaction: async (work) => {
      transactions++;
      if (transactions > 1 && transactions <= times + 1) await happens();
      return database.transaction(work);
    },
  };
}

onEachEngine('the core', (store) => {
  /** Sends one event while `happens` gets in the way, and waits for the end of its turn. */
  async function turn(times: number, happens: () => Promise<unknown>) {
    const { database, db } = store();
    const report = vi.fn();
    const core = new Core(toolsOn(beforeCommit(database, times, happens), report));
    await core.receive({ conversationId: 'c1', messageId: 'm1', activity: { type: 'event', name: 'hello', from: { id: 'u1' } } });
    await core.settled();
    const [row] = await db.selectFrom('inbox').select(['status', 'attempts']).execute();
    const replies = (await core.log.read('c1', 0)).filter(({ from }) => from.role === 'bot').map(({ text }) => text);
    return { row, replies, report };
  }

  test('a turn that another process overtakes again and again is worked out anew, and gives nobody an apology', async () => {
    const { db } = store();
    await makeConversation(db);
    const overtake = () => new StateStorage(db).write({ [stateKey('web', 'c1')]: { ...freshState(), eTag: '*' } });
    await overtake();
    const { row, replies, report } = await turn(7, overtake);
    expect(row).toEqual({ status: 'done', attempts: 0 });
    expect(replies).toEqual([]);
    expect(report).not.toHaveBeenCalled();
  });

  test('a turn that fails three times for another reason ends in an apology', async () => {
    await makeConversation(store().db);
    const { row, replies, report } = await turn(3, () => Promise.reject(new Error('disk full')));
    expect(row).toEqual({ status: 'failed', attempts: 3 });
    expect(replies).toEqual([expect.stringContaining('12345')]);
    expect(report).toHaveBeenCalledTimes(3);
  });

  test('[R-021] while nothing can be stored a message is neither given up nor lost, others wait, and all are worked off when it works again', async () => {
    const { database, db } = store();
    await makeConversation(db, 'c1');
    await makeConversation(db, 'c2');
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const report = vi.fn();
    const heard: unknown[] = [];
    // The second message's acceptance is one of the four: it can't be stored either.
    const core = new Core(
      toolsOn(
        beforeCommit(database, 4, () => Promise.reject(full)),
        report,
      ),
      (trouble) => heard.push(trouble),
    );
    const say = (conversationId: string) =>
      core.receive({ conversationId, messageId: `m-${conversationId}`, activity: { type: 'event', name: 'hello', from: { id: 'u1' } } });
    await say('c1');
    await core.settled();
    expect(core.storeTrouble).toBe(full);
    await expect(say('c2')).rejects.toBe(full);
    core.watch(20);
    await vi.waitFor(() => expect(core.storeTrouble).toBeUndefined(), { timeout: 10_000 });
    await say('c2');
    await core.settled();
    await core.close();
    const rows = await db.selectFrom('inbox').select(['status', 'attempts']).execute();
    expect(rows).toEqual([
      { status: 'done', attempts: 0 },
      { status: 'done', attempts: 0 },
    ]);
    expect(report).not.toHaveBeenCalled();
    expect(heard).toEqual([full, undefined]);
  });

  test('[R-021] what a process that died left without a turn is taken over by one that lives', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const core = new Core(toolsOn(database, vi.fn()));
    core.watch(20);
    const activity = { type: 'event' as const, name: 'hello', from: { id: 'u1' } };
    await database.transaction((tx) => acceptMessage(tx, { channel: 'web', messageId: 'm1', conversationId: 'c1', activity }, 1000));
    await vi.waitFor(async () => expect(await db.selectFrom('inbox').select('status').execute()).toEqual([{ status: 'done' }]), {
      timeout: 10_000,
    });
    await core.close();
  });

  test('[R-021] a message that was left without a turn has it before the one that has just come', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const core = new Core(toolsOn(database, vi.fn()));
    const activity = { type: 'event' as const, name: 'hello', from: { id: 'u1' } };
    const left = { channel: 'web', conversationId: 'c1', activity };
    for (const messageId of ['m1', 'm2']) await database.transaction((tx) => acceptMessage(tx, { ...left, messageId }, 1000));
    for (const messageId of ['m3', 'm4']) await core.receive({ conversationId: 'c1', messageId, activity });
    await core.settled();
    await core.close();
    const turns = await db.selectFrom('turns').select('inbox_id').orderBy('id').execute();
    expect(turns.map((turn) => turn.inbox_id)).toEqual([0, 1, 2, 3].map((i) => (turns[0]?.inbox_id ?? 0) + i));
    expect(await conversationsWithPendingInbox(db)).toEqual([]);
  });

  test('[R-021] of two processes one works on a conversation, and each message has one turn, in order', async () => {
    const { database, db, another } = store();
    await makeConversation(db);
    const open = [database, await another()];
    for (const { signals } of open) signals?.start();
    await vi.waitFor(() => expect(open.every(({ signals }) => signals?.connected !== false)).toBe(true), { timeout: 10_000 });
    // SQLite belongs to one process.
    const cores = open.slice(0, database.engine === 'sqlite' ? 1 : 2).map((one, i) => new Core(toolsOn(one, vi.fn(), `process-${i}`)));
    for (let i = 0; i < 20; i++) {
      const core = cores[i % cores.length] as Core;
      await core.receive({ conversationId: 'c1', messageId: `m${i}`, activity: { type: 'event', name: `e${i}`, from: { id: 'u1' } } });
    }
    await vi.waitFor(async () => expect(await conversationsWithPendingInbox(db)).toEqual([]), { timeout: 10_000 });
    for (const core of cores) await core.close();
    const turns = await db.selectFrom('turns').select('inbox_id').orderBy('created_at').execute();
    expect(turns.map((turn) => turn.inbox_id)).toEqual(turns.map((_, i) => (turns[0]?.inbox_id ?? 0) + i));
    expect(turns).toHaveLength(20);
  });
});
