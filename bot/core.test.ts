import { expect, test, vi } from 'vitest';
import { Core } from './core.ts';
import { freshState, stateKey } from './dialogue-state.ts';
import { ConversationLog } from './log.ts';
import { defaultPatterns } from './patterns/schema.ts';
import { fullCapabilities } from './render.ts';
import type { OpenDatabase } from './store/database.ts';
import { StateStorage } from './store/state.ts';
import { makeConversation, onEachEngine } from './store/testing/engines.ts';
import type { TurnTools } from './turn.ts';

/** What a turn of an event that nobody handles needs; it touches nothing else. */
function toolsOn(database: OpenDatabase, report: TurnTools['report']): TurnTools {
  let made = 0;
  const tools: Partial<TurnTools> = {
    database,
    log: new ConversationLog({ database, now: Date.now, pushChannels: new Set() }),
    now: Date.now,
    newId: () => `id-${++made}`,
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
});
