/** What a person is asked: each fact in each answer once, those that no words were found for first. */
import { z } from 'zod';
import type { SuiteResult } from '../results.ts';
import type { Labels } from './store.ts';

export interface LabelItem {
  readonly key: string;
  readonly question: string;
  readonly answer: string;
  readonly fact: string;
  /** Found by its words. */
  readonly stated: boolean;
  readonly suite: string;
  readonly caseId: string;
}

const detailSchema = z.looseObject({
  facts: z.array(z.looseObject({ key: z.string(), text: z.string(), stated: z.boolean() })).default([]),
});
const actualSchema = z.looseObject({ text: z.string() });

/**
 * The queue of a run. `all`: also facts that were found by their words (needed to know what the words and a judge are worth).
 * Without it only the unknown ones, which count as not said until somebody looks.
 */
export function labelQueue(results: readonly SuiteResult[], { all }: { all: boolean }): LabelItem[] {
  const seen = new Map<string, LabelItem>();
  for (const { suite, cases } of results) {
    for (const one of cases) {
      const detail = detailSchema.safeParse(one.detail ?? {});
      const actual = actualSchema.safeParse(one.actual);
      if (!detail.success || !actual.success) continue;
      for (const { key, text, stated } of detail.data.facts) {
        if (seen.has(key) || (stated && !all)) continue;
        seen.set(key, { key, question: one.input, answer: actual.data.text, fact: text, stated, suite, caseId: one.id });
      }
    }
  }
  return [...seen.values()].sort((a, b) => Number(a.stated) - Number(b.stated));
}

/** How far people are. */
export const progressOf = (queue: readonly LabelItem[], labels: Labels): { done: number; total: number } => ({
  done: queue.filter(({ key }) => labels.has(key)).length,
  total: queue.length,
});
