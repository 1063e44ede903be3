/** Questions to Qdrant: filters, the two halves, and their fusion by a formula on the server. */
import type { Schemas } from '@qdrant/js-client-rest';
import { type UnitFilter, UnitsError } from '../units-rank.ts';
import { type SparseVector, short } from './statistics.ts';

type Condition = Schemas['Condition'];
export type QueryRequest = Schemas['QueryRequest'];

export const denseName = 'dense';
export const sparseName = 'text';

/** 2026-03-01 → 20260301: days compare as whole numbers. Errors: `UnitsError` for what is no ISO date. */
export function dayNumber(date: string): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  if (!parts) throw new UnitsError(`“${date}” is no date of the form 2026-03-01.`);
  return Number(`${parts[1]}${parts[2]}${parts[3]}`);
}

/** The meaning of `admitsUnit`: a key that is absent from the payload (or an empty list) is for all. */
export function filterOf(filter: UnitFilter): Schemas['Filter'] {
  const day = dayNumber(filter.on);
  const must: Condition[] = [];
  for (const key of ['region', 'audience', 'department'] as const) {
    const value = filter[key];
    if (value !== undefined) must.push({ should: [{ is_empty: { key } }, { key, match: { value } }] });
  }
  return {
    ...(must.length > 0 ? { must } : {}),
    must_not: [
      { key: 'validFrom', range: { gt: day } },
      { key: 'validTo', range: { lt: day } },
    ],
  };
}

export interface Halves {
  /** Undefined where no term of the query is known. */
  readonly sparse: { readonly vector: SparseVector; readonly ideal: number } | undefined;
  readonly dense: { readonly vector: readonly number[]; readonly weight: number; readonly params: Schemas['SearchParams'] } | undefined;
  readonly filter: Schemas['Filter'];
}

export const queryVector = (vector: Float32Array): number[] => Array.from(vector, short);

const sparseLeaf = (sparse: NonNullable<Halves['sparse']>) => ({ query: { nearest: sparse.vector }, using: sparseName }) as const;
const denseLeaf = (dense: NonNullable<Halves['dense']>) => ({ query: { nearest: [...dense.vector] }, using: denseName }) as const;

const shown = { with_payload: ['id', 'itemId'] };

/** The first `depth` of one half. */
export function halfQuery(halves: Halves, half: 'sparse' | 'dense', depth: number): QueryRequest {
  return { ...leaf(halves, half), limit: depth, ...shown };
}

/** Only the `depth`-th of one half: whatever is not among the first has at most its score. */
export function boundQuery(halves: Halves, half: 'sparse' | 'dense', depth: number): QueryRequest {
  return { ...leaf(halves, half), limit: 1, offset: depth - 1, with_payload: false };
}

/**
 * The leading `depth` of both halves, each scored in both: the candidates of both leaves are searched once by either vector, so that
 * none lacks a number it has. What is still missing truly is nought: no common term, or no vector.
 * score = sparse / ideal + weight * max(0, dense); the formula language has no max: max(0, x) = (x + |x|) / 2.
 */
export function fusedQuery(
  halves: Halves,
  sparse: NonNullable<Halves['sparse']>,
  dense: NonNullable<Halves['dense']>,
  depth: number,
): QueryRequest {
  const leaves = [
    { ...leaf(halves, 'sparse'), limit: depth },
    { ...leaf(halves, 'dense'), limit: depth },
  ];
  return {
    prefetch: [
      { prefetch: leaves, ...sparseLeaf(sparse), limit: 2 * depth },
      { prefetch: leaves, ...denseLeaf(dense), params: { exact: true }, limit: 2 * depth },
    ],
    query: {
      formula: {
        sum: [{ mult: [1 / sparse.ideal, '$score[0]'] }, { mult: [dense.weight / 2, { sum: ['$score[1]', { abs: '$score[1]' }] }] }],
      },
      defaults: { '$score[0]': 0, '$score[1]': 0 },
    },
    limit: 2 * depth,
    ...shown,
  };
}

/** Cosines of given points, exact; those without a vector are left out. */
export function cosineQuery(vector: readonly number[], points: readonly (string | number)[]): QueryRequest {
  return {
    query: { nearest: [...vector] },
    using: denseName,
    filter: { must: [{ has_id: [...points] }] },
    params: { exact: true },
    limit: points.length,
    with_payload: false,
  };
}

/** The terms of given points. */
export function termsQuery(points: readonly (string | number)[]): QueryRequest {
  return { filter: { must: [{ has_id: [...points] }] }, limit: points.length, with_payload: false, with_vector: [sparseName] };
}

function leaf(halves: Halves, half: 'sparse' | 'dense') {
  if (half === 'sparse' && halves.sparse) return { ...sparseLeaf(halves.sparse), filter: halves.filter };
  if (half === 'dense' && halves.dense) return { ...denseLeaf(halves.dense), filter: halves.filter, params: halves.dense.params };
  throw new UnitsError(`The query has no ${half} half.`);
}
