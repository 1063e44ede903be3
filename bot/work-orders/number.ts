/** Work order numbers: GD, two digits of the year, seven of a counter, one check digit: GD2600001238. Easy to read out and to type by SMS. */

/**
 * Multiplication table of a totally anti-symmetric quasigroup: the check digit finds every single wrong digit and every swap of neighbours.
 * Source: H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004), the order-10 table given there.
 */
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

const checkDigit = (digits: string): number =>
  [...digits].reduce((interim, digit) => Number(damm[interim]?.[Number(digit)] ?? Number.NaN), 0);

/** The number of the `serial`-th order (from 1) of a year. Errors: RangeError from ten million orders a year. */
export function workOrderNumber(year: number, serial: number): string {
  if (!Number.isInteger(serial) || serial < 1 || serial > 9_999_999) throw new RangeError(`no number for order ${serial} of ${year}`);
  const digits = `${String(year % 100).padStart(2, '0')}${String(serial).padStart(7, '0')}`;
  return `GD${digits}${checkDigit(digits)}`;
}

/**
 * Reads a number as people write it: full-width, lower case, with spaces or dashes, without the letters.
 * Returns undefined for what is no number, `wrong` for a mistyped one (check digit).
 */
export function readWorkOrderNumber(text: string): string | 'wrong' | undefined {
  const plain = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  const digits = /^(?:GD)?(\d{10})$/.exec(plain)?.[1];
  if (digits === undefined) return undefined;
  return checkDigit(digits) === 0 ? `GD${digits}` : 'wrong';
}
