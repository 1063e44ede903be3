/** Rank metrics that treat ties fairly: the expected value under a random order of equal scores (reference evaluation.md §3). */

export interface Ranked {
  readonly id: string;
  readonly score: number;
}

export interface RankMetrics {
  readonly 'hit@1': number;
  readonly 'hit@5': number;
  readonly 'hit@10': number;
  readonly 'recall@5': number;
  readonly 'recall@10': number;
  readonly 'mrr@10': number;
  readonly 'ndcg@10': number;
}

/** A run of equal scores: `size` items from position `start` (0 = top), `gold` of them relevant. */
interface Group {
  readonly start: number;
  readonly size: number;
  readonly gold: number;
}

/**
 * Metrics of one ranking, best first or in any order. `gold`: the relevant ids; what is not in the ranking is a miss.
 * Relevance is binary.
 */
export function rankMetrics(ranking: readonly Ranked[], gold: ReadonlySet<string>): RankMetrics {
  const groups = groupsOf(ranking, gold);
  return {
    'hit@1': hit(groups, 1),
    'hit@5': hit(groups, 5),
    'hit@10': hit(groups, 10),
    'recall@5': recall(groups, 5, gold.size),
    'recall@10': recall(groups, 10, gold.size),
    'mrr@10': reciprocalRank(groups, 10),
    'ndcg@10': ndcg(groups, 10, gold.size),
  };
}

/** Whether the top score of a ranking is shared: report the share of such queries beside the metrics. */
export function isTied(ranking: readonly Ranked[]): boolean {
  const sorted = [...ranking].sort((a, b) => b.score - a.score);
  return sorted.length > 1 && sorted[0]?.score === sorted[1]?.score;
}

function groupsOf(ranking: readonly Ranked[], gold: ReadonlySet<string>): Group[] {
  const sorted = [...ranking].sort((a, b) => b.score - a.score);
  const groups: Group[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    let relevant = 0;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) {
      if (gold.has(sorted[end]?.id ?? '')) relevant++;
      end++;
    }
    groups.push({ start, size: end - start, gold: relevant });
    start = end;
  }
  return groups;
}

/** Positions of the group that lie within the top k. */
const within = (group: Group, k: number) => Math.max(0, Math.min(group.size, k - group.start));

/** P(no relevant item among the first `m` of a random order of the group). */
function missing(group: Group, m: number): number {
  let probability = 1;
  for (let i = 0; i < m; i++) probability *= Math.max(0, group.size - group.gold - i) / (group.size - i);
  return probability;
}

function hit(groups: readonly Group[], k: number): number {
  return 1 - groups.reduce((probability, group) => probability * missing(group, within(group, k)), 1);
}

function recall(groups: readonly Group[], k: number, relevant: number): number {
  if (relevant === 0) return 0;
  return groups.reduce((sum, group) => sum + (group.gold * within(group, k)) / group.size, 0) / relevant;
}

function reciprocalRank(groups: readonly Group[], k: number): number {
  const first = groups.find((group) => group.gold > 0);
  if (!first) return 0;
  let expected = 0;
  for (let j = 0; j < within(first, k); j++) expected += (missing(first, j) - missing(first, j + 1)) / (first.start + j + 1);
  return expected;
}

function ndcg(groups: readonly Group[], k: number, relevant: number): number {
  const discount = (position: number) => 1 / Math.log2(position + 2);
  let dcg = 0;
  for (const group of groups) for (let j = 0; j < within(group, k); j++) dcg += (group.gold / group.size) * discount(group.start + j);
  let ideal = 0;
  for (let i = 0; i < Math.min(relevant, k); i++) ideal += discount(i);
  return ideal === 0 ? 0 : dcg / ideal;
}
