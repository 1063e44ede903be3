/** How available the service was, and how fast: from the incidents the server kept and the times of messages and answers. */
import type { Db } from '../store/database.ts';
import type { Period } from './facts.ts';
import { percentile } from './percentile.ts';

export interface PartDowntime {
  /** A part of the server, or `channel:<name>`. */
  readonly kind: string;
  readonly incidents: number;
  /** Minutes within the period. */
  readonly minutes: number;
  /** How many went on past the time they had to be settled by. */
  readonly overdue: number;
}

export interface ServiceReport {
  /** Share of the period in which no part without which nobody is answered was down; from the oldest turn in the store up to now. Null where nothing of that lies in it. */
  readonly availability: number | null;
  /** How much of the period that is. */
  readonly minutes: number;
  readonly parts: readonly PartDowntime[];
  /** Messages measured, and milliseconds from a message's arrival to its stored answer (waiting for one's turn included); null without any. */
  readonly turns: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Turns that ended in an error of ours. */
  readonly failed: number;
}

/** Without these nobody is answered; the others make answers worse, later, or fewer. */
const vital: ReadonlySet<string> = new Set(['database', 'knowledge']);
const minuteMs = 60_000;
/** The newest are measured: enough for a 99th percentile. */
const mostMeasured = 100_000;

/** A period of at most 400 days. Incidents that still go on count up to `now`. */
export async function serviceReport(db: Db, { from, to }: Period, now: number): Promise<ServiceReport> {
  const end = Math.min(to, now);
  const start = Math.max(from, (await firstTurn(db)) ?? end);
  const rows = await db
    .selectFrom('incidents')
    .select(['kind', 'begun_at', 'ended_at', 'due_at'])
    .where('begun_at', '<', to)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', from)]))
    .orderBy('begun_at')
    .execute();
  const spans = rows
    .map((row) => ({
      kind: row.kind,
      start: Math.max(start, Number(row.begun_at)),
      end: Math.min(end, row.ended_at === null ? now : Number(row.ended_at)),
      overdue: (row.ended_at === null ? now : Number(row.ended_at)) > Number(row.due_at),
    }))
    .filter((span) => span.end > span.start);
  const length = end - start;
  const kinds = [...new Set(spans.map(({ kind }) => kind))];
  const timed = await db
    .selectFrom('turns')
    .innerJoin('inbox', 'inbox.id', 'turns.inbox_id')
    .select(['inbox.received_at', 'inbox.done_at', 'turns.outcome'])
    .where('turns.created_at', '>=', from)
    .where('turns.created_at', '<', to)
    .where('turns.outcome', 'not in', ['greeted', 'rated', 'ignored'])
    .orderBy('turns.created_at', 'desc')
    .limit(mostMeasured)
    .execute();
  const took = timed.flatMap(({ received_at, done_at }) => (done_at === null ? [] : [Number(done_at) - Number(received_at)]));
  const at = (share: number) => (took.length === 0 ? null : percentile(took, share));
  return {
    availability: length <= 0 ? null : 1 - covered(spans.filter(({ kind }) => vital.has(kind))) / length,
    minutes: Math.max(0, Math.round(length / minuteMs)),
    parts: kinds
      .map((kind) => {
        const mine = spans.filter((span) => span.kind === kind);
        return {
          kind,
          incidents: mine.length,
          minutes: Math.round(covered(mine) / minuteMs),
          overdue: mine.filter(({ overdue }) => overdue).length,
        };
      })
      .toSorted((a, b) => b.minutes - a.minutes || a.kind.localeCompare(b.kind)),
    turns: took.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    failed: timed.filter(({ outcome }) => outcome === 'failed_internal').length,
  };
}

/** When the store's oldest turn was; nobody knows how available the service was before. */
async function firstTurn(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('turns').select('created_at').orderBy('created_at').limit(1).executeTakeFirst();
  return row && Number(row.created_at);
}

/** Milliseconds under at least one span; spans in order of their start. */
function covered(spans: readonly { readonly start: number; readonly end: number }[]): number {
  let [total, reached] = [0, 0];
  for (const { start, end } of spans) {
    if (end <= reached) continue;
    total += end - Math.max(start, reached);
    reached = end;
  }
  return total;
}
