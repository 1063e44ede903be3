/** Readers of single values from exports: text in, our types out, or a word on why not. Nothing is guessed. */

/** What a reader gives: a value, nothing (the cell is blank), or a problem. */
export type Read = { readonly value: unknown } | { readonly absent: true } | { readonly problem: string };
/** `hint` is the column's name with its unit, as exports write `承诺办结时限（工作日）`. */
export type ValueReader = (value: unknown, hint: string) => Read;

export const absent: Read = { absent: true };
const blanks = new Set(['', '-', '--', '—', '/', '\\', 'null', 'none', 'n/a', 'na', '无', '暂无', '空', '无。']);

/** Text without meaning: an empty cell, a dash, 无. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return blanks.has(value.trim().toLowerCase());
  if (Array.isArray(value)) return value.every(isBlank);
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const plain = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

/** Text; blank words such as 无 mean nothing was said. */
export const text: ValueReader = (value) => (isBlank(value) ? absent : statedText(value, ''));

/** Text where 无 is itself the answer (特别程序: 无). */
export const statedText: ValueReader = (value) => {
  const words = Array.isArray(value)
    ? value
        .map(plain)
        .filter((part) => part !== undefined)
        .join('；')
    : plain(value);
  if (words === undefined) return value === null || value === undefined ? absent : { problem: 'should be text' };
  return words === '' ? absent : { value: words };
};

/** A cell that holds JSON (`[{"name": …}]`), for what a flat table can't say. */
export function embeddedJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*(\[|\{\s*")/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Splits a cell on `|` (`\|` is a plain one) and on whatever else `marks` says. */
export function splitCell(cell: string, marks = ''): string[] {
  const kept = cell.replaceAll('\\|', '\u0001');
  const parts = kept.split(new RegExp(`[|${marks}]`));
  return parts.map((part) => part.replaceAll('\u0001', '|').trim()).filter((part) => part !== '');
}

/** A list of texts: an array as it is, a cell split on `|` and `marks`. */
export function listOf(marks: string): ValueReader {
  return (given) => {
    if (isBlank(given)) return absent;
    const value = embeddedJson(given);
    const parts = Array.isArray(value) ? value.map(plain) : splitCell(plain(value) ?? '', marks);
    if (parts.includes(undefined)) return { problem: 'should be a list of texts' };
    const entries = parts.filter((part) => part !== undefined && !isBlank(part));
    return entries.length === 0 ? absent : { value: [...new Set(entries)] };
  };
}

const yes = new Set(['是', '有', '支持', '可以', '已开通', '收费', 'true', 'yes', 'y', '1']);
const no = new Set(['否', '不支持', '不可以', '未开通', '不收费', '免费', 'false', 'no', 'n', '0']);

/** 是/否 in the ways exports write it. */
export const flag: ValueReader = (value) => {
  if (typeof value === 'boolean') return { value };
  const words = (plain(value) ?? '').toLowerCase();
  if (yes.has(words)) return { value: true };
  if (no.has(words)) return { value: false };
  return isBlank(value) ? absent : { problem: `should be 是 or 否, not “${words}”` };
};

/** A whole number, with 次 or 份 behind it if need be. */
export const count: ValueReader = (value) => {
  if (isBlank(value)) return absent;
  const number = /^(\d{1,6})\s*[次份个版]?$/.exec((plain(value) ?? '').normalize('NFKC'))?.[1];
  return number === undefined ? { problem: 'should be a whole number' } : { value: Number(number) };
};

/** A date: 2026-01-02, 2026/1/2, 20260102, 2026年1月2日, with or without a time behind it. */
export const date: ValueReader = (value) => {
  if (isBlank(value)) return absent;
  const words = (plain(value) ?? '').normalize('NFKC');
  const found =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?$/.exec(words) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(words);
  if (!found) return { problem: 'should be a date such as 2026-01-02' };
  return { value: `${found[1]}-${found[2]?.padStart(2, '0')}-${found[3]?.padStart(2, '0')}` };
};

/** True for an address a browser may open from a chat. */
export function isWebAddress(value: string): boolean {
  return /^https?:\/\/[^\s/]+\S*$/i.test(value) && URL.canParse(value);
}

export const url: ValueReader = (value) => {
  if (isBlank(value)) return absent;
  const words = plain(value) ?? '';
  return isWebAddress(words) ? { value: words } : { problem: 'should be an address starting with http:// or https://' };
};

/** One of our words for one of theirs; our own words pass. */
export function choice(words: Readonly<Record<string, string>>): ValueReader {
  const ours = new Set(Object.values(words));
  return (value) => {
    if (isBlank(value) && !Object.hasOwn(words, plain(value) ?? '')) return absent;
    const given = plain(value) ?? '';
    const found = Object.hasOwn(words, given) ? words[given] : ours.has(given) ? given : undefined;
    return found === undefined ? { problem: `“${given}” is not one of ${Object.keys(words).join('、')}` } : { value: found };
  };
}

/** A list of our words for theirs. */
export function choices(words: Readonly<Record<string, string>>): ValueReader {
  const split = listOf('、,，;；\\n');
  const one = choice(words);
  return (value, hint) => {
    const list = split(value, hint);
    if (!('value' in list)) return list;
    const reads = (list.value as string[]).map((entry) => one(entry, hint));
    const wrong = reads.find((read) => 'problem' in read);
    return wrong ?? { value: [...new Set(reads.flatMap((read) => ('value' in read ? [read.value] : [])))] };
  };
}
