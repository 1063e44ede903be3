/** Compares a stretch of an answer with one piece of evidence: tokens that are not there, and words that turn the rule round. */
import { align, matches } from './align.ts';
import { agrees, mustBeKept } from './markers.ts';
import type { Sign } from './symbols.ts';

export type ProblemKind =
  | 'number'
  | 'date'
  | 'duration'
  | 'money'
  | 'phone'
  | 'link'
  | 'document'
  | 'department'
  | 'address'
  | 'polarity'
  | 'coverage'
  | 'quote';

export interface Problem {
  readonly kind: ProblemKind;
  /** What of the answer is not supported. */
  readonly token: string;
}

/** Problems of `answer` (signs of one stretch) against `source` (signs of one piece); `about` holds title and heading. */
export function compare(answer: readonly Sign[], source: readonly Sign[], about: readonly Sign[]): Problem[] {
  const aligned = placed(answer, source);
  return [...tokenProblems(answer, source, about, aligned), ...added(answer, source, aligned), ...dropped(answer, source, aligned)];
}

/** Aligned as a whole; a clause that lies better elsewhere in the source (the order was changed) is aligned on its own. */
function placed(answer: readonly Sign[], source: readonly Sign[]): Int32Array {
  const aligned = align(answer, source);
  for (let from = 0; from < answer.length; ) {
    const clause = answer[from]?.clause;
    let to = from;
    while (to < answer.length && answer[to]?.clause === clause) to++;
    if (to - from >= 3) {
      const own = alignClause(answer.slice(from, to), source, new Set([...aligned.subarray(0, from), ...aligned.subarray(to)]));
      if (count(own) >= count(aligned.subarray(from, to)) + 2 || (count(own) === to - from && unbroken(own))) aligned.set(own, from);
    }
    from = to;
  }
  return withoutStrays(answer, source, aligned);
}

/** What another clause already stands for is taken a second time only when nothing else comes near. */
function alignClause(clause: readonly Sign[], source: readonly Sign[], taken: ReadonlySet<number>): Int32Array {
  const anywhere = align(clause, source);
  if (!anywhere.some((j) => j >= 0 && taken.has(j))) return anywhere;
  const free = [...source.keys()].filter((j) => !taken.has(j));
  const elsewhere = align(
    clause,
    free.map((j) => source[j] as Sign),
  ).map((j) => (j < 0 ? -1 : (free[j] as number)));
  return count(elsewhere) >= count(anywhere) - 2 ? elsewhere : anywhere;
}

const count = (aligned: Int32Array) => aligned.reduce((sum, j) => sum + (j >= 0 ? 1 : 0), 0);
const unbroken = (aligned: Int32Array) => aligned.every((j, k) => k === 0 || j === (aligned[k - 1] ?? 0) + 1);

/** A turning word or a token matched in a clause of the source that nothing around it comes from is a coincidence. */
function withoutStrays(answer: readonly Sign[], source: readonly Sign[], aligned: Int32Array): Int32Array {
  const result = aligned.slice();
  answer.forEach((sign, i) => {
    const j = aligned[i] as number;
    if (j < 0 || sign.kind === 'char') return;
    const clauses = [i - 1, i + 1]
      .filter((k) => answer[k]?.clause === sign.clause && (aligned[k] as number) >= 0)
      .map((k) => source[aligned[k] as number]?.clause);
    if (clauses.length > 0 && !clauses.includes(source[j]?.clause)) result[i] = -1;
  });
  return result;
}

function tokenProblems(answer: readonly Sign[], source: readonly Sign[], about: readonly Sign[], aligned: Int32Array): Problem[] {
  const touched = touchedClauses(source, aligned);
  const problems: Problem[] = [];
  answer.forEach((sign, i) => {
    if (sign.kind === 'char' || sign.kind === 'marker' || sign.quantity?.loose || aligned[i] !== -1) return;
    const places = source.filter((one) => matches(one, sign));
    const elsewhere = places.length > 0 && !places.some((one) => touched.has(one.clause));
    // 丢失补领 20 元, where the source gives 20 to one matter and 40 to this one.
    const rival = elsewhere && source.some((one) => touched.has(one.clause) && sameMeasure(one, sign));
    if (rival || (places.length === 0 && !about.some((one) => matches(one, sign)))) problems.push({ kind: sign.kind, token: sign.raw });
  });
  return problems;
}

/** Clauses of the source that the answer's words come from. */
function touchedClauses(source: readonly Sign[], aligned: Int32Array): Set<number> {
  const counts = new Map<number, number>();
  for (const j of aligned) {
    const sign = j < 0 ? undefined : source[j];
    if (sign?.kind === 'char') counts.set(sign.clause, (counts.get(sign.clause) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= 2).map(([clause]) => clause));
}

function sameMeasure(a: Sign, b: Sign): boolean {
  return a.kind === b.kind && a.quantity?.unit === b.quantity?.unit && a.key !== b.key;
}

/** Turning words the answer has and the source hasn't at that place. */
function added(answer: readonly Sign[], source: readonly Sign[], aligned: Int32Array): Problem[] {
  const used = new Set(aligned);
  const problems: Problem[] = [];
  answer.forEach((sign, i) => {
    if (!sign.marker || aligned[i] !== -1) return;
    const place = anchor(answer, aligned, i);
    const clause = place === undefined ? undefined : source[place]?.clause;
    const found = source.findIndex(
      (one, j) =>
        one.marker !== undefined &&
        agrees(one.marker, sign.marker ?? one.marker) &&
        one.clause === clause &&
        !used.has(j) &&
        boundsTheSame(answer, i, source, j),
    );
    if (found >= 0) used.add(found);
    else if (!(sign.marker === 'atmost' && isPlainDuration(answer, source, aligned, i)))
      problems.push({ kind: 'polarity', token: context(answer, i) });
  });
  return problems;
}

const bounds: ReadonlySet<string> = new Set(['atleast', 'atmost', 'above', 'below', 'before', 'after']);

/** 10 年以上 is not proved by 满 5 年: a bound must stand beside the same amount. */
function boundsTheSame(answer: readonly Sign[], i: number, source: readonly Sign[], j: number): boolean {
  if (!bounds.has(answer[i]?.marker ?? '')) return true;
  const amounts = [answer[i - 1], answer[i + 1]].filter((one) => one?.quantity !== undefined && one.clause === answer[i]?.clause);
  return (
    amounts.length === 0 || amounts.some((amount) => [source[j - 1], source[j + 1]].some((one) => one && amount && matches(one, amount)))
  );
}

/** Where in the source the next sign of the same clause stands, else the one before. */
function anchor(answer: readonly Sign[], aligned: Int32Array, i: number): number | undefined {
  const clause = answer[i]?.clause;
  for (let k = i + 1; k < answer.length && answer[k]?.clause === clause; k++) if ((aligned[k] as number) >= 0) return aligned[k];
  for (let k = i - 1; k >= 0 && answer[k]?.clause === clause; k--) if ((aligned[k] as number) >= 0) return aligned[k];
  return undefined;
}

/** 20 个工作日 told as 20 个工作日内: a promised time is an upper bound, unless the source bounds it otherwise. */
function isPlainDuration(answer: readonly Sign[], source: readonly Sign[], aligned: Int32Array, i: number): boolean {
  const before = answer[i - 1];
  const j = aligned[i - 1];
  if (before?.kind !== 'duration' || j === undefined || j < 0) return false;
  const neighbours = [source[j - 1], source[j + 1]];
  return !neighbours.some((one) => one?.marker !== undefined && one.marker !== 'atmost' && bounds.has(one.marker));
}

/** Turning words of the source that the answer left out although it kept what they turn. */
function dropped(answer: readonly Sign[], source: readonly Sign[], aligned: Int32Array): Problem[] {
  const answerOf = new Map<number, number>();
  aligned.forEach((j, i) => {
    if (j >= 0) answerOf.set(j, i);
  });
  const spare = answer.filter((sign, i) => sign.marker !== undefined && aligned[i] === -1);
  const problems: Problem[] = [];
  source.forEach((sign, j) => {
    if (!sign.marker || !mustBeKept.has(sign.marker) || answerOf.has(j)) return;
    if (spare.some((one) => one.marker !== undefined && agrees(sign.marker ?? 'not', one.marker))) return;
    const after = segmentMates(source, j, 1);
    const before = segmentMates(source, j, -1);
    const turned = after.length > 0 ? after : before;
    const kept = turned.slice(0, 2).map((one) => answerOf.get(one));
    const together = kept.every((one, k) => one !== undefined && (k === 0 || Math.abs(one - (kept[k - 1] ?? -9)) <= 1));
    // A single word after the marker proves little unless the word before it was kept too.
    const enough = turned.length >= 2 || after.length === 0 || before.length === 0 || answerOf.has(before[0] as number);
    if (kept.length > 0 && together && enough)
      problems.push({ kind: 'polarity', token: `${sign.raw}${source[turned[0] as number]?.raw ?? ''}` });
  });
  return problems;
}

/** Indices of the signs of the same segment that follow (or precede) one, nearest first. */
function segmentMates(source: readonly Sign[], j: number, step: 1 | -1): number[] {
  const mates: number[] = [];
  for (let k = j + step; source[k]?.segment === source[j]?.segment && source[k] !== undefined && mates.length < 2; k += step) mates.push(k);
  return mates;
}

function context(answer: readonly Sign[], i: number): string {
  return `${answer[i]?.raw ?? ''}${answer[i + 1]?.clause === answer[i]?.clause ? (answer[i + 1]?.raw ?? '') : ''}`;
}
