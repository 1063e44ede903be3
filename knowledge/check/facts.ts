/** The quantities an item states, wherever it states them. */
import type { Guide, KnowledgeItem, TimeLimit } from '../item.ts';
import { type Quantity, quantitiesOf, type Unit } from './quantities.ts';

const limitUnits: Record<TimeLimit['unit'], Unit> = { working_day: 'working_day', natural_day: 'day', month: 'month' };
/** Fields that hold no running text, and the summary, which only repeats the rest. */
const silent =
  /^(?:id|summary|guideId|scenarioIds|catalogCode|taskCode|deptCode|docNo|number|version|updatedAt|publishedAt|validFrom|validTo|region|windowNo|hours)$|url$|phone$/i;

/** Every quantity of an item but its summary; those of a guide's limits and fees with what they measure. */
export function factsOf(item: KnowledgeItem): Quantity[] {
  return [
    ...textsOf(item).flatMap((text) => quantitiesOf(text)),
    ...(item.kind === 'guide' ? [...limitFacts(item), ...feeFacts(item)] : []),
  ];
}

/** The running texts inside a value. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => (silent.test(field) ? [] : textsOf(inner)));
}

function limitFacts(guide: Guide): Quantity[] {
  const limits = [
    { limit: guide.promisedLimit, clause: '承诺办结时限' },
    { limit: guide.statutoryLimit, clause: '法定办结时限' },
  ];
  return limits.flatMap(({ limit, clause }) =>
    limit ? [{ unit: limitUnits[limit.unit], value: limit.value, clause, words: limitWords(limit).replace(' ', '') }] : [],
  );
}

/** What a guide charges, each with the name of the fee. */
export function feeFacts(guide: Guide): Quantity[] {
  return guide.fees.flatMap((fee) => [
    ...quantitiesOf(fee.standard, fee.name),
    ...(fee.reduction ? quantitiesOf(fee.reduction, fee.name) : []),
  ]);
}

/** 20 个工作日; 当场办结 for none. */
export function limitWords({ value, unit }: TimeLimit): string {
  if (value === 0) return '当场办结';
  return `${value} ${unit === 'working_day' ? '个工作日' : unit === 'month' ? '个月' : '天'}`;
}
