/** Options named by where they stand: 2, 第二个, 选B, 上面那个, 倒数第二个, the last one. */
import { englishNumeral } from './english.ts';
import { readNumeral } from './numeral.ts';

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'];
const lead = '(?:嗯|好|那就?|我?就?(?:要|选择?|办|是)?)*';
const count = '(?:个|项|种|条|号|样|款)?';
const end = '(?:吧|呢|的|啊|好了|就行|谢谢)*';
const chinese = new RegExp(`^${lead}(?:第|选项)?(\\d{1,2}|[一二两三四五六七八九十]{1,2})${count}${end}$`);
const fromTheEnd = new RegExp(`^${lead}倒数第?(\\d|[一二两三四五六])${count}${end}$`);
const letter = /^(?:那?我?就?选?(?:择|项)?|(?:i'?llhave|i'?lltake|ichoose)?(?:option|choice)?)([a-l])(?:项)?(?:吧|please)?$/;
const firstOnes = new RegExp(`^${lead}(?:头一|最上面?那?|最前面?那?|最上边那?|第一)(?:一?个|项|种|条|的)?${end}$`);
const lastOnes = new RegExp(`^${lead}(?:最后|最下面|最后面|末尾|最下边)(?:一|那|的|面)?${count}${end}$`);
const upper = new RegExp(`^${lead}(?:上面|上边|前面|前头|前)(?:的|那|这)*(?:一?个|项|种|条|者)?${end}$`);
const lower = new RegExp(`^${lead}(?:下面|下边|后面|后头|后)(?:的|那|这)*(?:一?个|项|种|条|者)?${end}$`);
const middle = new RegExp(`^${lead}(?:中间|当中)(?:的|那|这)*(?:一?个|项|种|条)?${end}$`);
const englishLead = "(?:i'?d|i'?ll|i|like|take|choose|want|pick|go|with|have|to)*(?:the)?";
const englishOrdinal = new RegExp(
  `^${englishLead}(${ordinals.join('|')}|last|middle|former|latter|\\d{1,2}(?:st|nd|rd|th))(?:one|option|choice)?(?:please|thanks)?$`,
);
const englishNumber = new RegExp(`^${englishLead}(?:option|number|choice|no)(\\d{1,2}|[a-z]+?)(?:please|thanks)?$`);

/**
 * The place (0 …) among `options` options that an answer names, undefined when it names none. Input: normalised, without blanks and
 * punctuation. 上面那个 and 前者 are clear between two only, 中间那个 among three.
 */
export function positionIn(bare: string, options: number): number | undefined {
  const found = place(bare, options);
  return found !== undefined && found >= 0 && found < options ? found : undefined;
}

function place(bare: string, options: number): number | undefined {
  const spoken = chinese.exec(bare)?.[1];
  if (spoken !== undefined) return numberOf(spoken) - 1;
  const backwards = fromTheEnd.exec(bare)?.[1];
  if (backwards !== undefined) return options - numberOf(backwards);
  const sign = letter.exec(bare)?.[1];
  if (sign !== undefined) return sign.charCodeAt(0) - 97;
  if (firstOnes.test(bare)) return 0;
  if (lastOnes.test(bare)) return options - 1;
  if (options === 2 && upper.test(bare)) return 0;
  if (options === 2 && lower.test(bare)) return 1;
  if (options === 3 && middle.test(bare)) return 1;
  return inEnglish(bare, options);
}

function inEnglish(bare: string, options: number): number | undefined {
  const ordinal = englishOrdinal.exec(bare)?.[1];
  if (ordinal === 'last') return options - 1;
  if (ordinal === 'middle') return options === 3 ? 1 : undefined;
  if (ordinal === 'former' || ordinal === 'latter') return options === 2 ? Number(ordinal === 'latter') : undefined;
  if (ordinal !== undefined) return /^\d/.test(ordinal) ? Number.parseInt(ordinal, 10) - 1 : ordinals.indexOf(ordinal);
  const number = englishNumber.exec(bare)?.[1];
  if (number === undefined) return undefined;
  const value = /^\d/.test(number) ? Number(number) : englishNumeral(number);
  return value === undefined ? undefined : value - 1;
}

const numberOf = (text: string): number => (/\d/.test(text) ? Number(text) : (readNumeral(text) ?? 0));
