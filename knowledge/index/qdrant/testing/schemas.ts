/**
 * The request bodies that the unit store sends, as strict zod schemas after the client's own OpenAPI types: a field they do not know is an
 * error. The types below fail to compile when a schema here admits what the client's type does not.
 */
import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';

type KeyOf<T> = T extends unknown ? keyof T : never;
/** The same without the `undefined` that zod adds to optional fields and JSON cannot hold. */
type Sent<T> = T extends readonly unknown[]
  ? { [K in keyof T]: Sent<T[K]> }
  : T extends object
    ? { [K in keyof T]: Sent<Exclude<T[K], undefined>> }
    : T;
/** True when every body that `Mine` admits is one of `Theirs`, field names included. */
type Fits<Mine, Theirs> = Sent<Mine> extends Theirs ? ([KeyOf<Mine>] extends [KeyOf<Theirs>] ? true : false) : false;
const fits = <_Check extends true>(): void => undefined;

const name = z.string().min(1);
const count = z.int().min(1);
const finite = z.number();
const pointId = z.union([z.int().min(0), z.uuid()]);

export const sparseVectorSchema = z
  .strictObject({ indices: z.array(z.int().min(0).max(0xffffffff)), values: z.array(finite) })
  .refine((vector) => vector.indices.length === vector.values.length, 'indices and values differ in length')
  .refine((vector) => new Set(vector.indices).size === vector.indices.length, 'an index stands twice');
fits<Fits<z.infer<typeof sparseVectorSchema>, Schemas['SparseVector']>>();

const hnsw = z.strictObject({ m: z.int().min(0).optional(), ef_construct: z.int().min(4).optional() });
fits<Fits<z.infer<typeof hnsw>, Schemas['HnswConfigDiff']>>();

const quantisation = z.strictObject({
  scalar: z.strictObject({ type: z.literal('int8'), quantile: z.number().min(0.5).max(1).optional(), always_ram: z.boolean().optional() }),
});
fits<Fits<z.infer<typeof quantisation>, Schemas['ScalarQuantization']>>();
fits<Fits<z.infer<typeof quantisation>['scalar'], Schemas['ScalarQuantizationConfig']>>();

const vectorParams = z.strictObject({
  size: z.int().min(1).max(65_536),
  distance: z.enum(['Cosine', 'Euclid', 'Dot', 'Manhattan']),
  hnsw_config: hnsw.optional(),
  quantization_config: quantisation.optional(),
});
fits<Fits<z.infer<typeof vectorParams>, Schemas['VectorParams']>>();

const sparseParams = z.strictObject({ modifier: z.enum(['none', 'idf']).optional() });
fits<Fits<z.infer<typeof sparseParams>, Schemas['SparseVectorParams']>>();

export const createCollectionSchema = z.strictObject({
  vectors: z.record(name, vectorParams).optional(),
  sparse_vectors: z.record(name, sparseParams).optional(),
  shard_number: count.optional(),
  metadata: z.record(name, z.unknown()).optional(),
});
fits<Fits<z.infer<typeof createCollectionSchema>, Schemas['CreateCollection']>>();

export const createIndexSchema = z.strictObject({ field_name: name, field_schema: z.enum(['keyword', 'integer']) });
fits<Fits<z.infer<typeof createIndexSchema>, Schemas['CreateFieldIndex']>>();

const point = z.strictObject({
  id: pointId,
  vector: z.record(name, z.union([z.array(finite), sparseVectorSchema])),
  payload: z.record(name, z.unknown()).optional(),
});
fits<Fits<z.infer<typeof point>, Schemas['PointStruct']>>();

export const upsertSchema = z.strictObject({ points: z.array(point).min(1) });
fits<Fits<z.infer<typeof upsertSchema>, Schemas['PointsList']>>();

export const countSchema = z.strictObject({ exact: z.boolean().optional() });
fits<Fits<z.infer<typeof countSchema>, Schemas['CountRequest']>>();

const aliasAction = z.union([
  z.strictObject({ create_alias: z.strictObject({ collection_name: name, alias_name: name }) }),
  z.strictObject({ delete_alias: z.strictObject({ alias_name: name }) }),
]);
export const aliasesSchema = z.strictObject({ actions: z.array(aliasAction).min(1) });
fits<Fits<z.infer<typeof aliasesSchema>, Schemas['ChangeAliasesOperation']>>();

const range = z.strictObject({ lt: finite.optional(), gt: finite.optional(), gte: finite.optional(), lte: finite.optional() });
fits<Fits<z.infer<typeof range>, Schemas['Range']>>();

const fieldMatch = z.strictObject({ key: name, match: z.strictObject({ value: z.union([z.string(), z.int(), z.boolean()]) }) });
fits<Fits<z.infer<typeof fieldMatch>, Schemas['FieldCondition']>>();
const fieldRange = z.strictObject({ key: name, range });
fits<Fits<z.infer<typeof fieldRange>, Schemas['FieldCondition']>>();
const isEmpty = z.strictObject({ is_empty: z.strictObject({ key: name }) });
fits<Fits<z.infer<typeof isEmpty>, Schemas['IsEmptyCondition']>>();
const hasId = z.strictObject({ has_id: z.array(pointId) });
fits<Fits<z.infer<typeof hasId>, Schemas['HasIdCondition']>>();

export interface Filter {
  must?: Condition[] | undefined;
  should?: Condition[] | undefined;
  must_not?: Condition[] | undefined;
}
export type Condition = z.infer<typeof fieldMatch> | z.infer<typeof fieldRange> | z.infer<typeof isEmpty> | z.infer<typeof hasId> | Filter;
fits<[KeyOf<Filter>] extends [KeyOf<Schemas['Filter']>] ? true : false>();

const filterSchema: z.ZodType<Filter> = z.lazy(() => {
  const conditions = z.array(z.union([fieldMatch, fieldRange, isEmpty, hasId, filterSchema])).optional();
  return z.strictObject({ must: conditions, should: conditions, must_not: conditions });
});

export type Expression = number | string | { sum: Expression[] } | { mult: Expression[] } | { abs: Expression };
fits<Expression extends Schemas['Expression'] ? true : false>();

const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    finite,
    z.string().regex(/^\$score\[\d+\]$/, 'the store refers to scores only'),
    z.strictObject({ sum: z.array(expressionSchema) }),
    z.strictObject({ mult: z.array(expressionSchema) }),
    z.strictObject({ abs: expressionSchema }),
  ]),
);

const formula = z.strictObject({ formula: expressionSchema, defaults: z.record(z.string(), finite).optional() });
fits<Fits<z.infer<typeof formula>, Schemas['FormulaQuery']>>();
const nearest = z.strictObject({ nearest: z.union([z.array(finite), sparseVectorSchema]) });
fits<Fits<z.infer<typeof nearest>, Schemas['NearestQuery']>>();

const params = z.strictObject({
  exact: z.boolean().optional(),
  quantization: z.strictObject({ rescore: z.boolean().optional(), oversampling: z.number().min(1).optional() }).optional(),
});
fits<Fits<z.infer<typeof params>, Schemas['SearchParams']>>();
fits<Fits<NonNullable<z.infer<typeof params>['quantization']>, Schemas['QuantizationSearchParams']>>();

const prefetchFields = {
  query: z.union([nearest, formula]).optional(),
  using: name.optional(),
  filter: filterSchema.optional(),
  params: params.optional(),
  limit: count.optional(),
};
export interface Prefetch {
  prefetch?: Prefetch[] | undefined;
  query?: z.infer<typeof nearest> | z.infer<typeof formula> | undefined;
  using?: string | undefined;
  filter?: Filter | undefined;
  params?: z.infer<typeof params> | undefined;
  limit?: number | undefined;
}
fits<[KeyOf<Prefetch>] extends [KeyOf<Schemas['Prefetch']>] ? true : false>();
const prefetchSchema: z.ZodType<Prefetch> = z.lazy(() =>
  z.strictObject({ ...prefetchFields, prefetch: z.array(prefetchSchema).min(1).optional() }),
);

export const querySchema = z.strictObject({
  ...prefetchFields,
  prefetch: z.array(prefetchSchema).min(1).optional(),
  offset: z.int().min(0).optional(),
  with_payload: z.union([z.boolean(), z.array(name)]).optional(),
  with_vector: z.union([z.boolean(), z.array(name)]).optional(),
});
fits<[KeyOf<z.infer<typeof querySchema>>] extends [KeyOf<Schemas['QueryRequest']>] ? true : false>();

export const queryBatchSchema = z.strictObject({ searches: z.array(querySchema).min(1) });
fits<[KeyOf<z.infer<typeof queryBatchSchema>>] extends [KeyOf<Schemas['QueryRequestBatch']>] ? true : false>();

export type CreateCollection = z.infer<typeof createCollectionSchema>;
export type Point = z.infer<typeof point>;
export type Query = z.infer<typeof querySchema>;
