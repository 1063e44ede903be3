/** Free text in an answer, with length and pattern. */

import { isCreditCode, isIdCard } from '../../safety/identifiers/checks.ts';
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { digitString } from './numeral.ts';

/**
 * Reads a text. With a pattern, the whole answer is tried first, then in capitals, then spoken digits (五六七八), then the only
 * piece of a sentence that fits (我的编号是 AL2026000101).
 */
export function parseText(slot: Extract<Slot, { type: 'text' }>, given: string): Parsed<string> {
  const text = given.normalize('NFKC').replaceAll('\u0000', '').trim();
  if (slot.format !== undefined) return parseNumbered(slot.format, slot.label, text);
  const value = slot.pattern === undefined ? text : fitting(slot.pattern, text);
  if (value === undefined) return { ok: false, message: slot.patternMessage ?? `“${slot.label}”的格式不对，请再看看。` };
  const length = [...value].length;
  if (slot.min !== undefined && length < slot.min) return { ok: false, message: `${slot.label}至少要 ${slot.min} 个字，请再看看。` };
  if (slot.max !== undefined && length > slot.max) return { ok: false, message: `${slot.label}最多 ${slot.max} 个字，请写短一点。` };
  return { ok: true, value };
}

/** Identity numbers and credit codes: shape first, then the check character, each with its own reason. */
const numbered = {
  id_number: { shape: '\\d{17}[\\dXx]', is: isIdCard, told: '是 18 位，最后一位可能是字母 X' },
  credit_code: { shape: '[0-9A-HJ-NP-RT-UW-Ya-hj-np-rt-uw-y]{18}', is: isCreditCode, told: '是 18 位数字和大写字母，在营业执照右上角' },
} as const;

function parseNumbered(format: keyof typeof numbered, label: string, text: string): Parsed<string> {
  const { shape, is, told } = numbered[format];
  const value = fitting(shape, text)?.toUpperCase();
  if (value === undefined) return { ok: false, message: `${label}${told}，请数一数。` };
  return is(value) ? { ok: true, value } : { ok: false, message: `这个${label}校验不对，多半是抄错了一位，请对着证件再看看。` };
}

function fitting(pattern: string, text: string): string | undefined {
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  const bare = text.replace(/\s+/g, '').replace(/[。.！!，,]+$/, '');
  const forms = [text, bare, bare.toUpperCase(), digitString(bare)].filter((form) => form !== undefined);
  const exact = forms.find((form) => whole.test(form));
  if (exact !== undefined) return exact;
  // A piece counts only when it stands alone: four digits inside a longer number are not the last four.
  const piece = new RegExp(`(?<![0-9A-Za-z])(?:${pattern})(?![0-9A-Za-z])`, 'gu');
  for (const form of [text, text.toUpperCase()]) {
    const found = new Set([...form.matchAll(piece)].map(([match]) => match).filter((match) => match !== ''));
    if (found.size === 1) return [...found][0];
  }
  return undefined;
}
