/** Topics that rise above what they usually are, before anybody complains (未诉先办, R-020). */
import { setImmediate as nextRound } from 'node:timers/promises';
import { DAY_MS } from '../calendar/china-day.ts';
import type { Db } from '../store/database.ts';
import { itemsOf } from './facts.ts';

export interface Rise {
  /** Id of the knowledge item people ask about. */
  readonly item: string;
  /** Conversations in the last seven days. */
  readonly recent: number;
  /** Conversations a week over the four weeks before. */
  readonly usual: number;
}

/** Whole weeks are compared, so that weekends weigh the same on both sides. */
const weekMs = 7 * DAY_MS;
const weeksBefore = 4;
/** A topic of fewer people is not worth anybody's morning. */
const leastPeople = 10;
const leastRatio = 1.5;
/** How often chance alone may raise anything at all: shared out over the topics looked at (Bonferroni). */
const falseAlarm = 0.01;

/** What one topic did. Counts of conversations. */
export interface TopicCount {
  readonly item: string;
  readonly recent: number;
  /** Over all the weeks before. */
  readonly before: number;
}

/**
 * Topics whose last week is more than chance above their four weeks before. If nothing had changed, each of a topic's conversations would fall
 * into the last week with the share that the last week has of the time, or of all conversations if that is greater: a busy week of everything
 * raises no topic. The probability of so many or more is the tail of the binomial distribution.
 */
export function risingTopics(counts: readonly TopicCount[]): Rise[] {
  const sum = (pick: (one: TopicCount) => number) => counts.reduce((total, one) => total + pick(one), 0);
  const [recentOfAll, beforeOfAll] = [sum((one) => one.recent), sum((one) => one.before)];
  if (recentOfAll === 0) return [];
  const candidates = counts.filter(({ recent }) => recent >= leastPeople);
  return candidates
    .filter(({ recent, before }) => {
      if (recent < leastRatio * (before / weeksBefore)) return false;
      // A topic is judged against all others: its own rise must not hide it.
      const [others, othersBefore] = [recentOfAll - recent, beforeOfAll - before];
      const share = others + othersBefore === 0 ? 0 : others / (others + othersBefore);
      const expected = Math.min(0.95, Math.max(1 / (weeksBefore + 1), share));
      return binomialTail(recent, recent + before, expected) < falseAlarm / candidates.length;
    })
    .map(({ item, recent, before }) => ({ item, recent, usual: before / weeksBefore }))
    .toSorted((a, b) => b.recent / Math.max(1, b.usual) - a.recent / Math.max(1, a.usual) || a.item.localeCompare(b.item));
}

/** P(X ≥ k) of n draws with probability p, summed in logarithms. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  let logTerm = k * Math.log(p) + (n - k) * Math.log1p(-p);
  for (let i = 0; i < k; i++) logTerm += Math.log((n - i) / (i + 1));
  let term = Math.exp(logTerm);
  let total = term;
  for (let i = k; i < n; i++) {
    term *= (((n - i) / (i + 1)) * p) / (1 - p);
    total += term;
  }
  return Math.min(1, total);
}

/** What rises as of now; 'too_young' until the store holds five weeks. `pageRows`: turns read at once. */
export async function findRising(db: Db, now: number, pageRows = 2000): Promise<Rise[] | 'too_young'> {
  const begin = now - (weeksBefore + 1) * weekMs;
  const first = await db.selectFrom('turns').select('id').where('created_at', '<', begin).limit(1).executeTakeFirst();
  if (first === undefined) return 'too_young';
  const counts = new Map<string, { item: string; recent: number; before: number }>();
  for (let week = 0; week <= weeksBefore; week++) {
    const seen = new Set<string>();
    for await (const { conversation_id, citations_json } of citedIn(db, begin + week * weekMs, begin + (week + 1) * weekMs, pageRows)) {
      const [item] = itemsOf(citations_json);
      if (item === undefined || seen.has(conversation_id)) continue;
      seen.add(conversation_id);
      const count = counts.get(item) ?? { item, recent: 0, before: 0 };
      if (week === weeksBefore) count.recent += 1;
      else count.before += 1;
      counts.set(item, count);
    }
  }
  return risingTopics([...counts.values()]);
}

/** Turns that cite something, oldest first. Page by page: five weeks of a big city neither fit at once nor may they keep citizens waiting. */
async function* citedIn(db: Db, from: number, to: number, pageRows: number) {
  let after = { created_at: from, inbox_id: -1 };
  for (;;) {
    const last = after;
    const rows = await db
      .selectFrom('turns')
      .select(['conversation_id', 'citations_json', 'created_at', 'inbox_id'])
      .where(({ eb, or, and }) =>
        or([eb('created_at', '>', last.created_at), and([eb('created_at', '=', last.created_at), eb('inbox_id', '>', last.inbox_id)])]),
      )
      .where('created_at', '>=', from)
      .where('created_at', '<', to)
      .where('citations_json', '<>', '[]')
      .orderBy('created_at')
      .orderBy('inbox_id')
      .limit(pageRows)
      .execute();
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < pageRows) return;
    after = end;
    await nextRound();
  }
}
