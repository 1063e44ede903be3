/** What the bot remembers of a conversation between turns; stored through botbuilder's Storage with an eTag. */
import { z } from 'zod';

const flowStateSchema = z.object({
  flow: z.string(),
  version: z.number(),
  step: z.number(),
  slots: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  asking: z.string().nullable(),
  attempts: z.number(),
  startedAt: z.number(),
});

export const dialogueStateSchema = z.object({
  flow: flowStateSchema.nullable().default(null),
  /** What the last reply offered, so that a number or its words choose it. */
  options: z.array(z.object({ title: z.string(), value: z.string(), itemId: z.string().optional() })).default([]),
  /** A list that was shown in part, and where it goes on: 还有哪些. */
  list: z
    .object({ by: z.enum(['material', 'any']), words: z.string(), next: z.int() })
    .nullable()
    .default(null),
  lastItemId: z.string().nullable().default(null),
  lastScenarioIds: z.array(z.string()).default([]),
  /** The question answered last, complete: follow-ups are understood from it. */
  lastQuestion: z.string().nullable().default(null),
  /** Turns in a row that were not understood. */
  misses: z.number().default(0),
  ratingAsked: z.boolean().default(false),
  /** A flow that was left before its end, and when (epoch milliseconds): 继续 takes it up again. */
  paused: z.object({ flow: flowStateSchema, at: z.number() }).nullable().default(null),
  /** The flow that was gone through last, with the guides it told of: it can go on at a window. */
  ended: z
    .object({
      flow: flowStateSchema,
      matters: z.array(z.object({ guide: z.string(), scenarios: z.array(z.string()) })),
    })
    .nullable()
    .default(null),
  /** When the citizen last wrote, epoch milliseconds. */
  lastAt: z.number().nullable().default(null),
  /** No messages of our own accord: 别发了. */
  quiet: z.boolean().default(false),
  /** An agent's invitation to go through a flow together, with the words of it, and whether the citizen agreed. */
  together: z.object({ flow: z.string(), agent: z.string(), told: z.string(), agreed: z.boolean() }).nullable().default(null),
  /** Angry messages in a row. */
  anger: z.number().default(0),
  /** Messages of nothing but abuse, less those that said something since. */
  abuse: z.number().default(0),
  /** Supervisors have been asked to look at the abuse in this conversation. */
  abuseReviewed: z.boolean().default(false),
  /** 我要投诉 was said, and not yet what about. */
  telling: z.boolean().default(false),
  /** The language the citizen wrote in last, of those the assistant speaks. */
  spoken: z.enum(['zh', 'en']).nullable().default(null),
  /** The characters the citizen writes in, once known. */
  script: z.enum(['hans', 'hant']).nullable().default(null),
  /** What earlier flows of this conversation learnt, by the field a slot's `prefill` names: never asked again. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export type DialogueState = z.infer<typeof dialogueStateSchema>;

/** The key of a conversation's state, as botbuilder's ConversationState would name it. */
export function stateKey(channel: string, conversationId: string): string {
  return `${channel}/conversations/${conversationId}/dialogue`;
}

export function freshState(): DialogueState {
  return dialogueStateSchema.parse({});
}
