/**
 * What a Chinese official document says about itself: number (文号), issuer (发文机关), date, and when it takes effect. Only what
 * stands where such facts stand and says one thing is taken. Source of the forms: GB/T 9704-2012 (党政机关公文格式).
 */

export interface DocumentFacts {
  readonly docNo?: string;
  readonly issuer?: string;
  readonly publishedAt?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
}

const chineseYear = '[〇○零一二三四五六七八九]{4}';
const dateWords = `((?:19|20)\\d\\d|${chineseYear})\\s*年\\s*(\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*月\\s*(\\d{1,2}|[一二三四五六七八九十]{1,3})\\s*日`;
const onlyDate = new RegExp(`^[（(]?${dateWords}[）)]?$`, 'u');
const number = /([\p{Script=Han}]{2,14})\s*[〔［[【(（]\s*((?:19|20)\d\d)\s*[〕］\]】)）]\s*第?(\d{1,4})\s*号/u;
const bodies =
  /(人民政府|政府|办公厅|办公室|委员会|人民代表大会|人大常委会|国务院|局|厅|部|署|院|中心|总队|支队|银行|管理处|办事处|管委会|税务总局|海关)$/u;
const document =
  '(?:本|此)(?:[\\p{Script=Han}]{0,4}?)(?:办法|规定|规则|细则|通知|意见|方案|条例|决定|公告|通告|政策|措施|标准|指南|规范|制度|若干措施|法)';

/** The facts of a document from its lines (headings without their marks). */
export function factsOf(lines: readonly string[]): DocumentFacts {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '');
  const signed = signature(filled);
  const docNo = ownNumber(filled);
  const issuer = signed.issuer ?? redHead(filled);
  const publishedAt = statedDate(filled) ?? signed.date;
  const validFrom = single(filled, new RegExp(`${document}[^。；]{0,12}自\\s*${dateWords}\\s*起[^。；]{0,8}(?:施行|实施|执行|生效)`, 'gu'));
  const validTo = single(filled, new RegExp(`(?:有效期|施行期限|执行期限)[^。；]{0,14}?至\\s*${dateWords}\\s*(?:止|[。；，,]|$)`, 'gu'));
  return {
    ...(docNo ? { docNo } : {}),
    ...(issuer ? { issuer } : {}),
    ...(publishedAt ? { publishedAt } : {}),
    ...(validFrom ? { validFrom } : {}),
    ...(validTo && !(validFrom && validTo < validFrom) ? { validTo } : {}),
  };
}

/** The document's own number stands near the top, on a line of its own (beside the signer's name, or in brackets under the title). */
function ownNumber(lines: readonly string[]): string | undefined {
  for (const line of lines.slice(0, 15)) {
    const found = line.length <= 100 ? number.exec(line) : null;
    if (!found) continue;
    const rest = line.slice(0, found.index) + line.slice(found.index + found[0].length);
    if (/^[\s（()）]*(?:签发人[:：].*)?$|^(?:文\s*号|发文字号|发文号)\s*[:：]\s*$/u.test(rest))
      return `${found[1]}〔${found[2]}〕${Number(found[3])}号`;
    const labelled = /(?:文\s*号|发文字号|发文号)\s*[:：]\s*$/u.test(line.slice(0, found.index));
    if (labelled) return `${found[1]}〔${found[2]}〕${Number(found[3])}号`;
  }
  return undefined;
}

/** Issuer and date at the end: the date on its own line, above it the names of those who issued. */
function signature(lines: readonly string[]): { issuer?: string; date?: string } {
  const found = lines.map((line) => onlyDate.exec(line));
  const places = found.flatMap((match, index) => (match ? [index] : []));
  const last = places.at(-1);
  // Two dates on lines of their own (that of an attached text, say) leave open which is the document's.
  if (last === undefined || places.length > 1) return {};
  const date = isoDate(found[last] ?? undefined);
  const names: string[] = [];
  for (let at = last - 1; at >= 0 && names.length < 6; at -= 1) {
    const name = lines[at] ?? '';
    if (name.length > 40 || !bodies.test(name) || /[。，；：]/u.test(name)) break;
    names.unshift(...name.split(/[\s\u3000]+/u));
  }
  return { ...(names.length > 0 ? { issuer: names.join('、') } : {}), ...(date ? { date } : {}) };
}

/** 安澜市人民政府办公室文件: the head of the first page. */
function redHead(lines: readonly string[]): string | undefined {
  const head = lines.slice(0, 4).find((line) => /^[\p{Script=Han}\s]{4,40}文\s*件$/u.test(line));
  const name = head?.replace(/[\s\u3000]/gu, '').replace(/文件$/u, '');
  return name !== undefined && bodies.test(name) ? name : undefined;
}

function statedDate(lines: readonly string[]): string | undefined {
  const label = /(?:发布日期|发布时间|成文日期|印发日期|公布日期)\s*[:：]\s*/u;
  const iso = /^((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/;
  const dates = [...lines.slice(0, 30), ...lines.slice(-10)].flatMap((line) => {
    const after = label.exec(line);
    if (!after) return [];
    const words = line.slice(after.index + after[0].length);
    const date = isoDate(iso.exec(words) ?? new RegExp(`^${dateWords}`, 'u').exec(words) ?? undefined);
    return date ? [date] : [];
  });
  return new Set(dates).size === 1 ? dates[0] : undefined;
}

/** The one date a pattern gives in the whole text; two different ones say nothing. */
function single(lines: readonly string[], pattern: RegExp): string | undefined {
  const dates = new Set(lines.flatMap((line) => [...line.matchAll(pattern)].map((found) => isoDate(found))));
  const [date] = dates;
  return dates.size === 1 ? date : undefined;
}

function isoDate(found: RegExpMatchArray | undefined): string | undefined {
  if (!found) return undefined;
  const [year, month, day] = [found[1], found[2], found[3]].map((words) => numberOf(words ?? ''));
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const real = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(date) ? date : undefined;
}

function numberOf(words: string): number {
  if (/^\d+$/.test(words)) return Number(words);
  const digit = (sign: string): number => '〇一二三四五六七八九'.indexOf(sign.replace(/[○零]/u, '〇'));
  if (!words.includes('十')) return Number([...words].map(digit).join(''));
  const [tens = '', ones = ''] = words.split('十');
  return (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones));
}
