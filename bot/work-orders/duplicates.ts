/** Whether a new matter was brought before: by the words, the place and the person. A suggestion; a person decides. */
import type { Db } from '../store/database.ts';
import type { WorkOrder } from './order.ts';
import { listWorkOrders } from './repository.ts';

/** What is compared of an order. */
export type Compared = Pick<WorkOrder, 'title' | 'detail' | 'place' | 'citizenKey' | 'phone'>;

/** A month, as hotlines look back for 重复诉求. */
export const WINDOW_MS = 30 * 86_400_000;
/** Fitted on the labelled pairs of testing/matters.ts: see its test. */
const thresholds = { samePerson: 0.25, samePlace: 0.24, neither: 0.62 };
const MOST_COMPARED = 2000;
const MOST_SUGGESTED = 5;

/** Words that every order has: they say nothing about the matter. */
const filler =
  /请问|你好|您好|麻烦|希望|相关部门|有关部门|工作人员|谢谢|反映|投诉|举报|咨询|求助|问题|情况|一下|尽快|处理|解决|市民|我们|你们|怎么|什么|已经|一直|小区|门口|附近|旁边|居民|物业/gu;

/** Characters of any sentence. */
const common = new Set('的了是在我你他不有没还又也都就要到去来上下给把被和能可以请这那个一二三两天');

/** How alike two matters are in words, 0 to 1: cosine of the counts of their characters (half weight) and pairs of characters. */
export function likeness(a: string, b: string): number {
  const [first, second] = [pieces(a), pieces(b)];
  let product = 0;
  for (const [piece, count] of first) product += count * (second.get(piece) ?? 0);
  return product === 0 ? 0 : product / (norm(first) * norm(second));
}

/** The likeness of two matters and whether they count as the same. */
export function sameMatter(a: Compared, b: Compared): { score: number; same: boolean } {
  const score = likeness(`${a.title}\n${a.detail}`, `${b.title}\n${b.detail}`);
  const person = (a.citizenKey !== null && a.citizenKey === b.citizenKey) || (a.phone !== null && a.phone === b.phone);
  const place = a.place !== null && b.place !== null && samePlace(a.place, b.place);
  const elsewhere = a.place !== null && b.place !== null && !place;
  // two street lamps are two matters, however alike the words
  if (elsewhere) return { score, same: false };
  const needed = person ? thresholds.samePerson : place ? thresholds.samePlace : thresholds.neither;
  return { score, same: score >= needed };
}

/** Earlier orders with the same matter, most alike first. */
export async function suggestDuplicates(
  db: Db,
  order: Compared & { id?: string },
  now: number,
): Promise<{ order: WorkOrder; score: number }[]> {
  const recent = await listWorkOrders(
    db,
    { receivedSince: now - WINDOW_MS, kinds: ['demand', 'message'] },
    { sort: 'newest', limit: MOST_COMPARED },
  );
  return recent
    .filter((other) => other.id !== order.id && other.duplicateOf === null)
    .map((other) => ({ order: other, ...sameMatter(order, other) }))
    .filter(({ same }) => same)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_SUGGESTED)
    .map(({ order: found, score }) => ({ order: found, score }));
}

/** House numbers must agree; otherwise one address may say more than the other. */
function samePlace(a: string, b: string): boolean {
  const [first, second] = [plain(a), plain(b)];
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).join(' ');
  const [one, other] = [numbers(first), numbers(second)];
  if (one !== '' && other !== '' && one !== other) return false;
  const [short, long] = first.length <= second.length ? [first, second] : [second, first];
  return long.includes(short) || likeness(first, second) >= 0.6;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '');

function pieces(text: string): Map<string, number> {
  const characters = [...plain(text.replace(filler, ' '))];
  const found = new Map<string, number>();
  const count = (piece: string, weight: number) => found.set(piece, (found.get(piece) ?? 0) + weight);
  for (const [i, character] of characters.entries()) {
    if (!common.has(character)) count(character, 0.5);
    const next = characters[i + 1];
    if (next !== undefined) count(character + next, 1);
  }
  return found;
}

function norm(counts: Map<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count * count;
  return Math.sqrt(sum);
}
