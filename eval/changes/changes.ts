/** Other ways of putting the same question, by rule: what a citizen types on another keyboard, politely, in a hurry or in another script. */
import { toTraditional } from '../../knowledge/text/traditional.ts';
import { seeded } from '../stats/random.ts';

export const changeNames = ['polite', 'filler', 'typo', 'width', 'numerals', 'spaces', 'hant', 'no_marks', 'channel'] as const;
export type ChangeName = (typeof changeNames)[number];

/** The question as it is changed; undefined where the change would leave it as it was. `seed` decides where chance is part of it. */
export type Change = (question: string, seed: number) => string | undefined;

const numerals = '零一二三四五六七八九';

const different = (change: (question: string, seed: number) => string): Change => {
  return (question, seed) => {
    const changed = change(question, seed);
    return changed === question ? undefined : changed;
  };
};

/** Marks at the end come off before something is put behind. */
const open = (question: string): string => question.replace(/[？?。.！!～~\s]+$/u, '');

export const changes: Readonly<Record<ChangeName, Change>> = {
  polite: (question) => `您好，麻烦问一下，${open(question)}，谢谢您！`,
  filler: (question) => `那个……嗯，我想问问哈，${open(question)}啊`,
  typo: different(swapped),
  /** Digits and Latin letters full width, marks half width: an input method in the other mode. */
  width: different((question) =>
    question
      .replace(/[0-9A-Za-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
      .replace(/[，？！：；（）]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replaceAll('。', '.'),
  ),
  /** 40 becomes 四十, 三个月 becomes 3个月. */
  numerals: different((question) =>
    /\d/.test(question)
      ? question.replace(/(?<![\d.])\d{1,2}(?![\d.])/g, (digits) => inWords(Number(digits)))
      : question.replace(/(?<![零一二三四五六七八九十第])[二三四五六七八九](?=(?:个月|个|岁|年|天|次|套|本|张)(?!件事))/gu, (one) =>
          String(numerals.indexOf(one)),
        ),
  ),
  spaces: different((question) =>
    question.replace(/(?<=\p{Script=Han}{4})(?=\p{Script=Han}{2})/gu, ' ').replace(/( [^ ]{1,3})(?= )/gu, '$1'),
  ),
  hant: different((question) => toTraditional(question, 't')),
  no_marks: different((question) => question.replace(/[\p{P}\s]+/gu, '')),
  /** The same words; the kind `consistency` sends them over a channel that shows text only. */
  channel: (question) => question,
};

function inWords(n: number): string {
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  if (tens === 0) return numerals[ones] ?? '';
  return `${tens === 1 ? '' : numerals[tens]}十${ones === 0 ? '' : numerals[ones]}`;
}

/** Two neighbouring characters change places, as fast fingers do; never within a number or a Latin word. */
function swapped(question: string, seed: number): string {
  const signs = [...question];
  const places = signs.flatMap((sign, i) => {
    const next = signs[i + 1];
    return next !== undefined && sign !== next && /\p{Script=Han}/u.test(sign) && /\p{Script=Han}/u.test(next) ? [i] : [];
  });
  const at = places[Math.floor(seeded(seed)() * places.length)];
  if (at === undefined) return question;
  return [...signs.slice(0, at), signs[at + 1], signs[at], ...signs.slice(at + 2)].join('');
}
