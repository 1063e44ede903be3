/**
 * A text as the rules for identifiers read it: digits of every script and style, full-width and ornamental letters become ASCII, marks that hide
 * between them are passed over. Every character read knows where it stands in the text, so that what is no identifier stays as it was typed.
 */

export interface Reading {
  /** ASCII digits and letters in place of all their disguises; numerals of words are as they were. */
  readonly text: string;
  /** Where each UTF-16 unit of `text` begins in what was typed; one more entry for the end. Undefined: everywhere at the same place. */
  readonly at: readonly number[] | undefined;
}

/** Carries no sign of its own: joiners, direction marks, variation selectors, the frame of a key, strokes through a letter. */
const passedOver = /^[\p{M}\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0\u17B4\u17B5]$/u;
/** Most texts consist of these; nothing among them is a disguise. Blanks and line ends of ASCII are kept too. */
const plain = /^[\n -~\u4E00-\u9FFF，。！？、；：“”（）《》]*$/;
/** Signs nobody but one font knows; we cross out with them. */
const privateUse = /^\p{Co}$/u;
const digitSign = /^\p{Nd}$/u;
const numberSign = /^[\p{No}\p{Nl}\p{So}]$/u;
/** Ornaments without a decomposition, as first code point and first value of a row of ten (Unicode: Enclosed Alphanumerics, Dingbats). */
const ornaments = [
  [0x24f5, 1],
  [0x2776, 1],
  [0x2780, 1],
  [0x278a, 1],
  [0x24eb, 11],
  [0x3021, 1],
] as const;
const zeros: ReadonlySet<number> = new Set([0x24ff, 0x1f10b, 0x1f10c]);

/** Decimal digits stand in rows from nought to nine (Unicode, General_Category Nd): how far it is to the row's beginning is the value. */
function decimal(point: number): string {
  let before = 0;
  while (digitSign.test(String.fromCodePoint(point - before - 1))) before++;
  return String(before % 10);
}

function readSign(sign: string): string {
  const point = sign.codePointAt(0) as number;
  if (passedOver.test(sign)) return '';
  if (privateUse.test(sign)) return ' ';
  if (digitSign.test(sign)) return decimal(point);
  if (numberSign.test(sign)) {
    if (zeros.has(point)) return '0';
    const row = ornaments.find(([first]) => point >= first && point < first + 10);
    if (row) return String(point - row[0] + row[1]);
    // ① ⒈ ⑴ ¹ ㈠: what is left without brackets and stops. Half a number (½) and the like are no digits.
    const bare = sign.normalize('NFKC').replace(/[().,]/g, '');
    return /^(?:\d{1,2}|[一二三四五六七八九])$/.test(bare) ? bare : /^[A-Za-z]$/.test(bare) ? bare : sign;
  }
  const folded = sign.normalize('NFKC');
  return /^[!-~]$/.test(folded) ? folded : sign;
}

const remembered = new Map<string, string>();
/** More signs than any language writes with would only be sent on purpose. */
const mostRemembered = 4096;

function read(sign: string): string {
  const known = remembered.get(sign);
  if (known !== undefined) return known;
  const value = readSign(sign);
  if (remembered.size < mostRemembered) remembered.set(sign, value);
  return value;
}

/** Reads a text of any length. */
export function reading(text: string): Reading {
  if (plain.test(text)) return { text, at: undefined };
  const at: number[] = [];
  let folded = '';
  let position = 0;
  for (const sign of text) {
    const value = read(sign);
    // Both units of a sign beyond the first plane stand where it stands.
    for (let i = 0; i < value.length; i++) at.push(position);
    folded += value;
    position += sign.length;
  }
  at.push(text.length);
  return { text: folded, at };
}

const numerals: Readonly<Record<string, string>> = Object.fromEntries(
  ['零〇○洞', '一壹弌幺', '二贰貳弍两兩', '三叁參叄弎', '四肆', '五伍', '六陆陸', '七柒拐', '八捌', '九玖勾'].flatMap((signs, value) =>
    [...signs].map((sign) => [sign, String(value)]),
  ),
);
const numeralSign = new RegExp(`[${Object.keys(numerals).join('')}]`, 'g');

/** 一三八, 壹叁捌 and 幺三八 become 138, one for one. */
export const numeralsRead = (text: string): string => text.replace(numeralSign, (sign) => numerals[sign] as string);

/** What of a text may be part of an identifier, by UTF-16 unit: 1 tells by itself, 2 is a numeral, 3 the first half of a sign beyond the first plane. */
const telling = tellingUnits();

function tellingUnits(): Uint8Array {
  const units = new Uint8Array(0x10000);
  const ranges = [
    [0x30, 0x39], // digits
    [0x40, 0x40], // @
    // Whatever else is no ASCII, no ideograph and no common punctuation: digits of other scripts, ornaments, marks, what is not seen.
    [0xad, 0xad],
    [0xb2, 0xb6],
    [0xb8, 0x1fff],
    [0x200b, 0x200f],
    [0x202a, 0x202e],
    [0x2060, 0x2fff],
    [0x3021, 0x302f],
    [0x3099, 0x309a],
    [0x3164, 0x3164],
    [0x3192, 0x33ff],
    [0xa000, 0xabff],
    [0xdc00, 0xdfff],
    [0xf900, 0xfeff],
    [0xff10, 0xff19],
    [0xff20, 0xff3a],
    [0xff41, 0xff5a],
    [0xffa0, 0xffa0],
    [0xfff0, 0xffff],
  ] as const;
  for (const [from, to] of ranges) units.fill(1, from, to + 1);
  units.fill(3, 0xd800, 0xdc00);
  for (const sign of [...Object.keys(numerals), '十']) units[sign.charCodeAt(0)] = 2;
  return units;
}

/** Pictures of the emoji planes hold digits only in two blocks, U+1F100–U+1F16F and U+1FBF0–U+1FBFF: any other is none. */
const isPicture = (high: number, low: number): boolean =>
  low >= 0xdc00 &&
  low <= 0xdfff &&
  ((high === 0xd83c && (low < 0xdd00 || low > 0xdd6f)) || high === 0xd83d || (high === 0xd83e && low < 0xdff0));

/** So few numerals and no digit spell no number, but perhaps a door. */
const fewestNumerals = 5;
const namedOtherwise = /微信|薇信|威信|v信|wechat|weixin|[vw]x/i;
const lettersOrDoor = /[A-Za-z]|[家我现就在们]住|住在|住址|地址|收货地|收件|户籍地|户口所在|家在|家[就是]住|单元/;

/** Whether a text may hold an identifier: a digit in any disguise, an address of any kind, enough numerals to spell a number. False is certain. */
export function mayIdentify(text: string): boolean {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const kind = telling[unit];
    if (kind === 0) continue;
    if (kind === 1) return true;
    if (kind === 3) {
      if (!isPicture(unit, text.charCodeAt(i + 1))) return true;
      i++;
    } else if (++count >= fewestNumerals) return true;
  }
  return namedOtherwise.test(text) || (count > 0 && lettersOrDoor.test(text));
}
