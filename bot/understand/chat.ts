/** Tells small talk and matters that aren't government services from everything else, by examples kept as data. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { NameMatcher } from '../../knowledge/index/names.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { remembered } from '../../knowledge/text/remembered.ts';

export const chatLabels = ['greeting', 'thanks', 'goodbye', 'praise', 'identity', 'scope', 'complaint_about_bot', 'out_of_scope'] as const;
export type ChatLabel = (typeof chatLabels)[number];
export type ChatExamples = Readonly<Record<ChatLabel, readonly string[]>>;

const fileSchema = z.strictObject(
  Object.fromEntries(chatLabels.map((label) => [label, z.array(z.string().min(1)).min(3)])) as Record<ChatLabel, z.ZodArray<z.ZodString>>,
);

export interface ChatMatch {
  readonly label: ChatLabel;
  /** 0..1, 1 = one of the examples word for word. */
  readonly similarity: number;
}

export class ChatMatcher {
  readonly examples: ChatExamples;
  readonly #matcher: NameMatcher;
  readonly #exact = new Map<string, ChatLabel>();
  readonly #lexicon: Lexicon;

  constructor(examples: ChatExamples, lexicon: Lexicon) {
    this.examples = examples;
    this.#lexicon = lexicon;
    const named = chatLabels.flatMap((label) => examples[label].map((text) => ({ id: label, text })));
    this.#matcher = new NameMatcher(named, lexicon);
    for (const { id, text } of named) {
      const words = bare(lexicon.plain(text));
      if (words === '') throw new Error(`the example ${text} of ${id} says nothing once particles are gone`);
      this.#exact.set(words, id);
    }
  }

  /** The nearest kind of chat, if any. */
  readonly match = remembered((text): ChatMatch | undefined => {
    const exact = this.#exact.get(bare(this.#lexicon.plain(text)));
    if (exact) return { label: exact, similarity: 1 };
    const [best] = this.#matcher.match(text, 1);
    return best ? { label: best.id as ChatLabel, similarity: best.similarity } : undefined;
  });
}

function bare(text: string): string {
  return text.replace(/[\p{P}\p{S}\s]+/gu, '').replace(/[啊呀哦呢吧哈了]+$/u, '');
}

/** Reads the examples. Errors: the file and the zod issue. */
export async function loadChat(file: string, lexicon: Lexicon): Promise<ChatMatcher> {
  const result = fileSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return new ChatMatcher(result.data, lexicon);
}
