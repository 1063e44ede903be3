/** The strong check for a whole draft that a model wrote: every sentence against the passages whose marks it carries. */
import type { Draft } from '../draft.ts';
import { type CheckOptions, checkSentence, type Problem } from './check.ts';

const marked = /([^[\]]+?)\s*((?:\[\d+\])+)/gu;

/** Problems of a draft with `[n]` marks behind its sentences; text without a mark is unsupported. Empty means grounded. */
export function draftProblems(draft: Draft, options: CheckOptions = {}): readonly Problem[] {
  const problems: Problem[] = [];
  const rest = draft.text.replace(marked, (_, sentence: string, marks: string) => {
    const cited = [...marks.matchAll(/\[(\d+)\]/g)].flatMap((m) => draft.citations[Number(m[1]) - 1] ?? []);
    const checked = checkSentence(sentence.replace(/^[\s-]+/, ''), cited, options);
    if (!checked.ok) problems.push(...checked.problems);
    return '';
  });
  if (/[\p{L}\p{N}]/u.test(rest)) problems.push({ kind: 'coverage', token: rest.trim() });
  return problems;
}
