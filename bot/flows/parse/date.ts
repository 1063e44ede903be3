/** A calendar date in an answer: 2026年3月5号, 明天, 上周三, 下个月5号, March 5, next Friday. A month, a season or 最近 is too vague and is asked again. */
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { displayDate } from '../values.ts';
import { type DateForm, exact, guessed, numberOf, type Reading, shifted } from './day.ts';
import { withDigits } from './english.ts';
import { englishForms } from './english-date.ts';

const n = '(\\d{1,4}|[零〇一二两三四五六七八九十]{1,4})';
const relativeDays: Record<string, number> = {
  大前天: -3,
  前天: -2,
  昨天: -1,
  昨日: -1,
  今天: 0,
  今日: 0,
  今儿: 0,
  明天: 1,
  明日: 1,
  明儿: 1,
  大后天: 3,
  后天: 2,
};
const relativeYears: Record<string, number> = { 前年: -2, 去年: -1, 今年: 0, 本年: 0, 明年: 1, 后年: 2 };
const weekdays = '一二三四五六日天';

/** Reads a date into ISO form. `plain` is normalised text; bounds of the slot are checked. */
export function parseDate(slot: Extract<Slot, { type: 'date' }>, plain: string, today: Date): Parsed<string> {
  const text = withDigits(plain).replace(/\s+/g, '');
  const now = isoOf(today);
  const example = `请告诉我具体是哪天，比如 ${displayDate(now)}。`;
  const readings = read(text, today);
  if (readings.length > 1) return { ok: false, message: `我看到了不止一个日期。${example}` };
  const reading = readings[0];
  if (!reading) return { ok: false, message: example };
  const min = slot.min === 'today' ? now : slot.min;
  const max = slot.max === 'today' ? now : slot.max;
  const fits = (iso: string) => (min === undefined || iso >= min) && (max === undefined || iso <= max);
  const candidates = (reading.exactYear ? [0] : [0, -1, 1]).map((shift) => toIso({ ...reading, year: reading.year + shift }));
  const first = candidates[0];
  const fitting = candidates.find((iso) => iso !== undefined && fits(iso));
  if (fitting !== undefined) return { ok: true, value: fitting };
  if (first === undefined) return { ok: false, message: `${reading.month}月没有${reading.day}号，请再看看。` };
  if (min !== undefined && first < min)
    return {
      ok: false,
      message: slot.min === 'today' ? '这个日期已经过去了，请说今天或以后的日期。' : `日期不能早于${displayDate(min)}，请再看看。`,
    };
  return {
    ok: false,
    message: slot.max === 'today' ? '这个日期还没到，请说今天或以前的日期。' : `日期不能晚于${displayDate(max ?? now)}，请再看看。`,
  };
}

function read(text: string, today: Date): Reading[] {
  const spans: { from: number; to: number; reading: Reading }[] = [];
  for (const { form, make } of forms) {
    for (const match of text.matchAll(form)) {
      const from = match.index;
      const to = from + match[0].length;
      if (spans.some((span) => from < span.to && to > span.from)) continue;
      const reading = make(match, today);
      if (reading) spans.push({ from, to, reading });
    }
  }
  const distinct = new Map(spans.map(({ reading }) => [`${reading.year}-${reading.month}-${reading.day}`, reading]));
  return [...distinct.values()];
}

const years = Object.keys(relativeYears).join('|');
const days = Object.keys(relativeDays).join('|');

/** Longer and more exact forms first: a later form may not overlap what an earlier one has read. */
const forms: readonly DateForm[] = [
  ...englishForms,
  { form: /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g, make: ([, y, m, d]) => exact(y, m, d) },
  { form: /(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)/g, make: ([, y, m, d]) => exact(y, m, d) },
  { form: new RegExp(`${n}年${n}月${n}[日号]?`, 'g'), make: ([, y, m, d]) => exact(y, m, d) },
  {
    form: new RegExp(`(${years})的?${n}月${n}[日号]?`, 'g'),
    make: ([, word, m, d], today) => exact(today.getFullYear() + (relativeYears[word ?? ''] ?? 0), m, d),
  },
  {
    form: new RegExp(`(上上|上|这|本|下下|下)个?月的?${n}[日号]`, 'g'),
    make: ([, word = '', d], today) => {
      const shift = word.startsWith('上') ? -word.length : word.startsWith('下') ? word.length : 0;
      const month = new Date(today.getFullYear(), today.getMonth() + shift, 1);
      return exact(month.getFullYear(), month.getMonth() + 1, d);
    },
  },
  {
    form: new RegExp(`${n}月${n}[日号]?`, 'g'),
    make: ([, m, d], today) => guessed(today.getFullYear(), m, d),
  },
  { form: /(?<![\d/-])(\d{1,2})[-/](\d{1,2})(?![\d/-])/g, make: ([, m, d], today) => guessed(today.getFullYear(), m, d) },
  { form: new RegExp(days, 'g'), make: ([word = ''], today) => shifted(today, relativeDays[word] ?? 0) },
  {
    form: new RegExp(`(${n})(天|日|周|个?星期|个?礼拜)(?:以|之)?([前后])`, 'g'),
    make: ([, , count = '', unit = '', direction], today) => {
      const size = numberOf(count);
      if (size === undefined) return undefined;
      return shifted(today, size * (/[天日]/.test(unit) ? 1 : 7) * (direction === '前' ? -1 : 1));
    },
  },
  {
    form: new RegExp(`(上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)([${weekdays}])`, 'g'),
    make: ([, word = '', weekday = ''], today) => {
      const monday = -((today.getDay() + 6) % 7);
      const shift = word.startsWith('上') ? -word.length : word.startsWith('下') ? word.length : 0;
      return shifted(today, monday + shift * 7 + Math.min(weekdays.indexOf(weekday), 6));
    },
  },
  {
    // A bare day: 5号 is this month's.
    form: new RegExp(`(?<![月\\d])${n}号(?![楼院线店])`, 'g'),
    make: ([, d], today) => exact(today.getFullYear(), today.getMonth() + 1, d),
  },
];

/** ISO form, undefined for a day that does not exist. */
function toIso({ year, month, day }: Reading): string | undefined {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? isoOf(date) : undefined;
}

/** The calendar day of a moment in the process's time zone (configured by TZ). */
export function isoOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
