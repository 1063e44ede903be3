/** English number words: thirty-five, two hundred and six, a dozen thousand is none. */

const small: Record<string, number> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales: Record<string, number> = { thousand: 1e3, million: 1e6 };
const word = [...Object.keys(small), ...tens, 'hundred', ...Object.keys(scales)].sort((a, b) => b.length - a.length).join('|');
/** The second one, no one: a pronoun, no number. */
const pronoun = '(?!(?<=(?:the|this|that|which|no|any|every|some|first|second|third|last|other|cheap|cheaper) )one(?![a-z]))';
const run = new RegExp(
  `(?<![a-z])${pronoun}(?:a (?=hundred|thousand|million))?(?:${word})(?:[ -]+(?:and )?(?:${word})(?![a-z]))*(?![a-z])`,
  'g',
);

/** The value of number words joined by blanks, hyphens or and; undefined when they are no single number (five six). */
export function englishNumeral(text: string): number | undefined {
  let [total, group, last] = [0, 0, Number.POSITIVE_INFINITY];
  const parts = text.split(/[ -]+/).filter((part) => part !== 'and' && part !== 'a' && part !== '');
  if (parts.length === 0) return undefined;
  for (const part of parts) {
    const ten = tens.indexOf(part);
    const digit = ten >= 0 ? (ten + 2) * 10 : small[part];
    if (digit !== undefined) {
      // Only something smaller than the step before may follow: twenty five, never five six.
      const size = ten >= 0 ? 10 : digit >= 10 ? 5 : 1;
      if (size >= last || (last === 5 && size === 1)) return undefined;
      group += digit;
      last = size;
    } else if (part === 'hundred') {
      if (last < 1 || group >= 100) return undefined;
      group = (group || 1) * 100;
      last = 100;
    } else {
      const scale = scales[part];
      if (scale === undefined || (total !== 0 && scale >= lowestScale(total))) return undefined;
      total += (group || 1) * scale;
      group = 0;
      last = Number.POSITIVE_INFINITY;
    }
  }
  return total + group;
}

/** Number words of a text become digits: i am thirty-five → i am 35. Input: normalised. */
export function withDigits(plain: string): string {
  if (!/[a-z]{3}/.test(plain)) return plain;
  return plain.replace(run, (words) => String(englishNumeral(words) ?? words));
}

const lowestScale = (total: number): number => (total % 1e6 === 0 ? 1e6 : 1e3);
