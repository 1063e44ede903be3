/** The grounding check: every critical token of an answer must stand in a passage it cites, after normalisation. */
import type { Passage } from '../../knowledge/index/types.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import type { Draft } from './draft.ts';

const digitsOf: Record<string, string> = {
  零: '0',
  〇: '0',
  一: '1',
  二: '2',
  两: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
};

/** Chinese numerals up to 9999 become digits: 二十个工作日 → 20个工作日; digit strings (二〇二五) go one by one. */
export function digitise(text: string): string {
  return text.replace(/[零〇一二两三四五六七八九十百千]+/gu, (run) => {
    if (!/[十百千]/u.test(run)) return run.length > 1 ? [...run].map((c) => digitsOf[c] ?? c).join('') : (digitsOf[run] ?? run);
    let total = 0;
    let digit = 0;
    for (const c of run) {
      if (c === '十' || c === '百' || c === '千') {
        total += (digit || 1) * (c === '十' ? 10 : c === '百' ? 100 : 1000);
        digit = 0;
      } else digit = Number(digitsOf[c] ?? 0);
    }
    return String(total + digit);
  });
}

/** One spelling for comparing: list numbers and citation marks off, thousands joined, no spaces but between two numbers. */
const canonicalText = (text: string) =>
  text
    .replace(/\[\d+\]/g, ' ')
    .split('\n')
    .map((line) => comparable(line.replace(/^\s*(?:[-*]|\d+\.)\s+/, '')))
    .join('\n');

const comparable = (line: string) =>
  digitise(normalise(line).replace(/百分之([零〇一二两三四五六七八九十百]+|\d+(?:\.\d+)?)/g, '$1%'))
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/(?<!\d)\s+|\s+(?!\d)/g, '')
    .replace(/块钱?|元整/g, '元');

const documentName = /《[^》]{2,120}》/g;
const link = /https?:\/\/[^\s)）]+/g;
const number = /\d+(?:[-.:–]\d+)*%?/g;

/** Amounts, dates, durations, phone numbers, links and document names of a text, in the form they are compared in. */
export function criticalTokens(text: string): string[] {
  const links = text.match(link) ?? [];
  const plain = canonicalText(text.replace(link, ' '));
  return [...links.map((one) => one.toLowerCase()), ...(plain.match(documentName) ?? []), ...(plain.match(number) ?? [])];
}

/** Source lines a text is made of stand in it as they are, with a bullet before and marks behind. */
const around = /^\s*(?:[-*]|\d+\.)\s+|\s*(?:\[\d+\])+\s*$/g;
/** A document's name that goes on in the next line belongs to no single line. */
const acrossLines = /[《︽][^》\n]*\n/;

/** The text without the lines that are lines of the passages: these support themselves. */
function notQuoted(text: string, citations: readonly Passage[]): string {
  if (acrossLines.test(text)) return text;
  const lines = citations.map(linesOf);
  return text
    .split('\n')
    .filter((line) => {
      const bare = line.replace(around, '');
      // A mark in the middle may hide the number of a list behind it.
      return bare.includes('http') || bare.includes('[') || !lines.some((known) => known.has(bare));
    })
    .join('\n');
}

const sourceLines = new WeakMap<Passage, ReadonlySet<string>>();

/** The lines of a passage; none where its names of documents go over several. */
function linesOf(passage: Passage): ReadonlySet<string> {
  const known = sourceLines.get(passage);
  if (known) return known;
  const lines = new Set(acrossLines.test(sourceText(passage)) ? [] : passage.text.split('\n').map((line) => line.replace(around, '')));
  sourceLines.set(passage, lines);
  return lines;
}

/**
 * Tokens of the draft that no cited passage (text, title, heading, document number, date or address) supports; empty means grounded.
 * Fixed wording (origin template) carries no facts of the knowledge base and is not checked.
 */
export function unsupportedTokens(draft: Draft): string[] {
  if (draft.origin === 'template') return [];
  const rest = notQuoted(draft.text, draft.citations);
  if (!critical.test(rest)) return [];
  const supported = new Set(draft.citations.flatMap(tokensOf));
  return criticalTokens(rest).filter((token) => !supported.has(token));
}

/** Anything else holds no token: no digit, no numeral or what may become one, no name of a document, no link. */
const critical =
  /[^\n\t -/:-`{-~\u2010-\u201f\u3001\u3002\u3008\u3009\u300c-\u3011\u4e00-\u9fa5\uff01-\uff0f\uff1a-\uff20]|[零〇一二两兩三四五六七八九十百千韆]/;

const sourceTokens = new WeakMap<Passage, readonly string[]>();

/** What a passage supports; worked out once, it is cited again and again. */
function tokensOf(passage: Passage): readonly string[] {
  const known = sourceTokens.get(passage);
  if (known) return known;
  const tokens = criticalTokens(sourceText(passage));
  sourceTokens.set(passage, tokens);
  return tokens;
}

function sourceText({ title, heading, text, docNo, validFrom, url }: Passage): string {
  return [title, `《${title.replace(/^《|》$/gu, '')}》`, heading, text, docNo, validFrom, url].filter(Boolean).join('\n');
}
