/** A number in an answer: 35, 三十五岁, 1.5万, 两年半. Exactly one, or it is asked again. */
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { withDigits } from './english.ts';
import { numeralChars, readNumeral } from './numeral.ts';

const scale: Record<string, number> = { '': 1, 百: 100, 千: 1e3, 万: 1e4, 亿: 1e8 };
// An Arabic number with an optional scale word, or a Chinese numeral; then perhaps a measure word and 半.
const numberForm = new RegExp(
  `((?<![\\d.])[-负]?)(?:(\\d+(?:,\\d{3})*(?:\\.\\d+)?)([百千万亿]?)|([${numeralChars}]+))(?:(?:个|岁|周岁|年|月|天|小时|元|块|平米)*(半))?`,
  'g',
);
// Words that contain numerals but no number.
const noNumber = /一共|一直|一样|一般|一下|一定|十分|万一|统一|千万别?|第一次|一个人|差一点|有点|一点(?!\d|[零一二三四五六七八九])/g;

/** Reads a number within the slot's bounds. `plain` is normalised text. */
export function parseNumber(slot: Extract<Slot, { type: 'number' }>, plain: string): Parsed<number> {
  const found = numbersIn(plain);
  const value = found[0];
  if (value === undefined) return { ok: false, message: `请用数字告诉我${slot.label}，比如 ${example(slot)}。` };
  if (found.length > 1 || Number.isNaN(value)) return { ok: false, message: `请只告诉我一个准确的数，比如 ${example(slot)}。` };
  if (!Number.isFinite(value)) return { ok: false, message: '这个数太大了，请看看是不是多打了几位。' };
  if (slot.min !== undefined && value < slot.min) return { ok: false, message: `${slot.label}不能小于 ${slot.min}，请再看看。` };
  if (slot.max !== undefined && value > slot.max) return { ok: false, message: `${slot.label}不能大于 ${slot.max}，请再看看。` };
  return { ok: true, value };
}

/** All numbers of a text; NaN for a numeral that is an estimate (三五个, 七八十). */
export function numbersIn(plain: string): number[] {
  if (/^半(个|年|月|天)?/.test(plain)) return [0.5];
  const text = withDigits(plain.replace(noNumber, ''));
  return [...text.matchAll(numberForm)].map((match) => {
    const [, sign, arabic, unit = '', chinese, half] = match;
    const size = arabic === undefined ? readNumeral(chinese ?? '') : Number(arabic.replaceAll(',', '')) * (scale[unit] ?? 1);
    if (size === undefined) return Number.NaN;
    const value = size + (half === undefined ? 0 : 0.5);
    return sign === '' || value === 0 ? value : -value;
  });
}

function example(slot: Extract<Slot, { type: 'number' }>): number {
  const low = slot.min ?? 0;
  const high = slot.max ?? Math.max(low * 2, low + 60);
  return Math.round(low + (high - low) / 2) <= high ? Math.round(low + (high - low) / 2) : high;
}
