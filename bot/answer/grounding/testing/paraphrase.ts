/** Light paraphrases by rule: what a good model does to a sentence without changing what it says. */
import type { Random } from './random.ts';

type Rule = { readonly name: string; readonly apply: (text: string, random: Random) => string };

const numerals = '零一二三四五六七八九';
/** 0–9999 in Chinese. */
export function spellOut(value: number): string {
  if (value === 0) return '零';
  let text = '';
  let gap = false;
  for (const [size, sign] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(value / size) % 10;
    if (digit === 0) {
      gap = text !== '';
      continue;
    }
    text += (gap ? '零' : '') + numerals[digit] + sign;
    gap = false;
  }
  return text.replace(/^一十/, '十');
}

/** Without the number of a list item: nobody repeats it inside a sentence. */
const unnumbered = (text: string) => text.replace(/^(?:\d+\. |- )/, '');

/** Clauses joined by 、 or in brackets stay whole. */
function clauses(text: string): string[] {
  return text.replace(/[。；]$/, '').split(/，(?![^（]*）)/);
}

const words: readonly (readonly [RegExp, string])[] = [
  [/需要/g, '要'],
  [/办理/g, '办'],
  [/可以/g, '能'],
  [/(?<!也|还)不用/g, '无需'],
  [/居民户口簿/g, '户口本'],
  [/居民身份证/g, '身份证'],
  [/(\d) ?日内/g, '$1天内'],
  [/应当/g, '必须'],
  [/携带|带上/g, '带'],
  [/不收费/g, '免费'],
];

export const rules: readonly Rule[] = [
  { name: 'word for word', apply: (text) => text },
  { name: 'spoken numbers', apply: (text) => spoken(text) },
  { name: 'synonyms', apply: (text) => words.reduce((now, [pattern, word]) => now.replace(pattern, word), text) },
  {
    name: 'polite',
    apply: (text, random) =>
      `${random.pick(['请您注意，', '您好，', '按规定，'])}${unnumbered(text).replace(/[。；]$/, '')}${random.pick(['。', '哦。'])}`,
  },
  {
    name: 'spaces and width',
    apply: (text, random) =>
      random.chance(0.5) ? text.replaceAll(' ', '') : text.replace(/[0-9]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  },
  {
    name: 'a clause left out',
    apply: (text, random) => {
      const list = clauses(text);
      if (list.length < 3) return text;
      list.splice(random.chance(0.5) ? 0 : list.length - 1, 1);
      return `${list.join('，')}。`;
    },
  },
  {
    name: 'clauses the other way round',
    apply: (text) => {
      const list = clauses(unnumbered(text));
      return list.length === 2 && !/^(?:但|并|再|也|就|还|而)/.test(list[1] ?? '') ? `${list[1]}，${list[0]}。` : text;
    },
  },
  {
    name: 'dates and amounts spelt otherwise',
    apply: (text) =>
      text
        .replace(
          /(20\d\d) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日/g,
          (_, y: string, m: string, d: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
        )
        .replace(/(?<!\d)(\d{1,2}):00/g, '$1点')
        .replace(/(\d+(?:\.\d+)?) ?万元/g, (_, n: string) => `${Math.round(Number(n) * 10_000)} 元`)
        .replace(/(\d) ?元(?!旦)/g, '$1 块钱'),
  },
];

/** 20 个工作日 → 二十个工作日. */
export function spoken(text: string): string {
  return text.replace(
    /(?<![\d.:：\-年月A-Za-z%第／/])(\d{1,4}) ?(个工作日|个月|日内|天内|天|元|份|周岁|岁|人|年内|次)(?![\d-])/g,
    (_, n: string, unit: string) => spellOut(Number(n)) + unit,
  );
}
