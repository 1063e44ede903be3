/** From real conversations to a draft suite: masked, spread over outcomes and channels, the least sure ones first. */
import { stringify } from 'yaml';
import { mask } from '../bot/safety/mask.ts';
import { shuffled } from './stats/random.ts';

/** A message of a citizen and what the turn made of it. */
export interface SampledTurn {
  readonly id: string;
  readonly text: string;
  readonly channel: string;
  readonly outcome: string;
  readonly confidence: number | null;
  /** Ids of the passages cited. */
  readonly citations: readonly string[];
}

export interface SampleOptions {
  readonly n: number;
  readonly seed: number;
}

/** Chooses `n` turns: every stratum (outcome × channel) in turn, the least sure of each first, equal ones by chance with a fixed seed. */
export function sampleTurns(turns: readonly SampledTurn[], { n, seed }: SampleOptions): SampledTurn[] {
  const strata = new Map<string, SampledTurn[]>();
  const said = new Set<string>();
  for (const turn of shuffled(turns, seed)) {
    const words = turn.text.trim();
    if (words === '' || said.has(words)) continue;
    said.add(words);
    const name = `${turn.outcome}|${turn.channel}`;
    strata.set(name, [...(strata.get(name) ?? []), turn]);
  }
  const queues = [...strata.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) => list.sort((a, b) => (a.confidence ?? 0) - (b.confidence ?? 0)));
  const chosen: SampledTurn[] = [];
  for (let round = 0; chosen.length < n && queues.some((queue) => round < queue.length); round++) {
    for (const queue of queues) {
      const turn = queue[round];
      if (turn && chosen.length < n) chosen.push(turn);
    }
  }
  return chosen;
}

/** A draft in the form of an answer suite's data: identifiers masked; documents and facts are for a person to check and add. */
export function draftSuite(turns: readonly SampledTurn[]): string {
  const cases = turns.map((turn, i) => ({
    id: `log-${String(i + 1).padStart(4, '0')}`,
    question: mask(turn.text).text,
    docIds: [...new Set(turn.citations.map((id) => id.split('#')[0] ?? id))],
    slices: {
      channel: turn.channel,
      outcome: turn.outcome,
      source: 'log',
      ...(turn.confidence === null ? {} : { confidence: turn.confidence < 0.4 ? 'low' : turn.confidence < 0.7 ? 'middle' : 'high' }),
    },
  }));
  return `# 草稿：docIds 是当时引用的条目，不一定对；请核对后补上 facts（要点）。\n# A draft: docIds are what was cited then, right or wrong. Check them and add facts.\n${stringify({ cases })}`;
}
