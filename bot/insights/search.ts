/** What citizens said, found by meaning: for quality inspection and for whoever looks for a pattern. */
import type { Db } from '../store/database.ts';
import { likeness } from '../work-orders/duplicates.ts';
import type { Period } from './facts.ts';
import { textsOf } from './gaps.ts';

export interface Utterance {
  readonly conversationId: string;
  /** Masked. */
  readonly text: string;
  readonly channel: string;
  readonly outcome: string;
  readonly at: number;
  /** 0 to 1. */
  readonly score: number;
}

export interface SearchOptions {
  readonly words: string;
  /** Only turns with this outcome. */
  readonly outcome?: string | undefined;
  /** A text as a vector of length 1. */
  readonly meaning: (text: string) => ArrayLike<number>;
  readonly limit: number;
}

/** The newest are searched: more would keep the server from answering citizens. */
const mostSearched = 5000;
/** Below this a find has nothing to do with the words. */
const leastScore = 0.35;
/** Meaning counts more, words settle what means nearly the same. */
const byMeaning = 0.7;

/** The messages of a period nearest to the words, best first; each wording of a conversation once. */
export async function searchTranscripts(db: Db, { from, to, channel }: Period, options: SearchOptions): Promise<Utterance[]> {
  const { words, outcome, meaning, limit } = options;
  let query = db
    .selectFrom('turns')
    .innerJoin('conversations', 'conversations.id', 'turns.conversation_id')
    .select(['turns.inbox_id', 'turns.conversation_id', 'turns.outcome', 'turns.created_at', 'conversations.channel'])
    .where('turns.created_at', '>=', from)
    .where('turns.created_at', '<', to);
  if (channel !== undefined) query = query.where('conversations.channel', '=', channel);
  if (outcome !== undefined) query = query.where('turns.outcome', '=', outcome);
  const rows = await query.orderBy('turns.created_at', 'desc').limit(mostSearched).execute();
  const texts = await textsOf(
    db,
    rows.map((row) => Number(row.inbox_id)),
  );
  const wanted = meaning(words);
  const scores = new Map<string, number>();
  for (const text of new Set(texts.values()))
    scores.set(text, byMeaning * Math.max(0, cosine(wanted, meaning(text))) + (1 - byMeaning) * likeness(words, text));
  return rows
    .flatMap((row): Utterance[] => {
      const text = texts.get(Number(row.inbox_id));
      const score = text === undefined ? 0 : (scores.get(text) ?? 0);
      if (text === undefined || score < leastScore) return [];
      return [{ conversationId: row.conversation_id, text, channel: row.channel, outcome: row.outcome, at: Number(row.created_at), score }];
    })
    .toSorted((a, b) => b.score - a.score || b.at - a.at)
    .slice(0, limit);
}

/** Of two vectors of length 1. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
