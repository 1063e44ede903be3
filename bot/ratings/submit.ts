/** Taking a citizen's rating: checked, stored once per conversation, never changed afterwards. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import { saveRating } from '../store/ratings.ts';

const noNul = (value: string): boolean => !value.includes('\u0000');

/** The `value` of a `rating.submit` event. */
export const ratingValueSchema = z.object({
  score: z.int('请选择一到五颗星').min(1, '请选择一到五颗星').max(5, '请选择一到五颗星'),
  tags: z
    .array(z.string().trim().min(1, '原因不能为空').max(20, '每个原因不超过 20 个字').refine(noNul, '原因里有不能识别的字符'))
    .max(9, '最多选择 9 个原因')
    .transform((tags) => [...new Set(tags)])
    .default([]),
  comment: z.string().trim().max(500, '评价内容不超过 500 个字').refine(noNul, '评价内容里有不能识别的字符').nullish(),
});

export interface RatingInput {
  readonly conversationId: string;
  readonly channel: string;
  /** Whatever the citizen's client sent as the event's value. */
  readonly value: unknown;
  readonly now: number;
}
export type RatingOutcome = 'saved' | 'already_rated' | { readonly invalid: string };

/**
 * Stores the one rating of a conversation inside `tx`.
 * Returns `already_rated` when one exists (it stays as it was), `{ invalid }` with a sentence for the citizen when the value is malformed.
 */
export async function submitRating(tx: Db, input: RatingInput): Promise<RatingOutcome> {
  const parsed = ratingValueSchema.safeParse(input.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    // zod's own words are English: only our Chinese ones may reach a citizen
    const message = issue !== undefined && /\p{Script=Han}/u.test(issue.message) ? issue.message : '评价格式不正确，请重新选择后提交';
    return { invalid: message };
  }
  const { score, tags, comment } = parsed.data;
  const saved = await saveRating(tx, {
    conversationId: input.conversationId,
    score,
    tags,
    comment: comment ? comment : null,
    channel: input.channel,
    createdAt: input.now,
  });
  return saved ? 'saved' : 'already_rated';
}
