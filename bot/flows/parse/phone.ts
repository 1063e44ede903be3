/** A phone number in an answer: mobile (11 digits, 1[3-9]…) or landline with area code. Source: 电信网编号计划 (2017). */
import type { Parsed } from '../slots.ts';
import { digitString } from './numeral.ts';

const run = /(?:\+?86[- ]?|0086[- ]?)?\d[\d\- ]{4,24}\d/g;
const mobile = /^1[3-9]\d{9}$/;
const landline = /^0\d{2,3}-?[1-9]\d{6,7}$/;

/** Reads exactly one phone number; a mobile comes back as 11 digits, a landline as area-number. */
export function parsePhone(plain: string): Parsed<string> {
  const spoken = plain.replace(/[零〇一二两三四五六七八九幺]{5,}/g, (words) => digitString(words) ?? words);
  const found = [...new Set([...spoken.matchAll(run)].map(([text]) => tidy(text)))];
  const valid = found.filter((text) => mobile.test(text) || landline.test(text));
  const value = valid[0];
  if (value !== undefined && valid.length === 1) return { ok: true, value };
  if (valid.length > 1) return { ok: false, message: '我看到了不止一个号码，请只发一个。' };
  const digits = (found[0] ?? spoken).replace(/\D/g, '');
  if (digits.startsWith('1') && digits.length !== 11 && digits.length >= 7) {
    return { ok: false, message: `手机号是 11 位，您发来的是 ${digits.length} 位，请看看是不是${digits.length < 11 ? '少' : '多'}打了。` };
  }
  return { ok: false, message: '这不像一个电话号码。请发 11 位手机号，或带区号的固定电话，比如 0000-5550100。' };
}

function tidy(text: string): string {
  const bare = text.replace(/^(\+?86|0086)[- ]?(?=1[3-9]|0)/, '');
  const digits = bare.replace(/\D/g, '');
  if (!digits.startsWith('0')) return digits;
  const written = /^(0\d{2,3})[- ]+([\d ]+)$/.exec(bare.trim());
  return written ? `${written[1]}-${(written[2] ?? '').replace(/\D/g, '')}` : digits;
}
