/**
 * Takes out characters nobody can see: they can carry instructions past an editor's eyes (Unicode tags), turn text around
 * (bidi controls) or break matching (zero width). Source: Unicode TR 36 and TR 39, the default-ignorable ranges.
 */
import { withoutMarkup } from './markup.ts';
import type { Path } from './record.ts';

const hidden: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Unicode tags', /[\u{E0000}-\u{E007F}]/gu],
  // A variation selector after an ideograph picks a form of a rare character (names!); elsewhere it only hides data.
  ['stray variation selectors', /(?<!\p{Ideographic})[\u{E0100}-\u{E01EF}]/gu],
  ['zero-width characters', /[\u00AD\u200B-\u200D\u2060-\u2064\uFEFF]/g],
  ['text direction controls', /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F]/g],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  ['NUL and control characters', /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g],
];

/** The text without hidden characters, and the kinds that were in it. */
export function cleanText(text: string): { text: string; kinds: string[] } {
  const kinds: string[] = [];
  let clean = text;
  for (const [name, pattern] of hidden) {
    const next = clean.replace(pattern, '');
    if (next !== clean) kinds.push(name);
    clean = next;
  }
  return { text: clean, kinds };
}

export interface Found {
  readonly path: Path;
  /** Hidden characters that were taken out. */
  readonly hidden: string[];
  /** Markup that was made harmless. */
  readonly markup: string[];
}

const maxDepth = 50;

/** Cleans every string inside plain data (see also markup.ts), keys of hidden characters only. Throws a RangeError for data nested deeper than any record is. */
export function cleanValue(value: unknown, path: Path = []): { value: unknown; found: Found[] } {
  if (path.length > maxDepth) throw new RangeError(`is nested deeper than ${maxDepth} levels`);
  if (typeof value === 'string') {
    const visible = cleanText(value);
    const { text, kinds: markup } = withoutMarkup(visible.text);
    return { value: text, found: text === value ? [] : [{ path, hidden: visible.kinds, markup }] };
  }
  if (Array.isArray(value)) {
    const parts = value.map((entry, index) => cleanValue(entry, [...path, index]));
    return { value: parts.map((part) => part.value), found: parts.flatMap((part) => part.found) };
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, entry]) => [cleanText(key).text, cleanValue(entry, [...path, key])] as const);
    return { value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])), found: parts.flatMap(([, part]) => part.found) };
  }
  return { value, found: [] };
}
