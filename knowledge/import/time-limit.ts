/** Time limits as exports write them: `20个工作日`, `30(工作日)`, `20` under `承诺办结时限（工作日）`, `当场办结`. */
import type { TimeLimit } from '../item.ts';
import { absent, isBlank, type Read, type ValueReader } from './values.ts';

const digits = '一二三四五六七八九';

/** 二十 → 20, up to 九十九; undefined for what isn't such a number. */
function chineseNumber(words: string): number | undefined {
  const found = new RegExp(`^(?:([${digits}])?(十))?([${digits}])?$`).exec(words.replaceAll('两', '二'));
  if (!found || words === '') return undefined;
  const tens = found[2] === undefined ? 0 : found[1] === undefined ? 1 : digits.indexOf(found[1]) + 1;
  return tens * 10 + (found[3] === undefined ? 0 : digits.indexOf(found[3]) + 1);
}

function unitOf(words: string): TimeLimit['unit'] | undefined {
  if (/工作日|work(ing)?_?days?/i.test(words)) return 'working_day';
  if (/自然日|日历日|natural_?days?/i.test(words)) return 'natural_day';
  return /月|months?/i.test(words) ? 'month' : undefined;
}

/**
 * Reads a limit when it says one number and one unit; 天 and 日 alone don't say whether they are working days, so they are left
 * out with a word. More text around a single limit is kept as its note.
 */
export const timeLimit: ValueReader = (value, hint) => {
  if (isBlank(value)) return absent;
  if (typeof value === 'object') return { value };
  const words = String(value).normalize('NFKC').trim();
  if (/^(即时|当场|现场|立即|马上)?(办结|办理|即办|即办件|可取)$|^即办$|^(即时|当场)$/.test(words))
    return { value: { value: 0, unit: 'working_day' } };
  if (/^\d+(\.\d+)?$/.test(words)) return limitOf(Number(words), unitOf(hint), words);
  const pattern = /(\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})\s*个?\s*\(?\s*(工作日|自然日|日历日|个?月|天|日)\s*\)?/g;
  const found = [...words.matchAll(pattern)];
  const [first] = found;
  if (!first?.[1] || !first[2]) return { problem: `no time limit can be read from “${words}”` };
  const rest = (words.slice(0, first.index) + words.slice(first.index + first[0].length)).trim();
  const extended = first.index === 0 && /^\(.*\)$/s.test(rest);
  const range = /[\d一二三四五六七八九十]\s*个?\s*[-~—至到]\s*$/.test(words.slice(0, first.index));
  if ((found.length > 1 && !extended) || range) return { problem: `“${words}” says more than one time limit` };
  const number = /\d/.test(first[1]) ? Number(first[1]) : chineseNumber(first[1]);
  const label = /^(法定|承诺)?(办结|办理)?(时限|期限)?[::]?\s*(为|共)?$/.test(rest);
  return limitOf(number, unitOf(first[2]), words, label ? undefined : rest.replace(/^\((.*)\)$/s, '$1'));
};

function limitOf(value: number | undefined, unit: TimeLimit['unit'] | undefined, words: string, note?: string): Read {
  if (value === undefined) return { problem: `no number can be read from “${words}”` };
  if (unit === undefined) return { problem: `“${words}” doesn't say whether it means working days (工作日) or natural days (自然日)` };
  return { value: { value, unit, ...(note ? { note } : {}) } };
}

/** A column that says neither 法定 nor 承诺: kept as the promised limit, and the note says so. */
export const undividedLimit: ValueReader = (value, hint) => {
  const read = timeLimit(value, hint);
  if (!('value' in read)) return read;
  const limit = read.value as TimeLimit;
  const note = '来源只写“办理时限”，没有说明是法定还是承诺';
  return { value: { ...limit, note: limit.note ? `${limit.note}；${note}` : note } };
};
