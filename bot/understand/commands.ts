/** What understanding returns: a closed set of dialogue commands. Both recognisers produce it; the model proposes, the engine acts. */
import { z } from 'zod';
import { MAX_TEXT_LENGTH } from '../activity.ts';

const id = z.string().min(1).max(120);
/** Whatever a citizen may send must fit: what is too long for a question or a slot is said so, not thrown at. */
const words = z.string().max(MAX_TEXT_LENGTH);

export const commandSchema = z.discriminatedUnion('type', [
  /** Begin a guided flow, with values the citizen has already given (raw text by slot). */
  z.strictObject({ type: z.literal('start_flow'), flow: id, slots: z.record(id, words).default({}) }),
  z.strictObject({ type: z.literal('set_slot'), slot: id, value: words }),
  z.strictObject({ type: z.literal('correct_slot'), slot: id, value: words }),
  z.strictObject({ type: z.literal('cancel_flow') }),
  z.strictObject({ type: z.literal('skip') }),
  z.strictObject({ type: z.literal('repeat') }),
  /** What was it you asked? */
  z.strictObject({ type: z.literal('recall_question') }),
  /** Take up the flow that was left, or begin it anew. */
  z.strictObject({ type: z.literal('resume_flow') }),
  z.strictObject({ type: z.literal('restart_flow') }),
  /** No more messages of the bot's own accord. */
  z.strictObject({ type: z.literal('stop_messages') }),
  /** None of the readings that were offered. */
  z.strictObject({ type: z.literal('none_of_these') }),
  /** Answer from knowledge; `query` is the question made complete, `itemId` set when the citizen chose one item. */
  z.strictObject({ type: z.literal('answer'), query: words, itemId: id.optional() }),
  /** The errands that a material, department, kind of applicant or theme links, from the `from`-th on. */
  z.strictObject({ type: z.literal('list_items'), by: z.enum(['material', 'any']), words, from: z.int().min(0).default(0) }),
  /** Offer at most three readings to choose from. */
  z.strictObject({
    type: z.literal('clarify'),
    options: z.array(z.strictObject({ title: z.string().max(100), value: z.string().max(200) })).max(3),
  }),
  z.strictObject({ type: z.literal('hand_over'), reason: z.enum(['asked', 'angry', 'not_understood', 'flow', 'expert']) }),
  z.strictObject({ type: z.literal('rate'), score: z.int().min(1).max(5).optional() }),
  z.strictObject({
    type: z.literal('small_talk'),
    topic: z.enum(['greeting', 'thanks', 'goodbye', 'identity', 'scope', 'praise', 'complaint_about_bot']),
  }),
  /** Not a government service matter: poems, weather, code. */
  z.strictObject({ type: z.literal('out_of_scope') }),
  z.strictObject({ type: z.literal('cannot_handle') }),
]);
export type Command = z.infer<typeof commandSchema>;
