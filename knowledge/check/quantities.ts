/** Amounts, durations and the like in running text, in one spelling, so that 二十个工作日 and 20个工作日 are the same. */
import { normalise } from '../text/normalise.ts';

export type Unit = 'yuan' | 'working_day' | 'day' | 'month' | 'year' | 'percent' | 'age';

/** A number with its unit, and the words it stands in. */
export interface Quantity {
  readonly unit: Unit;
  readonly value: number;
  /** The clause around it in one spelling: what is being measured. */
  readonly clause: string;
  /** The quantity as it is written, in one spelling: 20个工作日. */
  readonly words: string;
}

const digits = '零一二三四五六七八九';
const places: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };

/** 二十 → 20, 一万二 → 10002 is not said in guides; runs without 十百千万 are read digit by digit (二〇二六 → 2026). */
function readChinese(run: string): string {
  const plain = run.replaceAll('〇', '零').replaceAll('两', '二');
  if (!/[十百千万]/u.test(plain)) return [...plain].map((c) => digits.indexOf(c)).join('');
  let [total, section, digit] = [0, 0, 0];
  for (const c of plain) {
    const place = places[c];
    if (c === '万') {
      total = (total + section + digit) * 10_000;
      [section, digit] = [0, 0];
    } else if (place !== undefined) {
      section += (digit || 1) * place;
      digit = 0;
    } else digit = Math.max(0, digits.indexOf(c));
  }
  return String(total + section + digit);
}

/** One spelling for numbers: Arabic digits, no thousands separators, 万 multiplied out, 半年 = 6个月, no spaces around them. */
export function plainNumbers(text: string): string {
  return normalise(text)
    .replace(/半年/gu, '6个月')
    .replace(/[零〇一二两三四五六七八九十百千万]+(?=\s*(?:[个日天月年元块周岁]|%|$)|分之)/gu, (run) =>
      run === '万' ? run : readChinese(run),
    )
    .replace(/百分之(\d+)/gu, '$1%')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/gu, '')
    .replace(/\s*(\d+(?:\.\d+)?)\s*/gu, '$1')
    .replace(/(\d+(?:\.\d+)?)万/gu, (_, value: string) => String(Math.round(Number(value) * 10_000)))
    .replace(/块钱?|元整/gu, '元');
}

const number = String.raw`(\d+(?:\.\d+)?)`;
const range = String.raw`(?:(\d+(?:\.\d+)?)(?:元|%|个?月|个?工作日|天|日|年)?[-~–—至到])?`;
/** A date (3月10日, 2026年) is no duration. */
const patterns: readonly { unit: Unit; pattern: RegExp }[] = [
  { unit: 'yuan', pattern: new RegExp(`${range}${number}元`, 'gu') },
  { unit: 'working_day', pattern: new RegExp(`${range}${number}个?工作日`, 'gu') },
  { unit: 'day', pattern: new RegExp(`(?<![\\d月])${range}${number}个?(?:自然日|日历日|天|日(?!期|常))`, 'gu') },
  { unit: 'month', pattern: new RegExp(`${range}${number}个月`, 'gu') },
  { unit: 'year', pattern: new RegExp(`${range}(?<!\\d)(\\d{1,2})(?:周年|年)(?!\\d+月|代|级|度)`, 'gu') },
  { unit: 'percent', pattern: new RegExp(`${range}${number}%`, 'gu') },
  { unit: 'age', pattern: new RegExp(`${range}${number}(?:周岁|岁)`, 'gu') },
];

/** What a clause with a quantity has; looked for before the dear work of bringing it to one spelling. */
const promising = /[\d\p{Nd}零〇一二两三四五六七八九十百千万半].*(?:[元块天日月年岁歲%％個]|分之)|分之/u;

/** Every quantity of a text. `context` names what the whole text is about (a fee's name) and is put before every clause. */
export function quantitiesOf(text: string, context = ''): Quantity[] {
  const found: Quantity[] = [];
  for (const part of text.split(/[。；！？\n，、：]/u)) {
    if (!promising.test(part)) continue;
    for (const clause of plainNumbers(part).split(/[;!?,:]|\s(?=\D)/u)) {
      for (const { unit, pattern } of patterns) {
        for (const match of clause.matchAll(pattern)) {
          for (const value of match.slice(1)) {
            if (value !== undefined) found.push({ unit, value: Number(value), clause: `${context}${clause}`, words: match[0] });
          }
        }
      }
    }
  }
  return found;
}
