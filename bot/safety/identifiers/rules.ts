/**
 * Which numbers and words name a person. Patterns and checks: domain reference §7; kinds of documents as the Exit and Entry Administration prints
 * them. Where a form alone says too little (a door, an account, a name in WeChat), the words before it decide.
 */
import { isCreditCode, isIdCard, isLuhn } from './checks.ts';

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
  | 'CHAT_ID'
  | 'RECORD_NUMBER'
  | 'ADDRESS'
  | 'PLACE'
  | 'LONG_NUMBER';

export interface Rule {
  readonly kind: IdentifierKind;
  /** Digits (in any script) a text must hold for it to match: most texts with a digit hold few. */
  readonly digits: number;
  /** A group named `it` is the identifier; without one all of it is. */
  readonly pattern: RegExp;
  readonly accept?: (found: string) => boolean;
}

const gap = '[\\s\\u00A0-]?';
const digits = (found: string): string => found.replace(/[^\dXx]/g, '');

/** 2025-01-01 2026-12-31, 2024 2025 2026: days and years in a row are no number. */
const days = /^(?:(?:19|20)\d\d(?:-?(?:0?[1-9]|1[0-2])(?:-?(?:0?[1-9]|[12]\d|3[01]))?)?(?:[\s-]+|$))+$/;
const noDays = (found: string): boolean => !(/[\s-]/.test(found) && days.test(found));

/** Longest and surest first. A number that fails its check digit is still masked from 15 digits on. */
export const rules: readonly Rule[] = [
  {
    kind: 'EMAIL',
    digits: 0,
    pattern:
      /[\w.+-]{1,64} ?@ ?(?:[\w-]{1,63}(?:[.。][\w-]{1,63}){1,4}|[\w\p{Script=Han}-]{1,20}\.(?:com|cn|net|org|公司|网络|中国|政务|公益))/gu,
  },
  {
    kind: 'ID_CARD',
    digits: 17,
    pattern: new RegExp(`(?<![\\dA-Za-z])[1-9](?:${gap}\\d){16}${gap}[\\dXx](?![\\dA-Za-z])`, 'g'),
    accept: (found) => noDays(found) && (/^[1-9]\d{5}(?:18|19|20)\d{2}/.test(digits(found)) || isIdCard(digits(found))),
  },
  // A foreigner's permanent residence card of the old form: nationality, place, birthday, check digit.
  { kind: 'ID_CARD', digits: 12, pattern: /(?<![A-Za-z\d])[A-Z]{3}\d{12}(?!\d)/gi },
  {
    // Sole proprietors are persons: their code leads to a name and an address. One that fails its check is too little to go by.
    kind: 'CREDIT_CODE',
    digits: 7,
    pattern: new RegExp(`(?<![\\dA-Za-z])[0-9A-HJ-NPQRTUWXY](?:${gap}[0-9A-HJ-NPQRTUWXY]){17}(?![\\dA-Za-z])`, 'gi'),
    accept: (found) => isCreditCode(found.replace(/[\s-]/g, '')),
  },
  {
    kind: 'BANK_CARD',
    digits: 13,
    pattern: new RegExp(`(?<!\\d)\\d(?:${gap}\\d){12,18}(?!\\d)`, 'g'),
    accept: (found) => noDays(found) && isLuhn(digits(found)),
  },
  { kind: 'LONG_NUMBER', digits: 15, pattern: new RegExp(`(?<!\\d)\\d(?:${gap}\\d){14,}(?!\\d)`, 'g'), accept: noDays },
  // Parts of a citizen number: without its first six digits (birthday, order, check character), without its last four, whatever ends with its X.
  {
    kind: 'ID_CARD',
    digits: 11,
    pattern: /(?<![\dA-Za-z])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])/g,
  },
  { kind: 'ID_CARD', digits: 14, pattern: /(?<![\dA-Za-z])[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\dA-Za-z])/g },
  { kind: 'ID_CARD', digits: 7, pattern: /(?<![\dA-Za-z])\d{7,16}[Xx](?![\dA-Za-z])/g },
  { kind: 'PHONE', digits: 11, pattern: new RegExp(`(?<!\\d)(?:(?:\\+|00)?86${gap})?1[3-9]\\d(?:${gap}\\d){8}(?!\\d)`, 'g') },
  { kind: 'PHONE', digits: 8, pattern: new RegExp(`(?<!\\d)\\+[1-9]\\d{0,2}(?:${gap}\\d){7,12}(?!\\d)`, 'g') },
  // Area codes start 010, 02x or 03xx–09xx.
  {
    kind: 'LANDLINE',
    digits: 10,
    pattern: /(?<!\d)(?:0(?:10|2\d|[3-9]\d{2})(?:[-—–\s]|——)?|[(（]0(?:10|2\d|[3-9]\d{2})[)）][-\s]?)\d{3,4}[-\s]?\d{4}(?!\d)/g,
  },
  {
    kind: 'PLATE',
    digits: 1,
    pattern:
      /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.\-\s]?(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]/gi,
  },
  { kind: 'PASSPORT', digits: 7, pattern: /(?<![A-Za-z\d])(?:E[ -]?\d{8}|E[A-HJ-NP-Z]\d{7}|G[ -]?\d{8}|[SDP]E\d{7})(?!\d)/gi },
  { kind: 'TRAVEL_PERMIT', digits: 7, pattern: /(?<![A-Za-z\d])(?:C[ -]?\d{8}|C[A-Z]\d{7}|[HM][ -]?\d{8}(?:\d{2})?)(?!\d)/gi },
  { kind: 'PASSPORT', digits: 4, pattern: named('护照(?:本)?|passport', '(?=[A-Z\\d]*\\d{4})[A-Z\\d]{6,12}') },
  { kind: 'TRAVEL_PERMIT', digits: 8, pattern: named('台胞证|通行证|回乡证', '[A-Z]?\\d{8,10}') },
  {
    kind: 'RECORD_NUMBER',
    digits: 4,
    pattern: named(
      '(?:社保|社会保障|医保|医疗保险|养老保险|公积金|银行|存折|病历|病案|住院|门诊|就诊|学籍|准考证|档案|户口簿|户口本|户|房产|不动产权?|结婚|离婚|驾驶|驾照|行驶|残疾人?|居住|退休|退役|军官|士兵|残疾军人|低保|出生)(?:证|卡|照)?(?:个人)?(?:账户|帐户|账|帐|编|字|卡|证|档案编|登记)?(?:号码|号)',
      '(?=[A-Z\\d-]*\\d{4})[A-Z\\d][A-Z\\d-]{4,29}[A-Z\\d]',
    ),
  },
  { kind: 'CHAT_ID', digits: 5, pattern: named('QQ(?:号码|号)?|扣扣(?:号)?', '[1-9]\\d{4,10}') },
  { kind: 'CHAT_ID', digits: 0, pattern: named('(?:微信|薇信|威信|v信|wechat|weixin|vx|wx)(?:号码?| ?ID)', '[A-Z][-\\w]{5,19}') },
  { kind: 'CHAT_ID', digits: 0, pattern: named('微信|薇信|威信|v信|wechat|weixin|vx|wx', '(?=[-\\w]*[\\d_])[A-Z][-\\w]{5,19}') },
  { kind: 'PLACE', digits: 10, pattern: /(?<![\d.])\d{1,3}\.\d{4,}°?[NESW]?\s?[,，、\s]\s?\d{1,3}\.\d{4,}(?![\d.])/gi },
  { kind: 'PLACE', digits: 4, pattern: named('IP(?:地址)?', '(?:\\d{1,3}\\.){3}\\d{1,3}') },
  ...addresses(),
];

/** What follows a name of it: 护照号是…, passport no. is …. */
function named(names: string, form: string): RegExp {
  return new RegExp(
    `(?<![A-Z])(?:${names})(?:号码?|码| ?(?:no|number|id)\\.?)?(?:是|为|就是|填的是|叫| is)?[:：,，\\s]{0,3}(?<it>${form})(?![A-Z\\d])`,
    'gi',
  );
}

/** A door, once somebody says that they live there, or that only people's homes have: 三栋二单元. The district before it stays. */
function addresses(): Rule[] {
  const number = '(?:[A-Z]?\\d{1,5}[A-Z]?|十)';
  const part = '(?:号楼|号院|号|幢|栋|座|单元|室|楼|弄|层|户|门)';
  const said =
    '(?:家(?:就|是)?住|我住|我就住|我现在住|我们住|现住|住在|住址|地址|收件人?地|收货地|户籍地|户口所在地|家在)(?:址)?(?:是|为|在|：|:|，|,|\\s){0,3}';
  // Every part ends with the first of these signs: there is one way to read it, however long it is.
  const district = '(?:[^省市区县镇乡\\P{Script=Han}]{1,8}(?:[省市县镇乡]|(?<!小)区))*';
  return [
    {
      kind: 'ADDRESS',
      digits: 0,
      pattern: new RegExp(
        `${said}${district}(?<it>[\\p{Script=Han}A-Za-z\\d·]{0,24}?${number}${part}(?:[-—]?${number}(?:${part}|(?![\\dA-Za-z])))*)`,
        'gu',
      ),
    },
    { kind: 'ADDRESS', digits: 1, pattern: new RegExp(`${number}(?:号楼|幢|栋|座|号)${number}单元${number}(?:室|号|户)?`, 'g') },
    {
      kind: 'ADDRESS',
      digits: 1,
      pattern:
        /\b(?:I live (?:at|in)|my (?:home )?address is)\s(?<it>(?=[^.;!?\n]{0,20}\d)[^.;!?\n]{3,60}?\d[\w-]*)(?=[.,;!?\n]|$| and )/gi,
    },
  ];
}

/** Spelt in so many numerals (at least some of them words), a number is no sum, day or count. */
export const spelt: Rule = {
  kind: 'LONG_NUMBER',
  digits: 11,
  pattern: new RegExp(`(?<!\\d)\\d(?:${gap}\\d){10,}(?!\\d)`, 'g'),
  accept: noDays,
};

/** A line that is nothing but digits answers a question with a number, or is a part of one that was sent in two. Days and service lines (400, 800) are not. */
export const fragment: Rule = {
  kind: 'LONG_NUMBER',
  digits: 6,
  pattern: new RegExp(
    `(?<=^|[\\n\\u001e])(?:(?:群众|最后一句)：)?[^\\S\\n]*(?<it>\\d(?:${gap}\\d){5,13}${gap}[\\dXx])[^\\S\\n]*(?=$|[\\n\\u001e])`,
    'g',
  ),
  accept: (found) =>
    !/^[48]00(?:[-\s]?\d){7}$/.test(found) &&
    !/^(?:19|20)\d\d[-\s]?(?:0[1-9]|1[0-2])[-\s]?(?:0[1-9]|[12]\d|3[01])$/.test(found) &&
    noDays(found),
};
