/** Every conversation that waits for a person or has one, as a supervisor sees them. */
import type { LoggedActivity } from '../activity.ts';
import type { Db } from '../store/database.ts';
import { lastWordsOf } from '../store/desk-overview.ts';
import { openHandoffs } from '../store/handoffs.ts';
import { type AnswerClock, answerClock } from './clock.ts';
import { type QueueEntry, queueEntry, withConversations } from './queue.ts';

export interface RunningEntry extends QueueEntry {
  /** Who holds it; null while it waits. */
  readonly agent: string | null;
  readonly offeredTo: string | null;
  readonly claimedAt: number | null;
  /** The last message; null when nothing was said. */
  readonly last: LoggedActivity | null;
  /** null: the citizen has their answer, or nobody has taken it. */
  readonly clock: AnswerClock | null;
}

/** Longest waiting first. */
export async function runningConversations(db: Db): Promise<RunningEntry[]> {
  const entries = await withConversations(db, await openHandoffs(db));
  const words = await lastWordsOf(
    db,
    entries.map(({ handoff }) => handoff.conversationId),
  );
  return entries.map(({ handoff, place }) => {
    const said = words.get(handoff.conversationId);
    const { agent, offeredTo, claimedAt } = handoff;
    const clock = claimedAt === null ? null : answerClock(claimedAt, said?.personAt ?? null, said?.openSince ?? null);
    return { ...queueEntry(handoff, place.channel), agent, offeredTo, claimedAt, last: said?.last ?? null, clock };
  });
}
