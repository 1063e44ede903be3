/** What a kind of suite gives the runner: cases that run themselves, and what is read off all of them together. */
import type { LanguageModel } from '../../bot/llm/model.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { Labels } from '../label/store.ts';
import type { CaseResult, Coverage, Curves, Fault, JudgeReport } from '../results.ts';
import type { Estimate } from '../stats/bootstrap.ts';
import type { Suite } from '../suite.ts';
import type { Talk } from '../talk.ts';
import type { ThrowAway } from '../throw-away.ts';
import type { IntentRecogniser } from './recogniser.ts';

/** What running one case gave. */
export interface Ran {
  readonly passed: boolean;
  readonly scores: Record<string, number>;
  readonly actual?: unknown;
  readonly confidence?: number;
  readonly fault?: Fault;
  readonly detail?: Record<string, unknown>;
  /** Measured by the case itself where it does more than the thing measured. */
  readonly latencyMs?: number;
}

export interface LoadedCase {
  readonly id: string;
  readonly input: string;
  readonly expected?: unknown;
  readonly cluster?: string;
  readonly slices?: Record<string, string>;
  /** Scores of this case when it can't be run: the worst ones. */
  readonly worst: Record<string, number>;
  run(): Promise<Ran>;
}

export interface Loaded {
  readonly cases: readonly LoadedCase[];
  /** Metrics beyond the means of the per-case scores, and curves. */
  readonly summarise?: (results: readonly CaseResult[]) => Summary;
}

export interface Summary {
  readonly metrics: Record<string, Estimate>;
  readonly curves?: Curves;
  readonly coverage?: Coverage;
  readonly judge?: JudgeReport;
}

/** What the kinds run on; given by the command line, the only place where parts are wired together. */
export interface Bench {
  /** An index of texts of the suite, with the embeddings that are configured. */
  readonly throwAway: (items: readonly KnowledgeItem[]) => Promise<ThrowAway>;
  /** The published knowledge of the configured pack, in an index of its own. */
  readonly pack: () => Promise<ThrowAway>;
  /** What is published, as items. */
  readonly published: () => Promise<readonly KnowledgeItem[]>;
  /** A whole house on a temporary folder whose clock stands at `asOf`. */
  readonly talk: (asOf: string) => Promise<Talk>;
  /** What people said about facts in answers, by `factKey`. */
  readonly labels: Labels;
  /** A model that judges facts; only when one was asked for. */
  readonly judge: LanguageModel | undefined;
  /** Learns a throw-away recogniser of intents. */
  readonly recogniser: (examples: readonly { readonly text: string; readonly label: string }[]) => Promise<IntentRecogniser>;
}

export type Kind = (suite: Suite, bench: Bench, asOf: string) => Promise<Loaded>;
