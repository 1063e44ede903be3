/** Quality inspection of what staff wrote: forbidden phrases, missing courtesy, slow answers; every conversation, each flag with its message. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { Period } from './facts.ts';

/** 服务忌语 and courtesy words; a pack may bring its own. */
export const qualityWordsSchema = z.strictObject({
  forbidden: z.array(z.string().min(2)).default([]),
  attitude: z.array(z.string().min(2)).default([]),
  greeting: z.array(z.string().min(1)).default([]),
});
export type QualityWords = z.infer<typeof qualityWordsSchema>;

export interface Flag {
  readonly kind: 'forbidden_phrase' | 'attitude' | 'no_greeting' | 'slow_first_answer';
  readonly conversationId: string;
  readonly agent: string;
  /** Place of the message in its conversation. */
  readonly seq: number;
  /** The words that gave rise to it. */
  readonly words: string;
  readonly at: number;
}

/** What a hotline calls too slow for the first words after taking a conversation, milliseconds. */
const slowAfter = 60_000;

/** Every flag of the period, oldest first. `staff` are messages by people; the bot's own words are checked elsewhere. */
export async function inspect(db: Db, { from, to }: Period, words: QualityWords): Promise<Flag[]> {
  const handoffs = await db
    .selectFrom('handoffs')
    .select(['conversation_id', 'agent', 'claimed_at', 'closed_at'])
    .where('claimed_at', '>=', from)
    .where('claimed_at', '<', to)
    .orderBy('claimed_at')
    .execute();
  const flags: Flag[] = [];
  for (const handoff of handoffs) {
    const { conversation_id: conversationId, agent } = handoff;
    if (agent === null || handoff.claimed_at === null) continue;
    const said = await messagesOf(
      db,
      conversationId,
      Number(handoff.claimed_at),
      handoff.closed_at === null ? to : Number(handoff.closed_at),
    );
    flags.push(...flagsOf(said, Number(handoff.claimed_at), words).map((flag) => ({ ...flag, conversationId, agent })));
  }
  return flags;
}

export interface Said {
  readonly seq: number;
  readonly text: string;
  readonly at: number;
}

/** The flags of one person's messages in one conversation. */
export function flagsOf(said: readonly Said[], claimedAt: number, words: QualityWords): Omit<Flag, 'conversationId' | 'agent'>[] {
  const flags: Omit<Flag, 'conversationId' | 'agent'>[] = [];
  for (const { seq, text, at } of said) {
    for (const phrase of words.forbidden) if (text.includes(phrase)) flags.push({ kind: 'forbidden_phrase', seq, words: phrase, at });
    for (const phrase of words.attitude) if (text.includes(phrase)) flags.push({ kind: 'attitude', seq, words: phrase, at });
  }
  const [first] = said;
  if (!first) return flags;
  if (words.greeting.length > 0 && !words.greeting.some((word) => first.text.includes(word)))
    flags.push({ kind: 'no_greeting', seq: first.seq, words: first.text.slice(0, 20), at: first.at });
  if (first.at - claimedAt > slowAfter)
    flags.push({ kind: 'slow_first_answer', seq: first.seq, words: `${Math.round((first.at - claimedAt) / 1000)} 秒`, at: first.at });
  return flags;
}

async function messagesOf(db: Db, conversationId: string, from: number, to: number): Promise<Said[]> {
  const rows = await db
    .selectFrom('activities')
    .select(['seq', 'body_json', 'created_at'])
    .where('conversation_id', '=', conversationId)
    .where('created_at', '>=', from)
    .where('created_at', '<=', to)
    .where('type', '=', 'message')
    .orderBy('seq')
    .execute();
  return rows.flatMap((row): Said[] => {
    const activity = JSON.parse(row.body_json) as { text?: string; channelData?: { origin?: string } };
    if (activity.channelData?.origin !== 'human' || !activity.text) return [];
    return [{ seq: Number(row.seq), text: activity.text, at: Number(row.created_at) }];
  });
}
