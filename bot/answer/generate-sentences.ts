/** Decides sentence by sentence what of a model's answer may be shown: as written, as the passage has it, or not at all. */
import { z } from 'zod';
import type { Passage } from '../../knowledge/index/types.ts';
import { isInstruction, type Prepared, visibleText } from './generate-passages.ts';
import { type CheckOptions, checkSentence, nearestPiece } from './grounding/check.ts';
import { sentencesOf } from './grounding/evidence.ts';

export interface ReleasedSentence {
  readonly text: string;
  /** Numbers of the passages that prove it, 1-based, in the order given to the model. */
  readonly citations: readonly number[];
  /** extract: the passage's own words took the place of what the model wrote. */
  readonly origin: 'model' | 'extract';
  readonly listItem: boolean;
}

export interface Judge {
  /** What may be shown of one element of the model's answer. */
  admit(element: unknown): ReleasedSentence[];
  /** How many sentences were replaced or dropped so far. */
  readonly refused: number;
}

const elementSchema = z.object({ text: z.string().max(2000), citations: z.array(z.int()).catch([]) });
/** An extract takes a sentence's place only when it is clearly about the same. */
const sameMatter = 0.45;

export function judgeOf(prepared: Prepared, options: CheckOptions): Judge {
  const { evidence } = prepared;
  const shown = new Set<string>();
  let refused = 0;
  return {
    get refused() {
      return refused;
    },
    admit(element) {
      const parsed = elementSchema.safeParse(element);
      if (!parsed.success) {
        refused++;
        return [];
      }
      const cited = [...new Set(parsed.data.citations)].flatMap((n) => evidence[n - 1] ?? []);
      return partsOf(parsed.data.text).flatMap(({ text, listItem }) => {
        const sentence = prepared.restore(text);
        const released = held(sentence, cited) ?? extract(sentence, cited);
        if (released?.origin !== 'model') refused++;
        if (!released || shown.has(released.text)) return [];
        shown.add(released.text);
        return [{ ...released, listItem }];
      });
    },
  };

  /** The sentence as written, when the passages it cites (or, wrongly numbered, another one) say it. */
  function held(sentence: string, cited: readonly Passage[]): Omit<ReleasedSentence, 'listItem'> | undefined {
    if (/[⟨⟩<>]/.test(sentence) || isInstruction(sentence)) return undefined;
    const checked = cited.length > 0 ? checkSentence(sentence, cited, options) : undefined;
    if (checked?.ok) return { text: sentence, citations: checked.support.map(numberOf), origin: 'model' };
    const other = evidence.find((passage) => !cited.includes(passage) && checkSentence(sentence, [passage], options).ok);
    return other ? { text: sentence, citations: [numberOf(other)], origin: 'model' } : undefined;
  }

  /** The words of a cited passage that the sentence was made from. */
  function extract(sentence: string, cited: readonly Passage[]): Omit<ReleasedSentence, 'listItem'> | undefined {
    const nearest = nearestPiece(sentence, cited);
    if (!nearest || nearest.coverage < sameMatter) return undefined;
    const text = nearest.text.replace(/^\s*(?:[-*•]|\d+[.、])\s*/, '').trim();
    return { text, citations: [numberOf(nearest.passage)], origin: 'extract' };
  }

  function numberOf(passage: Passage): number {
    return evidence.indexOf(passage) + 1;
  }
}

type Part = { readonly text: string; readonly listItem: boolean };

/** Single sentences and list items of what a model wrote as one; its markup goes. */
function partsOf(text: string): Part[] {
  const lines = visibleText(text)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|__|`+|\[\d+\]|【\d+】/g, '')
    .split('\n');
  return lines.flatMap((line): Part[] => {
    const listItem = /^\s*(?:[-*•]|\d+[.、)])\s+/.test(line);
    const bare = line.replace(/^\s*(?:#+\s+|[-*•]\s+|\d+[.、)]\s+)/, '').trim();
    return listItem ? (bare ? [{ text: bare, listItem }] : []) : sentencesOf(bare).map((one) => ({ text: one, listItem }));
  });
}
