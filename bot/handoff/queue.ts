/** Handoffs as the desk lists them. */
import type { Db } from '../store/database.ts';
import type { Handoff } from '../store/handoffs.ts';

/** One conversation in the queue or at an agent. */
export interface QueueEntry {
  readonly conversationId: string;
  readonly channel: string;
  readonly reason: string;
  readonly skill: string;
  readonly urgency: Handoff['urgency'];
  readonly summary: string;
  /** Epoch milliseconds. */
  readonly waitingSince: number;
  /** What the colleague wrote who passed it on. */
  readonly note: string | null;
  /** BCP 47 primary tag of the language the citizen speaks. */
  readonly language: string;
}

/** A conversation an agent holds. */
export interface ActiveEntry extends QueueEntry {
  readonly claimedAt: number;
  readonly lastSeq: number;
}

interface Place {
  readonly channel: string;
  readonly lastSeq: number;
}

/** The same handoffs, in the same order, with their conversation's channel and length. */
export async function withConversations(db: Db, handoffs: readonly Handoff[]): Promise<{ handoff: Handoff; place: Place }[]> {
  if (handoffs.length === 0) return [];
  const ids = handoffs.map((handoff) => handoff.conversationId);
  const rows = await db.selectFrom('conversations').select(['id', 'channel', 'last_seq']).where('id', 'in', ids).execute();
  const places = new Map(rows.map((row) => [row.id, { channel: row.channel, lastSeq: row.last_seq }]));
  return handoffs.flatMap((handoff) => {
    const place = places.get(handoff.conversationId);
    return place === undefined ? [] : [{ handoff, place }];
  });
}

/** A handoff with its channel as a queue entry. */
export function queueEntry(handoff: Handoff, channel: string): QueueEntry {
  const { conversationId, reason, skill, urgency, summary, waitingSince, note, language } = handoff;
  return { conversationId, channel, reason, skill, urgency, summary, waitingSince, note, language };
}

/** Whether a person has ever been asked for in this conversation: only then may staff read it. */
export async function wasHandedOver(db: Db, conversationId: string): Promise<boolean> {
  const row = await db.selectFrom('handoffs').select('id').where('conversation_id', '=', conversationId).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Every open handoff's conversation and who holds it; null while it waits. */
export async function openConversations(db: Db): Promise<Map<string, string | null>> {
  const rows = await db.selectFrom('handoffs').select(['conversation_id', 'agent']).where('status', 'in', ['waiting', 'active']).execute();
  return new Map(rows.map((row) => [row.conversation_id, row.agent]));
}
