/** What happened in a period, conversation by conversation: all figures are counted from this and nothing else. */
import type { Outcome } from '../outcome.ts';
import type { Db } from '../store/database.ts';

export interface TurnFact {
  readonly id: string;
  readonly conversationId: string;
  readonly inboxId: number;
  readonly outcome: Outcome;
  /** Ids of the knowledge items cited. */
  readonly itemIds: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface HandoffFact {
  readonly reason: string;
  readonly skill: string;
  readonly status: 'waiting' | 'active' | 'released' | 'closed';
  readonly waitingSince: number;
  readonly claimedAt: number | null;
}

export interface ConversationFacts {
  readonly id: string;
  readonly channel: string;
  /** Time of its first turn in the period. */
  readonly startedAt: number;
  readonly turns: readonly TurnFact[];
  readonly handoffs: readonly HandoffFact[];
  /** 1–5; null while nobody rated. */
  readonly score: number | null;
}

export interface Period {
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly channel?: string | undefined;
}

/** More turns than this are not read into memory at once. */
export const MOST_TURNS = 300_000;

/** Not a message of a citizen: opening, rating, what the bot leaves to the agent. */
const silent: readonly Outcome[] = ['greeted', 'rated', 'ignored'];

/** Conversations with at least one message of the citizen in the period; 'too_many' when the period holds more turns than can be looked at. */
export async function readFacts(db: Db, { from, to, channel }: Period): Promise<readonly ConversationFacts[] | 'too_many'> {
  const rows = await db
    .selectFrom('turns')
    .innerJoin('conversations', 'conversations.id', 'turns.conversation_id')
    .select([
      'turns.id',
      'turns.conversation_id',
      'turns.inbox_id',
      'turns.outcome',
      'turns.citations_json',
      'turns.created_at',
      'conversations.channel',
    ])
    .where('turns.created_at', '>=', from)
    .where('turns.created_at', '<', to)
    .where('turns.outcome', 'not in', silent)
    .$if(channel !== undefined, (query) => query.where('conversations.channel', '=', channel as string))
    .orderBy('turns.created_at')
    .orderBy('turns.inbox_id')
    .limit(MOST_TURNS + 1)
    .execute();
  if (rows.length > MOST_TURNS) return 'too_many';
  const handoffs = await readHandoffs(db, from);
  const scores = await readScores(db, from);
  const found = new Map<string, { channel: string; turns: TurnFact[] }>();
  for (const row of rows) {
    const conversation = found.get(row.conversation_id) ?? { channel: row.channel, turns: [] };
    found.set(row.conversation_id, conversation);
    conversation.turns.push({
      id: row.id,
      conversationId: row.conversation_id,
      inboxId: Number(row.inbox_id),
      outcome: row.outcome as Outcome,
      itemIds: itemsOf(row.citations_json),
      at: Number(row.created_at),
    });
  }
  return [...found].map(([id, { channel: name, turns }]) => ({
    id,
    channel: name,
    startedAt: turns[0]?.at ?? from,
    turns,
    handoffs: handoffs.get(id) ?? [],
    score: scores.get(id) ?? null,
  }));
}

async function readHandoffs(db: Db, from: number): Promise<Map<string, HandoffFact[]>> {
  const rows = await db
    .selectFrom('handoffs')
    .select(['conversation_id', 'reason', 'skill', 'status', 'waiting_since', 'claimed_at'])
    .where('waiting_since', '>=', from)
    .orderBy('waiting_since')
    .execute();
  const found = new Map<string, HandoffFact[]>();
  for (const row of rows) {
    const fact = {
      reason: row.reason,
      skill: row.skill,
      status: row.status,
      waitingSince: Number(row.waiting_since),
      claimedAt: row.claimed_at === null ? null : Number(row.claimed_at),
    };
    found.set(row.conversation_id, [...(found.get(row.conversation_id) ?? []), fact]);
  }
  return found;
}

async function readScores(db: Db, from: number): Promise<Map<string, number>> {
  const rows = await db.selectFrom('ratings').select(['conversation_id', 'score']).where('created_at', '>=', from).execute();
  return new Map(rows.map((row) => [row.conversation_id, row.score]));
}

/** The items a turn cites, in its order; passage ids are `item#element`. */
export function itemsOf(json: string): string[] {
  const ids = JSON.parse(json) as string[];
  return [...new Set(ids.map((id) => id.split('#')[0] ?? id))];
}
