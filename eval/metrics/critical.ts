/**
 * Critical tokens of a text, read by rules of the evaluation's own: amounts, durations, dates and shares with their units, phone numbers,
 * articles, document names and links. The answerer checks its numbers itself (bot/answer/ground.ts); a measure that asked the same code would
 * only repeat what that code thinks. Units belong to the token here: 20个工作日 is not held up by 20天.
 */
import { digitise } from '../../bot/answer/ground.ts';
import type { Passage } from '../../knowledge/index/types.ts';
import { normalise } from '../../knowledge/text/normalise.ts';

const link = /https?:\/\/[^\s)）\]]+/g;
const documentName = /《([^》]{2,120})》/g;
/** Longest first, since 工作日 must not be read as 日. */
const unit = '万元|元|个?工作日|个?自然日|个月|周岁|岁|小时|分钟|平方米|平米|号窗口|%|周|天|日|月|年|条|款|次|份|张|寸|人|米|楼';
const quantity = new RegExp(`(\\d+(?:\\.\\d+)?(?:[-–:./]\\d+(?:\\.\\d+)?)*)(${unit})?`, 'gu');

const oneSpelling = (text: string): string =>
  digitise(normalise(text.replace(/\[\d+\]/g, ' ')).replace(/百分之([零〇一二两三四五六七八九十百]+|\d+(?:\.\d+)?)/g, '$1%'))
    .replace(/^\s*(?:[-*]|\d+[.、])\s+/gm, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/块钱?|元整/g, '元')
    .replace(/(?<=\d)\s+(?=\p{Script=Han}|%)/gu, '');

const unitNames: Readonly<Record<string, string>> = { 个工作日: '工作日', 个自然日: '天', 自然日: '天', 周岁: '岁', 平米: '平方米' };

/** The tokens of a text, each in one spelling, as often as they occur. */
export function criticalTokensOf(text: string): string[] {
  const links = (text.match(link) ?? []).map((one) => one.toLowerCase().replace(/[/.。，]+$/u, ''));
  const plain = oneSpelling(text.replace(link, ' '));
  const documents = [...plain.matchAll(documentName)].map(([, name = '']) => `《${name}》`);
  const quantities = [...plain.matchAll(quantity)].map(([, n = '', of = '']) => `${n.replace(/\.0+$/, '')}${unitNames[of] ?? of}`);
  return [...links, ...documents, ...quantities];
}

/** Everything of a passage that an answer may rest on. */
const sourceText = ({ title, heading, text, docNo, validFrom, url }: Passage): string =>
  [title, `《${title.replace(/^《|》$/gu, '')}》`, heading, text, docNo, validFrom, url].filter(Boolean).join('\n');

export interface Consistency {
  /** 0..1; 1 without any token. */
  readonly share: number;
  readonly unsupported: readonly string[];
}

/** Share of the answer's critical tokens that stand in the sources. */
export function consistencyWith(answer: string, sources: readonly string[]): Consistency {
  const tokens = criticalTokensOf(answer);
  const there = new Set(sources.flatMap(criticalTokensOf));
  const unsupported = tokens.filter((token) => !there.has(token));
  return { share: tokens.length === 0 ? 1 : 1 - unsupported.length / tokens.length, unsupported };
}

/** The same against the passages an answer cites. */
export const consistencyWithPassages = (answer: string, passages: readonly Passage[]): Consistency =>
  consistencyWith(answer, passages.map(sourceText));

/** The gold documents as texts. */
export const textsOfPassages = (passages: readonly Passage[]): string[] => passages.map(sourceText);
