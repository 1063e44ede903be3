/** Answers a query over points in memory, exactly and naively: every point is looked at, every number computed anew. */
import type { Condition, CreateCollection, Expression, Filter, Point, Prefetch, Query } from './schemas.ts';

export interface StoredCollection {
  readonly config: CreateCollection;
  readonly points: Map<number | string, Point>;
  readonly indexes: Map<string, string>;
}

export interface Scored {
  readonly id: number | string;
  readonly score: number;
}

/** A request that a server would refuse, with its status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function answer(collection: StoredCollection, query: Query): Scored[] {
  const from = query.offset ?? 0;
  return run(collection, query, [], (query.limit ?? 10) + from).slice(from);
}

/** Filters of outer queries hold for inner ones too. */
function run(collection: StoredCollection, query: Prefetch, filters: readonly Filter[], limit: number): Scored[] {
  const holding = query.filter ? [...filters, query.filter] : filters;
  const sources = query.prefetch?.map((inner) => run(collection, inner, holding, inner.limit ?? 10));
  if (!query.query) {
    if (sources) throw new Refused(400, 'Bad request: A query is needed to merge the prefetches');
    // Without a question points come by id, each with score 0.
    const passing = [...collection.points.values()].filter((point) => holding.every((filter) => passes(collection, point, filter)));
    return passing
      .map(({ id }) => ({ id, score: 0 }))
      .sort((a, b) => Number(a.id) - Number(b.id))
      .slice(0, limit);
  }
  const pool = sources ? new Set(sources.flatMap((source) => source.map((one) => one.id))) : new Set(collection.points.keys());
  const scored = 'nearest' in query.query ? nearest(collection, query, pool, holding) : formula(query, sources, pool);
  // Equal scores come in no order that anybody may rely on: here, backwards.
  return scored.sort((a, b) => b.score - a.score || Number(b.id) - Number(a.id)).slice(0, limit);
}

function nearest(collection: StoredCollection, query: Prefetch, pool: ReadonlySet<number | string>, filters: readonly Filter[]): Scored[] {
  if (!query.query || !('nearest' in query.query)) return [];
  const using = query.using ?? '';
  const target = query.query.nearest;
  const points = [...collection.points.values()].filter(
    (point) => pool.has(point.id) && filters.every((filter) => passes(collection, point, filter)),
  );
  if (Array.isArray(target)) {
    const size = collection.config.vectors?.[using]?.size;
    if (size === undefined) throw new Refused(400, `Wrong input: Not existing vector name error: ${using}`);
    if (size !== target.length) throw new Refused(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${target.length}`);
    return points.flatMap((point) => {
      const vector = point.vector[using];
      return Array.isArray(vector) ? [{ id: point.id, score: Math.fround(cosine(vector, target)) }] : [];
    });
  }
  const sparse = collection.config.sparse_vectors?.[using];
  if (!sparse) throw new Refused(400, `Wrong input: Not existing vector name error: ${using}`);
  // As newer servers do it: points without the vector, or with an empty one, do not count.
  const size = [...collection.points.values()].filter((point) => isSparse(point, using)).length;
  const idf = (index: number) => {
    if (sparse.modifier !== 'idf') return 1;
    let df = 0;
    for (const point of collection.points.values()) if (valueAt(point, using, index) !== undefined) df++;
    return Math.log((size - df + 0.5) / (df + 0.5) + 1);
  };
  const weights = target.indices.map((index, i) => [index, (target.values[i] ?? 0) * idf(index)] as const);
  return points.flatMap((point) => {
    const parts = weights.flatMap(([index, weight]) => {
      const value = valueAt(point, using, index);
      return value === undefined ? [] : [Math.fround(value) * Math.fround(weight)];
    });
    return parts.length > 0 ? [{ id: point.id, score: Math.fround(parts.reduce((sum, part) => sum + part, 0)) }] : [];
  });
}

function formula(query: Prefetch, sources: readonly Scored[][] | undefined, pool: ReadonlySet<number | string>): Scored[] {
  const asked = query.query;
  if (!asked || !('formula' in asked)) return [];
  if (!sources) throw new Refused(400, 'Bad request: A formula query needs prefetches');
  const tables = sources.map((source) => new Map(source.map((one) => [one.id, one.score])));
  return [...pool].map((id) => {
    const variable = (text: string) => {
      const place = Number(/\d+/.exec(text)?.[0]);
      if (place >= tables.length) throw new Refused(400, `Bad request: there is no prefetch ${place}`);
      return tables[place]?.get(id) ?? asked.defaults?.[text] ?? 0;
    };
    return { id, score: Math.fround(evaluate(asked.formula, variable)) };
  });
}

function evaluate(expression: Expression, variable: (text: string) => number): number {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return variable(expression);
  if ('sum' in expression) return expression.sum.reduce((sum: number, part) => sum + evaluate(part, variable), 0);
  if ('mult' in expression) return expression.mult.reduce((product: number, part) => product * evaluate(part, variable), 1);
  return Math.abs(evaluate(expression.abs, variable));
}

/** An empty list of `should` is none. */
function passes(collection: StoredCollection, point: Point, filter: Filter): boolean {
  const meets = (condition: Condition) => holds(collection, point, condition);
  if (filter.must && !filter.must.every(meets)) return false;
  if (filter.must_not?.some(meets)) return false;
  return !filter.should || filter.should.length === 0 || filter.should.some(meets);
}

function holds(collection: StoredCollection, point: Point, condition: Condition): boolean {
  if ('has_id' in condition) return condition.has_id.includes(point.id);
  if ('is_empty' in condition) return values(point, condition.is_empty.key).length === 0;
  if ('match' in condition) {
    indexed(collection, condition.key, 'keyword');
    return values(point, condition.key).includes(condition.match.value);
  }
  if ('range' in condition) {
    indexed(collection, condition.key, 'integer');
    const { lt, gt, lte, gte } = condition.range;
    return values(point, condition.key).some(
      (value) =>
        typeof value === 'number' &&
        (lt === undefined || value < lt) &&
        (gt === undefined || value > gt) &&
        (lte === undefined || value <= lte) &&
        (gte === undefined || value >= gte),
    );
  }
  return passes(collection, point, condition);
}

/** As with `strict_mode_config.unindexed_filtering_retrieve: false`. */
function indexed(collection: StoredCollection, key: string, kind: string): void {
  if (collection.indexes.get(key) !== kind)
    throw new Refused(400, `Bad request: Index required but not found for "${key}" of one of the following types: [${kind}]`);
}

function values(point: Point, key: string): unknown[] {
  const value = point.payload?.[key];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isSparse(point: Point, using: string): boolean {
  const vector = point.vector[using];
  return vector !== undefined && !Array.isArray(vector) && vector.indices.length > 0;
}

function valueAt(point: Point, using: string, index: number): number | undefined {
  const vector = point.vector[using];
  if (!vector || Array.isArray(vector)) return undefined;
  const place = vector.indices.indexOf(index);
  return place < 0 ? undefined : vector.values[place];
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}
