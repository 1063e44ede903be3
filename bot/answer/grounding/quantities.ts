/** Amounts with their units, dates, times, weekdays and phone numbers of a text, each brought to one key whatever its spelling. */
import { digitString, readNumeral } from '../../flows/parse/numeral.ts';

export type QuantityKind = 'number' | 'date' | 'duration' | 'money' | 'phone';

export interface Quantity {
  readonly kind: QuantityKind;
  /** What two spellings of the same thing share: 20:工作日, date:2026-03-05, time:9:00, tel:12345. */
  readonly key: string;
  readonly length: number;
  /** Value and unit, for what has them. */
  readonly value?: number;
  readonly unit?: string;
  /** 10 000 in 3 万元: a number before it in a range may borrow it (2 到 5 万元). */
  readonly scale?: number;
  /** 一个, 一种: a figure of speech when an answer says it. */
  readonly loose?: boolean;
}

/** Spellings of a unit → its one name. Longer spellings win. */
const unitNames: Record<string, string> = {
  ...same('工作日', '个工作日'),
  ...same('天', '日', '个自然日', '自然日'),
  ...same('周', '个星期', '星期', '个礼拜'),
  ...same('月', '个月'),
  ...same('年', '周年'),
  ...same('岁', '周岁'),
  ...same('小时', '个小时', '个钟头'),
  ...same('元', '块钱', '块', '元整', '元人民币'),
  ...same('百分点', '个百分点'),
  ...same('平方米', '平米', 'm2'),
  ...same('公里', '千米', 'km'),
  ...same('千克', '公斤', 'kg'),
  ...same('人', '名', '位'),
  ...same('次', '趟', '回', '遍'),
  ...same('楼', '层'),
  ...same('辆', '台'),
  ...Object.fromEntries(
    ['分钟', '年级', '年度', '季度', '学期', '学年', '%', '成', '倍', '米', '吨', '角', '份', '张', '本', '套', '间', '户', '家']
      .concat([
        '项',
        '种',
        '类',
        '条',
        '款',
        '部',
        '个',
        '件',
        '号',
        '门',
        '页',
        '寸',
        '分',
        '级',
        '期',
        '星',
        '批',
        '档',
        '步',
        '字',
        'kb',
        'mb',
      ])
      .map((unit) => [unit, unit]),
  ),
};
const durations = new Set(['工作日', '天', '周', '月', '年', '小时', '分钟', '季度', '学期', '学年', '期']);
const looseUnits = new Set(['个', '种', '项', '类', '件', '条', '部', '家', '人', '步', '号']);

function same(name: string, ...spellings: string[]): Record<string, string> {
  return Object.fromEntries([name, ...spellings].map((spelling) => [spelling, name]));
}

const han = '[零〇一二两三四五六七八九十百千万亿]+';
const arabic = '\\d+(?:,\\d{3})*(?:\\.\\d+)?';
const number = `(?:${arabic}|${han})`;
const unit = Object.keys(unitNames)
  .sort((a, b) => b.length - a.length)
  .join('|');
const at = (source: string) => new RegExp(source, 'uy');

const patterns = {
  link: at('https?:\\/\\/[^\\s)）。，；、]+'),
  isoDate: at('(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)'),
  date: at(`(\\d{4}|[一二][零〇一二三四五六七八九]{3})年(?:度)?(?:(${number})月(?:份)?(?:(${number})[日号])?)?`),
  monthDay: at(`(${number})月(?:份)?(?:(${number})[日号])?`),
  phone: at('(?:\\(\\d{3,4}\\)|\\d{3,4})[- ]?\\d{7,8}(?:-\\d{1,5})?(?!\\d)|1[3-9]\\d{9}(?!\\d)|[48]00-?\\d{3,4}-?\\d{3,4}(?!\\d)'),
  hotline: at(`(?:12[0-9]{3}|9[56]\\d{3,4}|1[012]\\d)(?![\\d.,%:-]|${unit}|万|亿)`),
  clock: at(
    `(上午|早上|中午|下午|晚上|傍晚|凌晨)?(?:(\\d{1,2}):(\\d{2})|(${number})[点时](?!间|候|限|长|段|期|效|常|代|击|名|评|菜|赞|燃)(?:(${number})分|(半)|整|钟)?)`,
  ),
  weekday: at('(?:周|星期|礼拜)([一二三四五六日天])(?!次|年|岁|个|趟|内|以)|周末|(?:法定)?节假日|工作日'),
  ordinal: at(`第(${number})(条|款|项|章|节|次|套|张|个|种|类|年|天|批|步|位|孩|胎|档|名|页|志愿|人)?`),
  share: at(`百分之(${number})`),
  fraction: at(`(${number})分之(${number})`),
  half: at('半(?:个)?(年|月|天|小时|学期|价)'),
  and_a_half: at(`(${number})(?:个)?(年半|半月|半小时)`),
  yuan: at(`[¥￥](${arabic})(万|亿)?`),
  amount: at(`(${arabic})(百万|千万|万|亿|千|百)?(?:余|多)?(${unit})?`),
  spoken: at(`(${han})(?:余|多)?(${unit})?`),
  code: at('[a-z]+\\d[\\da-z]*(?:-[a-z]*\\d[\\da-z]*)*'),
};
const scales: Record<string, number> = { 百: 100, 千: 1000, 万: 10_000, 百万: 1_000_000, 千万: 10_000_000, 亿: 100_000_000 };
const weekdays = '一二三四五六日';

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d/.test(text)) return Number(text.replaceAll(',', ''));
  return readNumeral(text) ?? (digitString(text) === undefined ? undefined : Number(digitString(text)));
}

const two = (value: number) => String(value).padStart(2, '0');
const date = (year: number | undefined, month: number | undefined, day: number | undefined, length: number): Quantity | undefined => {
  if ((month !== undefined && (month < 1 || month > 12)) || (day !== undefined && (day < 1 || day > 31))) return undefined;
  const key = `date:${year ?? '-'}${month === undefined ? '' : `-${two(month)}`}${day === undefined ? '' : `-${two(day)}`}`;
  return { kind: 'date', key, length };
};

function amount(
  value: number | undefined,
  spelling: string | undefined,
  length: number,
  more: Partial<Quantity> = {},
): Quantity | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined;
  const name = spelling === undefined ? '' : (unitNames[spelling] ?? spelling);
  const rounded = Math.round(value * 1e6) / 1e6;
  const kind = name === '元' || name === '角' ? 'money' : durations.has(name) ? 'duration' : 'number';
  return { kind, key: `${rounded}:${name}`, length, value: rounded, unit: name, ...more };
}

type Reader = (text: string, index: number) => Quantity | undefined;
const match = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index;
  return pattern.exec(text);
};

/** In this order; the first that reads something wins. */
const readers: readonly Reader[] = [
  (text, index) => {
    const m = match(patterns.isoDate, text, index);
    return m ? date(Number(m[1]), Number(m[2]), Number(m[3]), m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.date, text, index);
    const year = numberIn(m?.[1]);
    if (!m || year === undefined || year < 1900 || year > 2199) return undefined;
    return date(year, numberIn(m[2]), numberIn(m[3]), m[0].length);
  },
  (text, index) => {
    const m = match(patterns.monthDay, text, index);
    return m ? date(undefined, numberIn(m[1]), numberIn(m[2]), m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.phone, text, index) ?? match(patterns.hotline, text, index);
    return m ? { kind: 'phone', key: `tel:${m[0].replace(/\D/g, '')}`, length: m[0].length } : undefined;
  },
  (text, index) => {
    const m = match(patterns.clock, text, index);
    const hour = numberIn(m?.[2] ?? m?.[4]);
    if (!m || hour === undefined || hour > 24 || m[4] === '一') return undefined;
    const minute = m[6] ? 30 : (numberIn(m[3] ?? m[5]) ?? 0);
    const late = m[1] !== undefined && /下午|晚上|傍晚/.test(m[1]) && hour < 12;
    return { kind: 'date', key: `time:${late ? hour + 12 : hour}:${two(minute)}`, length: m[0].length };
  },
  (text, index) => {
    const m = match(patterns.weekday, text, index);
    if (!m) return undefined;
    const day = m[1] ? weekdays.indexOf(m[1] === '天' ? '日' : m[1]) + 1 : m[0].replace('法定', '');
    return { kind: 'date', key: `weekday:${day}`, length: m[0].length };
  },
  (text, index) => {
    const m = match(patterns.ordinal, text, index);
    const value = numberIn(m?.[1]);
    return m && value !== undefined ? { kind: 'number', key: `第${value}${m[2] ?? ''}`, length: m[0].length } : undefined;
  },
  (text, index) => {
    const m = match(patterns.share, text, index);
    return m ? amount(numberIn(m[1]), '%', m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.fraction, text, index);
    const [below, above] = [numberIn(m?.[1]), numberIn(m?.[2])];
    return m && below !== undefined && above !== undefined ? { kind: 'number', key: `${above}/${below}`, length: m[0].length } : undefined;
  },
  (text, index) => {
    const m = match(patterns.half, text, index);
    return m?.[1] ? amount(0.5, m[1] === '天' ? '天' : m[1] === '月' ? '月' : m[1], m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.and_a_half, text, index);
    const value = numberIn(m?.[1]);
    return m?.[2] && value !== undefined ? amount(value + 0.5, m[2].replace('半', ''), m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.yuan, text, index);
    return m ? amount(Number(m[1]?.replaceAll(',', '')) * (scales[m[2] ?? ''] ?? 1), '元', m[0].length) : undefined;
  },
  (text, index) => {
    const m = match(patterns.code, text, index);
    return m ? { kind: 'number', key: `code:${m[0]}`, length: m[0].length } : undefined;
  },
  (text, index) => {
    const m = match(patterns.amount, text, index);
    const value = numberIn(m?.[1]);
    if (!m || value === undefined) return undefined;
    const scale = scales[m[2] ?? ''] ?? 1;
    return amount(value * scale, dayOfMonth(text, index, m[3]), m[0].length, { scale });
  },
  (text, index) => {
    const m = match(patterns.spoken, text, index);
    const value = m?.[1] === undefined ? undefined : readNumeral(m[1]);
    if (!m || value === undefined) return undefined;
    if (m[2] === undefined && (m[1]?.length ?? 0) < 2) return undefined;
    if (m[1] === '一' && m[2] === '次' && text.startsWith('性', index + 2)) return undefined;
    return amount(value, dayOfMonth(text, index, m[2]), m[0].length, {
      loose: m[1] === '一' && looseUnits.has(unitNames[m[2] ?? ''] ?? ''),
    });
  },
];

/** 每月 15 日 is a day of the month, 15 日 a length of time. */
function dayOfMonth(text: string, index: number, spelling: string | undefined): string | undefined {
  return spelling === '日' && /(?:每|当|次|下|上|本)个?月$/u.test(text.slice(Math.max(0, index - 3), index)) ? '号' : spelling;
}

/** The amount, date, time or phone number that starts at `index`; input must be in comparable form (`comparable`). */
export function quantityAt(text: string, index: number): Quantity | undefined {
  // Most characters start none of these.
  if (!/[\d零〇一二两三四五六七八九十百千第半周星礼节法工上早中下晚傍凌¥￥(a-z]/u.test(text[index] ?? '')) return undefined;
  for (const read of readers) {
    const found = read(text, index);
    if (found) return found;
  }
  return undefined;
}

/** Whether what an answer says of a date is part of what the source says; everything else must be equal. */
export function supports(source: string, answer: string): boolean {
  if (source === answer) return true;
  if (!source.startsWith('date:') || !answer.startsWith('date:')) return false;
  const [sy, sm, sd] = dateParts(source);
  const [ay, am, ad] = dateParts(answer);
  return (ay === '-' || ay === sy) && (am === undefined || am === sm) && (ad === undefined || ad === sd);
}

/** `date:2026-03-05`, `date:--03-05` (no year), `date:2026`. */
function dateParts(key: string): (string | undefined)[] {
  const m = /^date:(\d{4}|-)(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(key);
  return [m?.[1], m?.[2], m?.[3]];
}
