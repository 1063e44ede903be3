/** Units for tests of the stores, and the plainest possible search over them: the meaning of the contract, written out. */
import fc from 'fast-check';
import { type Unit, type UnitHit, type UnitQuery, type UnitStoreOptions, unitLevels } from './units.ts';
import type { UnitFilter } from './units-rank.ts';

export const k1b: UnitStoreOptions = { k1: 1.2, b: 0.75 };
export const anyDay: UnitFilter = { on: '2026-06-15' };

/** A passage of item `id` without its last part, for everyone, unless `fields` say otherwise. */
export const unit = (id: string, terms: string, fields: Partial<Unit> = {}): Unit => ({
  id,
  itemId: id.split('#')[0] as string,
  level: 'passage',
  terms: terms === '' ? [] : terms.split(' '),
  filter: { audience: [] },
  ...fields,
});

export function normal(numbers: readonly number[]): Float32Array {
  const length = Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Float32Array.from(numbers, (value) => value / length);
}

/** Looks at every unit, in plain double precision. */
export function naiveSearch(
  units: readonly Unit[],
  query: UnitQuery,
  level: Unit['level'],
  filter: UnitFilter,
  limit: number,
  { k1, b } = k1b,
): UnitHit[] {
  const here = units.filter((one) => one.level === level);
  const average = here.reduce((sum, one) => sum + one.terms.length, 0) / Math.max(1, here.length);
  const terms = [...new Set(query.terms)];
  const idf = (term: string) => {
    const df = here.filter((one) => one.terms.includes(term)).length;
    return Math.log(1 + (here.length - df + 0.5) / (df + 0.5));
  };
  const weight = (some: readonly string[]) => some.reduce((sum, term) => sum + idf(term), 0);
  const ideal = weight(terms) * (k1 + 1);
  const forAll = (own: string | undefined, wanted: string | undefined) => own === undefined || wanted === undefined || own === wanted;
  return here
    .filter(({ filter: own }) => {
      if ((own.validFrom ?? '0') > filter.on || (own.validTo ?? '9') < filter.on) return false;
      if (filter.audience && own.audience.length > 0 && !own.audience.includes(filter.audience)) return false;
      return forAll(own.region, filter.region) && forAll(own.department, filter.department);
    })
    .map((one): UnitHit => {
      let bm25 = 0;
      for (const term of terms) {
        const count = one.terms.filter((other) => other === term).length;
        if (count > 0) bm25 += (idf(term) * count * (k1 + 1)) / (count + k1 * (1 - b + (b * one.terms.length) / average));
      }
      const share = ideal > 0 ? bm25 / ideal : 0;
      const cosine = one.vector && query.vector ? one.vector.reduce((sum, value, i) => sum + value * (query.vector?.[i] ?? 0), 0) : 0;
      const score = share + (query.vector ? query.denseWeight : 0) * Math.max(0, cosine);
      const coverage = ideal > 0 ? weight(terms.filter((term) => one.terms.includes(term))) / weight(terms) : 0;
      return { id: one.id, itemId: one.itemId, score, share, coverage, cosine };
    })
    .filter((hit) => hit.score > 1e-6)
    .sort((x, y) => y.score - x.score || (x.id < y.id ? -1 : 1))
    .slice(0, limit);
}

/**
 * What is wrong with `found`, or undefined: same length, same numbers (to `tolerance`), same order, where units whose scores are further apart
 * than the tolerance may not change places and units of one content stand by id.
 */
export function difference(found: readonly UnitHit[], expected: readonly UnitHit[], tolerance = 1e-5): string | undefined {
  if (found.length !== expected.length) return `${found.length} hits instead of ${expected.length}`;
  for (let i = 0; i < found.length; i++) {
    const hit = found[i] as UnitHit;
    const right = expected[i] as UnitHit;
    if (Math.abs(hit.score - right.score) > tolerance) return `place ${i}: ${hit.id} ${hit.score} instead of ${right.id} ${right.score}`;
    const same = expected.find((one) => one.id === hit.id);
    // Behind the last place, one that is as good may have been cut off instead.
    if (same && Math.abs(hit.share - same.share) > tolerance) return `${hit.id}: share ${hit.share} instead of ${same.share}`;
    if (same && Math.abs(hit.coverage - same.coverage) > tolerance)
      return `${hit.id}: coverage ${hit.coverage} instead of ${same.coverage}`;
    if (same && Math.abs(hit.cosine - same.cosine) > tolerance) return `${hit.id}: cosine ${hit.cosine} instead of ${same.cosine}`;
    const before = found[i - 1];
    if (before && before.share === hit.share && before.cosine === hit.cosine && before.id > hit.id) return `${before.id} before ${hit.id}`;
  }
  return undefined;
}

const words = [
  '居住',
  '住证',
  '身份',
  '份证',
  '补办',
  '办理',
  '材料',
  '费用',
  '时间',
  '电话',
  '公积',
  '积金',
  '提取',
  '社保',
  '转移',
  '登记',
];
const termArb = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words.slice(0, 5)) }, fc.constantFrom(...words));
const vectorArb = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 }).map(normal);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const region = fc.constantFrom('110000', '310000');
const audience = fc.constantFrom('natural_person' as const, 'enterprise' as const, 'agency' as const);
const department = fc.constantFrom('公安', '人社');
const day = fc.constantFrom('2025-12-31', '2026-06-14', '2026-06-15', '2026-06-16', '2027-01-01');

/** Few words, few vectors, few filters: many ties, many units without a vector or without terms. */
export const unitsArb: fc.Arbitrary<Unit[]> = fc
  .array(
    fc.record({
      level: fc.constantFrom(...unitLevels),
      terms: fc.array(termArb, { maxLength: 12 }),
      vector: optional(vectorArb),
      filter: fc.record({
        audience: fc.uniqueArray(audience, { maxLength: 2 }),
        region: optional(region),
        department: optional(department),
        validFrom: optional(day),
        validTo: optional(day),
      }),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(
      ({ vector, ...one }, i): Unit => ({
        id: `i${(i * 7) % 64}#${i % 3}`,
        itemId: `i${(i * 7) % 64}`,
        ...one,
        ...(vector ? { vector } : {}),
      }),
    ),
  );

export const queryArb: fc.Arbitrary<UnitQuery> = fc.record({
  terms: fc.array(fc.oneof({ weight: 6, arbitrary: termArb }, fc.constant('没见')), { maxLength: 6 }),
  vector: optional(vectorArb),
  denseWeight: fc.constantFrom(0, 0.25, 1),
});

export const filterArb: fc.Arbitrary<UnitFilter> = fc
  .record({ on: day, region: optional(region), audience: optional(audience), department: optional(department) })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as unknown as UnitFilter);
