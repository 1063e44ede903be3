/**
 * A model as judge: per fact yes, no or contradicts, with the reference in view. Its score means nothing without its agreement with people
 * (reference evaluation.md §9), so the two are only told together.
 */
import type { LanguageModel } from '../bot/llm/model.ts';
import { type JudgeInputs, judge, judgeOutputSchema } from '../prompts/judge.ts';
import type { Labels, Verdict } from './label/store.ts';
import { kappa } from './metrics/kappa.ts';
import type { CaseResult, JudgeReport } from './results.ts';
import { estimate } from './stats/bootstrap.ts';

export type Judgements = ReadonlyMap<string, Exclude<Verdict, 'unclear'>>;

/** Asks about all facts of one answer. Returns verdicts by fact id, or in words why there are none. */
export async function judgeFacts(model: LanguageModel, inputs: JudgeInputs): Promise<Judgements | { error: string }> {
  const parsed = judge.inputSchema.safeParse(inputs);
  if (!parsed.success) return { error: 'too long to be judged' };
  const said = await model.complete({
    prompt: `${judge.id}@${judge.version}`,
    system: judge.system,
    user: judge.user(parsed.data),
    name: 'judge',
    schema: judgeOutputSchema,
    maxTokens: 800,
  });
  if (!said.ok) return { error: said.error.message };
  const asked = new Set(inputs.facts.map(({ id }) => id));
  return new Map(said.value.verdicts.filter(({ id }) => asked.has(id)).map(({ id, verdict }) => [id, verdict]));
}

/** One fact of an answer, as it stands in a case's detail. */
export interface FactDetail {
  readonly key: string;
  readonly text: string;
  readonly stated: boolean;
  readonly judge?: string;
}

export const factsOf = (one: CaseResult): readonly FactDetail[] => (one.detail?.facts ?? []) as FactDetail[];

/** What the judge said, and what that is worth by the labels at hand. Undefined when no judge was asked. */
export function judgeReport(model: string | undefined, results: readonly CaseResult[], labels: Labels): JudgeReport | undefined {
  if (model === undefined) return undefined;
  const facts = new Map(results.flatMap(factsOf).flatMap((fact) => (fact.judge ? [[fact.key, fact.judge] as const] : [])));
  const failed = results.filter((one) => one.detail?.judgeError !== undefined).length;
  const both = [...facts].flatMap(([key, said]) => {
    const person = labels.get(key);
    return person && person !== 'unclear' ? [{ person, judge: said }] : [];
  });
  const counts = { model, judged: facts.size, failed, labelled: both.length };
  if (both.length === 0) return counts;
  const share = (list: typeof both, test: (one: (typeof both)[number]) => boolean) =>
    list.length === 0 ? Number.NaN : list.filter(test).length / list.length;
  const sensitivity = share(
    both.filter((one) => one.person === 'yes'),
    (one) => one.judge === 'yes',
  );
  const specificity = share(
    both.filter((one) => one.person !== 'yes'),
    (one) => one.judge !== 'yes',
  );
  const score = estimate([...facts.values()].map((one) => (one === 'yes' ? 1 : 0)));
  return {
    ...counts,
    agreement: {
      kappa: kappa(both.map((one) => [one.person, one.judge])),
      accuracy: share(both, (one) => one.person === one.judge),
      sensitivity,
      specificity,
    },
    score,
    corrected: corrected(score.value, sensitivity, specificity),
  };
}

/** The rate that a judge with these faults would show as `observed` (Rogan and Gladen 1978); NaN when it tells nothing apart. */
function corrected(observed: number, sensitivity: number, specificity: number): number {
  const power = sensitivity + specificity - 1;
  return power > 0 ? Math.min(1, Math.max(0, (observed + specificity - 1) / power)) : Number.NaN;
}
