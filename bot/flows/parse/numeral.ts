/** Chinese numerals: 三十五, 一百零五, 两万三, 二〇二六, 十二点五. */

const digits: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  幺: 1,
};
const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };

/** Characters a numeral may consist of, for use inside a regular expression's brackets. */
export const numeralChars = '零〇一二两三四五六七八九十百千万亿点';

/** 一三八〇〇一三八〇〇〇 → 13800138000; undefined when there is anything but single digits. */
export function digitString(text: string): string | undefined {
  const found = [...text].map((char) => digits[char]);
  return text !== '' && found.every((digit) => digit !== undefined) ? found.join('') : undefined;
}

/**
 * The value of a Chinese numeral, or undefined when it isn't exactly one: 七八十, 三五 and 两三 are estimates, 百十 is none.
 */
export function readNumeral(text: string): number | undefined {
  const [whole = '', fraction, ...rest] = text.split('点');
  if (rest.length > 0) return undefined;
  const value = readWhole(whole);
  if (value === undefined || fraction === undefined) return value;
  const decimals = digitString(fraction);
  return decimals === undefined ? undefined : Number(`${value}.${decimals}`);
}

function readWhole(text: string): number | undefined {
  const plain = digitString(text);
  if (plain !== undefined) return plain.length === 2 && !/[零〇]/.test(text) ? undefined : Number(plain);
  for (const [sign, size] of [
    ['亿', 1e8],
    ['万', 1e4],
  ] as const) {
    const at = text.lastIndexOf(sign);
    if (at < 0) continue;
    const high = readWhole(text.slice(0, at));
    const low = readLow(text.slice(at + 1), size / 10);
    return high === undefined || low === undefined || high === 0 ? undefined : high * size + low;
  }
  return readBelowTenThousand(text);
}

/** What follows 万 or 亿; one bare digit stands for the next lower unit: 两万三 is 23000. */
function readLow(text: string, nextUnit: number): number | undefined {
  if (text === '') return 0;
  const single = [...text].length === 1 ? digits[text] : undefined;
  if (single !== undefined) return single === 0 ? undefined : single * nextUnit;
  return text.startsWith('零') ? readWhole(text.slice(1)) : readWhole(text);
}

function readBelowTenThousand(text: string): number | undefined {
  let total = 0;
  let pending: number | undefined;
  let lastUnit = 10_000;
  let zero = false;
  for (const char of text) {
    const digit = digits[char];
    const unit = units[char];
    if (digit !== undefined) {
      if (pending !== undefined) return undefined;
      if (digit === 0) zero = true;
      else pending = digit;
    } else if (unit !== undefined && unit < lastUnit && (pending !== undefined || (unit === 10 && (total === 0 || zero)))) {
      total += (pending ?? 1) * unit;
      lastUnit = unit;
      pending = undefined;
      zero = false;
    } else return undefined;
  }
  if (pending === undefined) return zero ? undefined : total;
  // 三百五 means 350, 三百零五 means 305.
  return total + pending * (zero || lastUnit <= 10 || lastUnit === 10_000 ? 1 : lastUnit / 10);
}
