/** The lines of a notice in words, the same in a message and on the printable page. No number that the guides don't hold. */
import { materialDetails, placeText } from '../../knowledge/index/guide-text.ts';
import type { NoticeMatter, NoticePlace } from './notice.ts';
import { isFetched, type Need, type NoticeMaterial } from './notice-materials.ts';

export const noticeWords = {
  matters: '要办的事，按这个次序',
  lead: (department: string) => `（牵头部门：${department}）`,
  fetched: '不用带的',
  nothingToBring: '什么都不用带。',
  usedFor: (matters: readonly string[]) => `用于：${matters.join('、')}`,
  notFor: (matters: readonly string[], details: readonly string[]) =>
    `${matters.join('、')}不用出示${details.length === 0 ? '' : `（${details.join('，')}）`}`,
  forMatter: (matter: string, detail: string) => `${matter}：${detail}`,
  inSituation: (situation: string) => `${situation}时要`,
  separate: '委托书要按事分别写',
  onlyHere: (matters: readonly string[]) => `只办：${matters.join('、')}`,
  notHere: (matters: readonly string[]) => `不办：${matters.join('、')}`,
};

/** Told of each matter by itself, in this order; materials and places are told once for all. */
export const ownElements = ['conditions', 'process', 'online', 'time', 'fee', 'visits', 'result', 'phone'] as const;

/** 户口登记（出生登记）：安澜市公安局 */
export function headline({ title, situation, department, joint }: NoticeMatter): string {
  const handled = [department, ...joint].filter((one) => one !== undefined).join('、');
  return `${title}${situation === undefined ? '' : `（${situation}）`}${handled === '' ? '' : `：${handled}`}`;
}

/** Where the matter is handled online; undefined when it is not. */
export function onlineLink({ guide, passages }: NoticeMatter): string | undefined {
  const { onlineUrl } = guide;
  return onlineUrl !== undefined && passages.some((one) => one.element === 'online' && one.url === onlineUrl) ? onlineUrl : undefined;
}

/** 居民身份证：原件 1 份、复印件 2 份；公安机关发给；用于：户口登记 */
export function materialLine(one: NoticeMaterial, matters: readonly string[]): string {
  const counts = [
    one.originals > 0 ? `原件 ${one.originals} 份` : '',
    one.copies > 0 ? `复印件 ${one.copies} 份` : '',
    one.electronic ? '电子版' : '',
  ].filter(Boolean);
  const brought = one.needs.filter((need) => !isFetched(need));
  const said = new Set(brought.flatMap(details));
  const elsewhere = one.needs.filter((need) => isFetched(need) && !brought.some(({ matter }) => matter === need.matter));
  const fetched = new Set(elsewhere.flatMap(details).filter((detail) => !said.has(detail)));
  const all = [
    counts.join('、'),
    ...detailsOf(brought),
    one.needs.length > 1 && one.name.includes('委托书') ? noticeWords.separate : '',
    titles(brought).length < matters.length ? noticeWords.usedFor(titles(brought)) : '',
    elsewhere.length > 0 ? noticeWords.notFor(titles(elsewhere), [...fetched]) : '',
  ].filter(Boolean);
  return withDetails(one.name, all);
}

/** 居民户口簿：用电子证照（居民户口簿）代替 */
export function fetchedLine(one: NoticeMaterial, matters: readonly string[]): string {
  const details = [...detailsOf(one.needs), titles(one.needs).length < matters.length ? noticeWords.usedFor(titles(one.needs)) : ''];
  return withDetails(one.name, details.filter(Boolean));
}

/** An office with address, hours and phone; the windows of each matter; what is not handled there. */
export function placeLine({ place, windows }: NoticePlace, matters: readonly string[]): string {
  const named = windows.flatMap(({ matter, window }) => (window === undefined ? [] : [{ matter, window }]));
  const one = new Set(named.map(({ window }) => window)).size === 1 && named.length === windows.length;
  const numbers = one ? (named[0]?.window ?? '') : named.map(({ matter, window }) => `${matter}在${window}`).join('，');
  const here = [...new Set(windows.map(({ matter }) => matter))];
  const elsewhere = matters.filter((matter) => !here.includes(matter));
  const some = elsewhere.length === 0 ? '' : elsewhere.length < here.length ? noticeWords.notHere(elsewhere) : noticeWords.onlyHere(here);
  return [placeText(place), numbers, some].filter(Boolean).join('；');
}

function titles(needs: readonly Need[]): string[] {
  return [...new Set(needs.map((need) => need.matter))];
}

/** What the guides say of a material: once when they agree, else under the matter's name. */
function detailsOf(needs: readonly Need[]): string[] {
  const said = needs.map((need) => ({ matter: need.matter, details: details(need) }));
  const inAll = (detail: string) => said.every((one) => one.details.includes(detail));
  const common = [...new Set(said.flatMap((one) => one.details))].filter(inAll);
  const rest = new Map<string, string[]>();
  for (const { matter, details: all } of said)
    for (const detail of all.filter((one) => !inAll(one))) rest.set(detail, [...new Set([...(rest.get(detail) ?? []), matter])]);
  return [...common, ...[...rest].map(([detail, matters]) => noticeWords.forMatter(matters.join('、'), detail))];
}

function details({ material, situation }: Need): string[] {
  return [...(situation === undefined ? [] : [noticeWords.inSituation(situation)]), ...materialDetails(material)];
}

const withDetails = (name: string, all: readonly string[]): string => (all.length === 0 ? name : `${name}：${all.join('；')}`);
