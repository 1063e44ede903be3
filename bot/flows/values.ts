/** Values of slots and how they are shown to a citizen. */
import type { Slot } from './flow.ts';

/** A choice's option value, a text, a phone, an ISO date, a number, or yes/no. The empty string marks a slot that was skipped. */
export type SlotValue = string | number | boolean;

/** The mark of an optional slot the citizen skipped. */
export const SKIPPED = '';

/**
 * A value as a citizen reads it: the option's label, 2026年3月5日, 是/否; 未提供 when skipped. Sensitive values are masked, and
 * what a citizen typed loses the signs that Markdown would turn into links or emphasis.
 */
export function displayValue(slot: Slot, value: SlotValue): string {
  if (value === SKIPPED) return '未提供';
  if (slot.type === 'choice') return slot.options.find((option) => option.value === value)?.label ?? String(value);
  if (slot.type === 'yes_no') return value === true ? slot.yesLabel : slot.noLabel;
  if (slot.type === 'date') return displayDate(String(value));
  const plain = harmless(String(value));
  if (!slot.sensitive) return plain;
  return slot.type === 'phone' ? mask(plain, 3, 4) : mask(plain, 1, 1);
}

/** 2026-03-05 → 2026年3月5日. */
export function displayDate(iso: string): string {
  const [year, month, day] = iso.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

function harmless(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('[', '［')
    .replaceAll(']', '］')
    .replaceAll('*', '＊')
    .replaceAll('<', '＜')
    .replaceAll('>', '＞');
}

/** Hides all but the ends; a value too short to have a middle is hidden whole. Full-width stars, which Markdown leaves alone. */
function mask(text: string, front: number, back: number): string {
  const letters = [...text];
  const shows = letters.length >= (front + back) * 1.5 && letters.length > 4;
  return letters.map((letter, index) => (shows && (index < front || index >= letters.length - back) ? letter : '＊')).join('');
}
