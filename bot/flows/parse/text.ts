/** Free text in an answer, with length and pattern. */
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { digitString } from './numeral.ts';

/**
 * Reads a text. With a pattern, the whole answer is tried first, then in capitals, then spoken digits (五六七八), then the only
 * piece of a sentence that fits (我的编号是 AL2026000101).
 */
export function parseText(slot: Extract<Slot, { type: 'text' }>, given: string): Parsed<string> {
  const text = given.normalize('NFKC').replaceAll('\u0000', '').trim();
  const value = slot.pattern === undefined ? text : fitting(slot.pattern, text);
  if (value === undefined) return { ok: false, message: slot.patternMessage ?? `“${slot.label}”的格式不对，请再看看。` };
  const length = [...value].length;
  if (slot.min !== undefined && length < slot.min) return { ok: false, message: `${slot.label}至少要 ${slot.min} 个字，请再看看。` };
  if (slot.max !== undefined && length > slot.max) return { ok: false, message: `${slot.label}最多 ${slot.max} 个字，请写短一点。` };
  return { ok: true, value };
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
