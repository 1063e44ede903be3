/** Check digits of citizen numbers, credit codes and bank cards. */

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Checks the last character of an 18-character citizen number. Source: GB 11643-1999 (ISO 7064 MOD 11-2). */
export function isIdCard(value: string): boolean {
  if (!/^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/.test(value)) return false;
  const sum = idWeights.reduce((total, weight, i) => total + weight * Number(value[i]), 0);
  return '10X98765432'[sum % 11] === value[17]?.toUpperCase();
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * Checks form and last character of an 18-character unified social credit code: registering body, kind, six digits of the place, nine
 * characters of the body (no I, O, S, V, Z), a check character with powers of 3 modulo 31 as weights. Source: GB 32100-2015.
 */
export function isCreditCode(value: string): boolean {
  if (!/^[1-9ANY][1-59]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/i.test(value)) return false;
  const numbers = [...value.toUpperCase()].map((character) => creditAlphabet.indexOf(character));
  let weight = 1;
  let sum = 0;
  for (const number of numbers.slice(0, 17)) {
    sum += number * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (sum % 31)) % 31 === numbers[17];
}

/** Luhn check of a bank card number. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}
