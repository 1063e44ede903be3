/** Numbers whose digits stand apart: 138。0013。8000, 1-3-8-0-0-…, 110105/19491231/002X. Any mark may separate, so the groups must be telling. */
import { isIdCard, isLuhn } from './checks.ts';
import type { IdentifierKind } from './rules.ts';

export interface Found {
  readonly kind: IdentifierKind;
  readonly start: number;
  readonly end: number;
}

/** Up to three marks between two groups; percent and money signs say that a figure ends. What we put in place of an identifier is no mark. */
const mark = '[^\\p{L}\\p{N}\\p{Co}⟨⟩%‰％¥￥$€℃\\u001e]';
const run = new RegExp(`\\d+(?:${mark}{1,3}\\d+)+(?:${mark}{0,3}[Xx](?![A-Za-z\\d]))?`, 'gu');
const group = /\d+[Xx]?|[Xx]/g;
/** How people group a mobile number and a citizen number. */
const phoneShapes: ReadonlySet<string> = new Set(['344', '38', '74', '443', '434', '56', '65', '335']);
const idShapes: ReadonlySet<string> = new Set(['684', '6444', '6(12)', '(14)4', '64224', '6822', '62244']);
/** Digits of the shortest of them. */
export const fewestApart = 11;
const longest = 19;
/** A list of sums has a measure behind it, a list of years is one. */
const measured = /^[^\S\n]?(?:元|块|万|亿|天|日|年|月|个|人|户|份|次|页|平|岁|%|㎡|kg|km)/;
const lists = /[,，、;；]/;

interface Group {
  readonly text: string;
  readonly start: number;
}

function kindOf(window: readonly Group[], joined: string, marks: string, behind: string): IdentifierKind | undefined {
  const shape = window.map(({ text }) => (text.length > 9 ? `(${text.length})` : text.length)).join('');
  const single = /^1+$/.test(shape);
  if (joined.length === 18 && (isIdCard(joined) || (idShapes.has(shape) && /^[1-9]\d{5}(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d/.test(joined))))
    return 'ID_CARD';
  if (/[Xx]/.test(joined)) return undefined;
  const local = joined.replace(/^(?:00)?86(?=1[3-9]\d{9}$)/, '');
  if (/^1[3-9]\d{9}$/.test(local)) {
    const own = /^(?:4|2)/.test(shape) && local !== joined ? shape.slice(1) : shape;
    if (single || (phoneShapes.has(own) && !(lists.test(marks) && measured.test(behind)))) return 'PHONE';
  }
  const years = window.every(({ text }) => /^(?:19|20)\d\d$/.test(text));
  if (
    joined.length >= 13 &&
    (single || (/^4{3,4}[1-4]?$/.test(shape) && !years) || /^6(?:[789]|\(1[0-3]\))$/.test(shape)) &&
    isLuhn(joined)
  )
    return 'BANK_CARD';
  return undefined;
}

/** All such numbers of a text, in order, none overlapping. */
export function standingApart(text: string): Found[] {
  const found: Found[] = [];
  for (const one of text.matchAll(run)) {
    if (one[0].length < 12) continue;
    const groups: Group[] = [...one[0].matchAll(group)].map(({ 0: part, index }) => ({ text: part, start: one.index + index }));
    for (let first = 0; first < groups.length; first++) {
      let joined = '';
      let match: { last: number; kind: IdentifierKind } | undefined;
      for (let last = first; last < groups.length && joined.length < longest; last++) {
        joined += groups[last]?.text;
        if (last === first || joined.length < 11 || joined.length > longest) continue;
        const window = groups.slice(first, last + 1);
        const end = endOf(groups[last] as Group);
        const marks = text.slice(groups[first]?.start, end);
        const kind = kindOf(window, joined, marks, text.slice(end, end + 4));
        if (kind) match = { last, kind };
      }
      if (!match) continue;
      found.push({ kind: match.kind, start: groups[first]?.start as number, end: endOf(groups[match.last] as Group) });
      first = match.last;
    }
  }
  return found;
}

const endOf = ({ text, start }: Group): number => start + text.length;
