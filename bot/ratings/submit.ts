/** Taking a citizen's rating: checked, stored once per conversation, changeable for a day, and refusable. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import { changeRating, refuseRating, replaceFacets, saveRating } from '../store/ratings.ts';
import { tellOfRating } from '../webhooks/events.ts';
import { facetsNow } from './facets.ts';

const noNul = (value: string): boolean => !value.includes('\u0000');

/** A rating may be changed this long after it was given. */
export const CHANGEABLE_MS = 24 * 3_600_000;

/** The `value` of a `rating.submit` event of somebody who would rather not rate. */
const refusalSchema = z.object({ declined: z.literal(true) });

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
export type RatingOutcome = 'saved' | 'changed' | 'declined' | 'already_rated' | { readonly invalid: string };

/**
 * Stores the one rating of a conversation inside `tx`, or changes it while it is younger than a day.
 * Returns `already_rated` when it is older (it stays as it was), `declined` when the citizen does not want to rate, `{ invalid }` with a
 * sentence for the citizen when the value is malformed.
 */
export async function submitRating(tx: Db, input: RatingInput): Promise<RatingOutcome> {
  const { conversationId, channel, value, now } = input;
  if (refusalSchema.safeParse(value).success) {
    await refuseRating(tx, conversationId, now);
    return 'declined';
  }
  const parsed = ratingValueSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    // zod's own words are English: only our Chinese ones may reach a citizen
    const message = issue !== undefined && /\p{Script=Han}/u.test(issue.message) ? issue.message : '评价格式不正确，请重新选择后提交';
    return { invalid: message };
  }
  const { score, tags } = parsed.data;
  const rating = { score, tags, comment: parsed.data.comment ? parsed.data.comment : null };
  const saved = await saveRating(tx, { conversationId, channel, createdAt: now, ...rating });
  const changed = !saved && (await changeRating(tx, conversationId, rating, { since: now - CHANGEABLE_MS, now }));
  if (!saved && !changed) return 'already_rated';
  const facets = await facetsNow(tx, conversationId);
  await replaceFacets(tx, conversationId, facets);
  await tellOfRating(tx, { conversationId, channel, ...rating, at: now, changed }, facets);
  return saved ? 'saved' : 'changed';
}
