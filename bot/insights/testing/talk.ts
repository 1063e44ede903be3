/** One message of a citizen through the inbox, with what the turn made of it; for tests of figures. */
import type { House } from '../../handoff/testing/house.ts';
import type { Outcome } from '../../outcome.ts';
import { recordTurn } from '../../store/turns.ts';

export interface Talked {
  /** Of the conversation, which exists already, and of the turn. */
  readonly id: string;
  readonly text: string;
  readonly outcome: Outcome;
  /** Passages: `item#element`. */
  readonly citations: readonly string[];
  /** When it came in, epoch milliseconds. */
  readonly at: number;
  /** How long the answer took, milliseconds; absent: nobody measured. */
  readonly took?: number;
}

export async function talk(house: House, { id, text, outcome, citations, at, took }: Talked): Promise<void> {
  const { database } = house;
  await house.says(id, text);
  const seq = (await house.logOf(id)).at(-1)?.seq ?? 0;
  const row = await database.db
    .insertInto('inbox')
    .values({
      ...{ channel: 'web', message_id: `${id}-${seq}`, conversation_id: id, activity_id: `${id}|${seq}`, seq, status: 'done' as const },
      ...{ attempts: 1, received_at: at, done_at: took === undefined ? null : at + took },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordTurn(database.db, {
    ...{ id: `turn-${id}-${seq}`, conversationId: id, inboxId: Number(row.id), outcome, reason: null, commands: [] },
    ...{ citations: [...citations], confidence: 1, timings: {}, createdAt: at },
  });
}
