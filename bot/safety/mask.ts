/** Finds personal identifiers and replaces them with typed tokens before text leaves the core (LLM, log, analyst). */
import { stripInvisible } from '../../knowledge/text/normalise.ts';

export type IdentifierKind =
  | 'ID_CARD'
  | 'PHONE'
  | 'LANDLINE'
  | 'BANK_CARD'
  | 'CREDIT_CODE'
  | 'PLATE'
  | 'PASSPORT'
  | 'TRAVEL_PERMIT'
  | 'EMAIL'
  | 'LONG_NUMBER';

export interface Masked {
  /** The text with every identifier replaced by ⟨KIND:n⟩. */
  readonly text: string;
  /** Token → the characters it stands for. Stays inside the conversation's protected state. */
  readonly originals: ReadonlyMap<string, string>;
}

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

type Rule = { kind: IdentifierKind; pattern: RegExp; accept?: (found: string) => boolean };

const gap = '[\\s\\u00A0-]?';
const digits = (found: string) => found.replace(/[^\dXx]/g, '');

/** Longest and surest first. A number that fails its check digit is still masked from 15 digits on. */
const rules: readonly Rule[] = [
  { kind: 'EMAIL', pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g },
  {
    kind: 'ID_CARD',
    pattern: new RegExp(`(?<![\\dA-Za-z])[1-9](?:${gap}\\d){16}${gap}[\\dXx](?![\\dA-Za-z])`, 'g'),
    accept: (found) => /^[1-9]\d{5}(?:18|19|20)\d{2}/.test(digits(found)) || isIdCard(digits(found)),
  },
  {
    // Sole proprietors are persons: their code leads to a name and an address. One that fails its check is too little to go by.
    kind: 'CREDIT_CODE',
    pattern: new RegExp(`(?<![\\dA-Za-z])[0-9A-HJ-NPQRTUWXY](?:${gap}[0-9A-HJ-NPQRTUWXY]){17}(?![\\dA-Za-z])`, 'gi'),
    accept: (found) => isCreditCode(found.replace(/[\s-]/g, '')),
  },
  { kind: 'BANK_CARD', pattern: new RegExp(`(?<!\\d)\\d(?:${gap}\\d){12,18}(?!\\d)`, 'g'), accept: (found) => isLuhn(digits(found)) },
  { kind: 'LONG_NUMBER', pattern: new RegExp(`(?<!\\d)\\d(?:${gap}\\d){14,}(?!\\d)`, 'g') },
  { kind: 'PHONE', pattern: new RegExp(`(?<!\\d)(?:\\+?86${gap})?1[3-9]\\d(?:${gap}\\d){8}(?!\\d)`, 'g') },
  // Area codes start 010, 02x or 03xx–09xx.
  { kind: 'LANDLINE', pattern: /(?<!\d)0(?:10|2\d|[3-9]\d{2})[-\s]?\d{7,8}(?!\d)/g },
  {
    kind: 'PLATE',
    pattern:
      /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]/gi,
  },
  { kind: 'PASSPORT', pattern: /(?<![A-Za-z\d])(?:E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8})(?!\d)/gi },
  { kind: 'TRAVEL_PERMIT', pattern: /(?<![A-Za-z\d])(?:C\d{8}|C[A-Z]\d{7}|[HM]\d{8}(?:\d{2})?)(?!\d)/gi },
];

/** Full-width letters, digits and what joins them become half-width one for one; other punctuation stays as it was typed. */
function halfWidth(text: string): string {
  return text.replace(/[０-９Ａ-Ｚａ-ｚ＠．－＋＿]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

const spoken = '零〇幺一二两三四五六七八九';
const digitOf: Record<string, string> = {
  ...Object.fromEntries([...'零一二三四五六七八九'].map((c, i) => [c, String(i)])),
  〇: '0',
  幺: '1',
  两: '2',
};
/** So many digits in a row are a number that was spelt out; sums and dates are shorter. */
const longSpoken = new RegExp(`[${spoken}\\d](?:${gap}[${spoken}\\d]){10,}`, 'g');

/** 一三八零零… becomes 13800…, one for one. */
function spokenDigits(text: string): string {
  return text.replace(longSpoken, (run) => [...run].map((c) => digitOf[c] ?? c).join(''));
}

const digitOrAt = /[\d０-９@＠]/;
const longestUnspelt = 10;
/** Every identifier has a digit in it, or is an address; more numerals than this may spell one out. */
function mayIdentify(text: string): boolean {
  if (digitOrAt.test(text)) return true;
  let numerals = 0;
  for (let i = 0; i < text.length; i++) if (spoken.includes(text[i] as string)) numerals++;
  return numerals > longestUnspelt;
}

const nobody: Masked['originals'] = new Map();

/** Masks every identifier in `text`. The same identifier gets the same token. */
export function mask(text: string): Masked {
  if (!mayIdentify(text)) return { text, originals: nobody };
  const originals = new Map<string, string>();
  const tokens = new Map<string, string>();
  let current = spokenDigits(halfWidth(stripInvisible(text)));
  for (const rule of rules) {
    current = current.replace(rule.pattern, (found) => {
      if (found.includes('⟨') || (rule.accept && !rule.accept(found))) return found;
      const known = tokens.get(found);
      if (known) return known;
      const token = `⟨${rule.kind}:${tokens.size + 1}⟩`;
      tokens.set(found, token);
      originals.set(token, found);
      return token;
    });
  }
  return { text: originals.size === 0 ? text : current, originals };
}
