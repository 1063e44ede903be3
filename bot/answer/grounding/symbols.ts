/** Reads a sentence as a row of symbols: amounts, dates, phones, links, names of documents, turning words, and single characters. */
import { normalise } from '../../../knowledge/text/normalise.ts';
import { type MarkerClass, markerAt } from './markers.ts';
import { type Quantity, quantityAt } from './quantities.ts';

export type TokenKind = 'number' | 'date' | 'duration' | 'money' | 'phone' | 'link' | 'document';

export interface Sign {
  readonly kind: TokenKind | 'marker' | 'char';
  readonly key: string;
  /** As it stands in the comparable text. */
  readonly raw: string;
  /** Number of the clause it stands in; 、 does not end one. */
  readonly clause: number;
  /** Number of the segment: clauses and items of a 、 list. */
  readonly segment: number;
  readonly marker?: MarkerClass;
  readonly quantity?: Quantity;
}

/** Everyday variants that say the same; both sides of a comparison get the same form. */
const variants: readonly (readonly [RegExp, string])[] = [
  [/居民身份证/g, '身份证'],
  [/居民户口簿|户口本|户口薄/g, '户口簿'],
  [/房产证|房本|不动产证(?!书)|不动产权证(?!书)/g, '不动产权证书'],
  [/驾驶执照|驾照/g, '驾驶证'],
  [/社保卡/g, '社会保障卡'],
  [/携带|带上|带好|带着/g, '带'],
  [/前往/g, '到'],
  [/(?<!不|无|再)需要|(?<!不|无|毋|急|必|所|供|军)需(?!求)/g, '要'],
  [/办理|申办/g, '办'],
  [/您/g, '你'],
  [/人民币(?=\d)/g, ''],
  // How a polite sentence begins says nothing.
  [/^(?:你好|请?你?(?:注意|放心)|温馨提示|按(?:照)?(?:有关|相关)?规定|一般来说|具体来说|另外|此外)[,:，：!！]/g, ''],
];

/** Spelling that two texts share when they say the same: width, script, case, spaces, list numbers, citation marks, everyday variants. */
export function comparable(line: string): string {
  const bare = normalise(line.replace(/\[\d+\]/g, ' '))
    .replace(/^\s*(?:[-*•]|\d+[.、)](?!\d))\s*/, '')
    .replace(/\*\*/g, '')
    .replace(/(?<![a-z\d])\s+|\s+(?![a-z\d])/g, '');
  return variants.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), bare);
}

const link = /https?:\/\/[^\s)）。，；、<>"]+/uy;
const documentName = /《[^》]{2,120}》/uy;
const documentNumber = /[〔[(](?:19|20)\d{2}[\])〕]第?\d+号/uy;
const latin = /[a-z]+/uy;
/** Small words that say nothing about the matter. */
const stop = new Set([...'请的了就也即吗呢啊吧呀你我他她它和与及或是在到去会都还并则于等把被让给以之为对从向由按要个这那其哦哈嘛']);

/** Reads one sentence or line. Input as written; the result is for comparing only. */
export function readSigns(line: string): Sign[] {
  const text = comparable(line);
  const signs: Sign[] = [];
  let clause = 0;
  let segment = 0;
  const push = (kind: Sign['kind'], key: string, raw: string, more: Partial<Sign> = {}) =>
    signs.push({ kind, key, raw, clause, segment, ...more });
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    const found = sticky(link, text, i);
    if (found) {
      push('link', found.replace(/[.,;:!?]+$/, '').replace(/\/$/, ''), found);
      i += found.length;
      continue;
    }
    const name = sticky(documentName, text, i) ?? sticky(documentNumber, text, i);
    if (name) {
      push('document', name.replace(/[[(]/g, '〔').replace(/[\])]/g, '〕').replace('第', ''), name);
      i += name.length;
      continue;
    }
    const quantity = quantityAt(text, i);
    if (quantity) {
      push(quantity.kind, quantity.key, text.slice(i, i + quantity.length), { quantity });
      i += quantity.length;
      continue;
    }
    const previous = signs.at(-1);
    const marker = markerAt(text, i, previous?.quantity !== undefined && text.slice(0, i).endsWith(previous.raw));
    if (marker) {
      const raw = text.slice(i, i + marker.length);
      if (marker.marker) push('marker', marker.marker, raw, { marker: marker.marker });
      else for (const char of raw) if (!stop.has(char)) push('char', char, char);
      i += marker.length;
      continue;
    }
    if (/[a-z]/.test(c)) {
      const word = sticky(latin, text, i) ?? c;
      push('char', word, word);
      i += word.length;
      continue;
    }
    if (/\p{L}/u.test(c)) {
      if (!stop.has(c)) push('char', c, c);
    } else if (/[,。;:!?()…\n|]/u.test(c)) {
      clause++;
      segment++;
    } else if (c === '、') segment++;
    i += 1;
  }
  return inherited(signs);
}

function sticky(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}

const joiner = /^[到至或和、~～—–-]$/u;

/** 16 至 25 周岁, 3 月 1 日到 20 日, 下午 2 点到 5 点: the first number borrows the unit, the later day the month, the later hour the half of the day. */
function inherited(signs: readonly Sign[]): Sign[] {
  const result = [...signs];
  for (let i = 0; i + 1 < result.length; i++) {
    const first = result[i] as Sign;
    const between = result[i + 1] as Sign;
    const second = (joiner.test(between.raw) ? result[i + 2] : between) as Sign | undefined;
    if (!second?.quantity || !first.quantity) continue;
    if (first.quantity.unit === '' && second.quantity.unit && second.quantity.value !== undefined) {
      const scale = first.quantity.scale === 1 && (first.quantity.value ?? 0) < 1000 ? (second.quantity.scale ?? 1) : 1;
      result[i] = withKey(first, `${(first.quantity.value ?? 0) * scale}:${second.quantity.unit}`, second.kind);
    }
    const month = /^date:(?:\d{4}|-)-(\d{2})-\d{2}$/.exec(first.key)?.[1];
    if (month && second.quantity.unit === '天' && (second.quantity.value ?? 99) <= 31) {
      const day = String(second.quantity.value).padStart(2, '0');
      result[result.indexOf(second)] = withKey(second, `date:--${month}-${day}`, 'date');
    }
    const [from, to] = [first.key, second.key].map((key) => /^time:(\d+):(\d+)$/.exec(key));
    if (from && to && Number(from[1]) >= 12 && Number(to[1]) < 12 && /午|晚/.test(first.raw))
      result[result.indexOf(second)] = withKey(second, `time:${Number(to[1]) + 12}:${to[2]}`, 'date');
  }
  return result;
}

function withKey(sign: Sign, key: string, kind: Sign['kind']): Sign {
  return { ...sign, key, kind };
}
