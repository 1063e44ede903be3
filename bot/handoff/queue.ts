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
  /** Who took it first (首问负责), and who passes it on and stays responsible meanwhile. */
  readonly firstOwner: string | null;
  readonly passedBy: string | null;
  /** Since when it is being passed on, epoch milliseconds. */
  readonly passedAt: number | null;
}

/** A conversation an agent holds, or one that is offered to them. */
export interface ActiveEntry extends QueueEntry {
  readonly claimedAt: number;
  readonly lastSeq: number;
  readonly agent: string;
  /** The colleague it is offered to, who has not accepted yet. */
  readonly offeredTo: string | null;
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
  const { conversationId, reason, skill, urgency, summary, waitingSince, note, language, firstOwner, passedBy, passedAt } = handoff;
  return { conversationId, channel, reason, skill, urgency, summary, waitingSince, note, language, firstOwner, passedBy, passedAt };
}

/** A handoff somebody holds, as the desk lists it. */
export function activeEntry(handoff: Handoff, { channel, lastSeq }: Place): ActiveEntry {
  const { claimedAt, waitingSince, agent, offeredTo } = handoff;
  return { ...queueEntry(handoff, channel), claimedAt: claimedAt ?? waitingSince, lastSeq, agent: agent ?? '', offeredTo };
}

/** Every open handoff's conversation and whose it is, or may be by accepting; empty while it waits. */
export async function openConversations(db: Db): Promise<Map<string, readonly string[]>> {
  const rows = await db
    .selectFrom('handoffs')
    .select(['conversation_id', 'agent', 'offered_to'])
    .where('status', 'in', ['waiting', 'active'])
    .execute();
  return new Map(rows.map((row) => [row.conversation_id, [row.agent, row.offered_to].filter((one) => one !== null)]));
}
