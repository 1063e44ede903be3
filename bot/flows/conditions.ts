/** Decides conditions over what is known so far. */
import type { Condition } from './schema.ts';
import { SKIPPED, type SlotValue } from './values.ts';

/** Whether a condition holds. Unknown and skipped slots satisfy nothing but `known: false`; numbers compare as numbers. */
export function holds(condition: Condition, known: Readonly<Record<string, SlotValue>>): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, known));
  if ('any' in condition) return condition.any.some((one) => holds(one, known));
  if ('not' in condition) return !holds(condition.not, known);
  const value = Object.hasOwn(known, condition.slot) ? known[condition.slot] : undefined;
  const given = value !== undefined && value !== SKIPPED;
  if ('known' in condition) return given === condition.known;
  if (!given) return false;
  if ('is' in condition) return value === condition.is;
  if ('in' in condition) return condition.in.includes(value);
  return (
    typeof value === 'number' &&
    (condition.gte === undefined || value >= condition.gte) &&
    (condition.lte === undefined || value <= condition.lte) &&
    (condition.gt === undefined || value > condition.gt) &&
    (condition.lt === undefined || value < condition.lt)
  );
}
