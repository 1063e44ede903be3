import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ConversationLog } from './log.ts';
import { OutboxSender, type OutboxSenderOptions } from './outbox-sender.ts';
import { findConversation } from './store/conversations.ts';
import type { OpenDatabase } from './store/database.ts';
import { claimOutbox, dueOutbox } from './store/outbox.ts';
import { makeConversation, onEachEngine } from './store/testing/engines.ts';

const channel = 'web';
const from = { id: 'wenban', role: 'bot' as const };

const logOn = (database: OpenDatabase) => new ConversationLog({ database, now: Date.now, pushChannels: new Set([channel]) });

/** A process of its own: sends what stands in the outbox of `database` into `heard`. */
function sender(database: OpenDatabase, heard: string[], options: Partial<OutboxSenderOptions> & { slowMs?: number } = {}): OutboxSender {
  const deliver = async ({ text = '' }: { text?: string }) => {
    await delay(options.slowMs ?? 2);
    heard.push(text);
  };
  const onError = vi.fn();
  return new OutboxSender({
    database,
    log: logOn(database),
    now: Date.now,
    channels: new Map([[channel, deliver]]),
    onError,
    everyMs: 10,
    ...options,
  });
}

/** Queues texts for the conversation. */
async function say(database: OpenDatabase, conversationId: string, texts: readonly string[]): Promise<void> {
  await database.transaction(async (tx) => {
    const conversation = await findConversation(tx, conversationId);
    if (!conversation) throw new Error('no conversation');
    await logOn(database).append(
      tx,
      conversation,
      texts.map((text) => ({ type: 'message', from, text })),
    );
  });
}

onEachEngine('the outbox of two processes', (store) => {
  test('each activity goes out once and in order, whoever sends it', async () => {
    const { database, db, another } = store();
    const heard: string[] = [];
    const ids = Array.from({ length: 6 }, (_, i) => `c${i}`);
    const expected = ids.flatMap((id) => Array.from({ length: 8 }, (_, i) => `${id} ${i}`));
    for (const id of ids) {
      await makeConversation(db, id);
      await say(
        database,
        id,
        expected.filter((text) => text.startsWith(id)),
      );
    }
    const senders = [sender(database, heard), sender(await another(), heard)];
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(expected.length), { timeout: 10_000 });
    for (const one of senders) await one.close();
    expect([...heard].sort()).toEqual([...expected].sort());
    for (const id of ids) expect(heard.filter((text) => text.startsWith(id))).toEqual(expected.filter((text) => text.startsWith(id)));
  });

  test('a delivery that takes longer than the lease is not sent by the other; one of a process that died is', async () => {
    const { database, db, another } = store();
    const heard: string[] = [];
    await makeConversation(db);
    await say(database, 'c1', ['慢慢发', '没发完']);
    const slow = sender(database, heard, { leaseMs: 500, slowMs: 1500 });
    await vi.waitFor(async () => expect(await dueOutbox(db, Date.now(), 1)).toEqual([]), { timeout: 10_000 });
    const other = sender(await another(), heard, { leaseMs: 500 });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1), { timeout: 10_000 });
    await slow.close();
    await other.close();
    expect(heard).toEqual(['慢慢发', '没发完']);

    await say(database, 'c1', ['发的人没了']);
    const [row] = await dueOutbox(db, Date.now(), 1);
    const now = Date.now();
    expect(await claimOutbox(db, row?.id ?? 0, { now, until: now + 200 })).toBe(true);
    const heir = sender(database, heard);
    await vi.waitFor(() => expect(heard.at(-1)).toBe('发的人没了'), { timeout: 10_000 });
    await heir.close();
    expect(heard).toHaveLength(3);
  });

  test('a store that fails is reported, not fatal, and the row goes out when it works again', async () => {
    const { database, db } = store();
    const heard: string[] = [];
    await makeConversation(db);
    let broken = true;
    const shaky = new Proxy(database, {
      get: (target, key) => {
        if (key === 'db' && broken) throw new Error('no connection');
        return Reflect.get(target, key);
      },
    });
    const onError = vi.fn();
    const one = sender(shaky, heard, { onError, log: logOn(database) });
    await say(database, 'c1', ['稍后']);
    await vi.waitFor(() => expect(onError).toHaveBeenCalled(), { timeout: 10_000 });
    broken = false;
    await vi.waitFor(() => expect(heard).toEqual(['稍后']), { timeout: 10_000 });
    await one.close();
    expect(onError.mock.calls.every(([error, row]) => (error as Error).message === 'no connection' && row === undefined)).toBe(true);
  });
});
