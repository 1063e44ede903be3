/**
 * The tree of indicators a city is evaluated by, from `indicators.yaml` of its pack, and its points. The four parts of the sample follow GB/T
 * 39735 Annex A as 一网通办 基本要求 (draft) 10.2 names them; leaves and weights are the city's.
 */
import { z } from 'zod';

const text = z.string().trim().min(1);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'small letters, digits and -');

const leafSchema = z
  .strictObject({
    id,
    name: text,
    /** Points it can get. */
    weight: z.number().positive().max(100),
    /** No points at `zero`, all at `full`, in proportion between; `zero` above `full`: less is better. */
    scale: z.strictObject({ zero: z.number(), full: z.number() }).refine(({ zero, full }) => zero !== full, 'zero and full must differ'),
    /** Name of a figure that is counted. */
    measure: text.optional(),
    /** Typed in by a person, with where it comes from. */
    manual: z.strictObject({ unit: text, per: z.enum(['city', 'hall']).default('city') }).optional(),
  })
  .refine(({ measure, manual }) => (measure === undefined) !== (manual === undefined), 'needs either measure or manual');
export type Leaf = z.infer<typeof leafSchema>;

export const indicatorTreeSchema = z
  .strictObject({
    name: text,
    /** What it follows, shown with every result. */
    basis: text,
    parts: z.array(z.strictObject({ id, name: text, leaves: z.array(leafSchema).min(1) })).min(1),
  })
  .superRefine(({ parts }, context) => {
    const leaves = parts.flatMap((part) => part.leaves);
    const ids = [...parts, ...leaves].map((one) => one.id);
    const twice = ids.find((one, index) => ids.indexOf(one) !== index);
    if (twice !== undefined) context.addIssue({ code: 'custom', path: ['parts'], message: `${twice} stands twice` });
    const sum = leaves.reduce((total, leaf) => total + leaf.weight, 0);
    if (Math.abs(sum - 100) > 1e-6) context.addIssue({ code: 'custom', path: ['parts'], message: `the weights sum up to ${sum}, not 100` });
  });
export type IndicatorTree = z.infer<typeof indicatorTreeSchema>;

/** A counted figure: its value, how many cases it was counted over, and how. */
export interface Measured {
  readonly value: number | null;
  readonly n: number | null;
  readonly formula: string;
}

/** What a person measured; the newest of a leaf and hall. */
export interface Input {
  readonly leaf: string;
  /** Empty: the whole city. */
  readonly hall: string;
  readonly value: number;
  readonly source: string;
}

const leafResultSchema = z.object({
  id: z.string(),
  name: z.string(),
  weight: z.number(),
  /** Null: nothing was counted or typed in. */
  value: z.number().nullable(),
  n: z.int().nullable(),
  points: z.number().nullable(),
  /** How it was counted, or where it comes from. */
  how: z.string(),
  unit: z.string().nullable(),
});
export const treeResultSchema = z.object({
  name: z.string(),
  basis: z.string(),
  /** Points got, and the points that could be got by the leaves that have a value. */
  points: z.number(),
  possible: z.number(),
  parts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      weight: z.number(),
      points: z.number(),
      possible: z.number(),
      leaves: z.array(leafResultSchema),
    }),
  ),
});
export type TreeResult = z.infer<typeof treeResultSchema>;

/** `measures` by name; `halls` are all halls of the city: a leaf per hall has a value only when every hall has one. Pure. */
export function scoreTree(
  { name, basis, parts }: IndicatorTree,
  measures: ReadonlyMap<string, Measured>,
  inputs: readonly Input[],
  halls: readonly string[],
): TreeResult {
  const scored = parts.map((part) => {
    const leaves = part.leaves.map((leaf) => scoreLeaf(leaf, measures, inputs, halls));
    return {
      id: part.id,
      name: part.name,
      weight: sum(part.leaves.map(({ weight }) => weight)),
      points: sum(leaves.map(({ points }) => points ?? 0)),
      possible: sum(leaves.filter(({ points }) => points !== null).map(({ weight }) => weight)),
      leaves,
    };
  });
  return {
    name,
    basis,
    points: sum(scored.map(({ points }) => points)),
    possible: sum(scored.map(({ possible }) => possible)),
    parts: scored,
  };
}

function scoreLeaf(
  { id, name, weight, scale, measure, manual }: Leaf,
  measures: ReadonlyMap<string, Measured>,
  inputs: readonly Input[],
  halls: readonly string[],
): z.infer<typeof leafResultSchema> {
  const found = manual ? typed(id, manual, inputs, halls) : (measures.get(measure ?? '') ?? { value: null, n: null, formula: '' });
  const reached = found.value === null ? null : Math.min(1, Math.max(0, (found.value - scale.zero) / (scale.full - scale.zero)));
  return {
    ...{ id, name, weight, value: found.value, n: found.n, how: found.formula, unit: manual?.unit ?? null },
    points: reached === null ? null : round(weight * reached),
  };
}

function typed(leaf: string, { per }: NonNullable<Leaf['manual']>, inputs: readonly Input[], halls: readonly string[]): Measured {
  const mine = inputs.filter((input) => input.leaf === leaf);
  if (per === 'city') {
    const [one] = mine.filter(({ hall }) => hall === '');
    return { value: one?.value ?? null, n: null, formula: one?.source ?? '还没有填报' };
  }
  const values = halls.flatMap((hall) => mine.filter((input) => input.hall === hall).slice(0, 1));
  if (values.length < halls.length || halls.length === 0)
    return { value: null, n: values.length, formula: `${halls.length} 个大厅中 ${values.length} 个已填报，填齐后取平均` };
  const sources = [...new Set(values.map(({ source }) => source))].join('；');
  return {
    value: values.reduce((total, { value }) => total + value, 0) / values.length,
    n: values.length,
    formula: `各大厅的平均。${sources}`,
  };
}

/** Hundredths of a point are as fine as anybody reads. */
const round = (value: number): number => Math.round(value * 100) / 100;
const sum = (values: readonly number[]): number => round(values.reduce((total, one) => total + one, 0));
