/** How people and departments serve: counted from the queue, ratings, quality flags and work orders. */
import type { Db } from '../store/database.ts';
import { ratingFigures } from '../store/ratings-statistics.ts';
import { departmentReturns, workOrderFigures } from '../store/work-orders-statistics.ts';
import type { Period } from './facts.ts';
import { percentile } from './percentile.ts';
import type { Flag } from './quality.ts';

export interface AgentCard {
  readonly agent: string;
  /** Conversations taken. */
  readonly taken: number;
  readonly closed: number;
  /** Median of how long their citizens had waited, seconds; null without any. */
  readonly waited: number | null;
  /** Quality flags, all kinds. */
  readonly flags: number;
  readonly ratings: number;
  /** Ratings of 3 and better ÷ ratings; null without any. */
  readonly satisfaction: number | null;
}

export interface DepartmentCard {
  readonly department: string;
  readonly received: number;
  readonly inTime: number | null;
  readonly late: number;
  /** Returned to whoever dispatched ÷ dispatched to it; null when nothing was. */
  readonly returned: number | null;
  readonly ratings: number;
  readonly satisfaction: number | null;
}

/** One card for each person who took a conversation in the period, busiest first. */
export async function agentCards(db: Db, { from, to }: Period, flags: readonly Flag[]): Promise<AgentCard[]> {
  const rows = await db
    .selectFrom('handoffs')
    .select(['agent', 'status', 'waiting_since', 'claimed_at'])
    .where('claimed_at', '>=', from)
    .where('claimed_at', '<', to)
    .where('agent', 'is not', null)
    .execute();
  const ratings = await ratingFigures(db, 'agent', { since: from, until: to });
  return [...new Set(rows.map((row) => row.agent ?? ''))]
    .map((agent): AgentCard => {
      const mine = rows.filter((row) => row.agent === agent);
      const waits = mine.map((row) => (Number(row.claimed_at) - Number(row.waiting_since)) / 1000);
      const rated = ratings.find(({ value }) => value === agent);
      return {
        agent,
        taken: mine.length,
        closed: mine.filter((row) => row.status === 'closed').length,
        waited: waits.length === 0 ? null : percentile(waits, 0.5),
        flags: flags.filter((flag) => flag.agent === agent).length,
        ratings: rated?.count ?? 0,
        satisfaction: rated?.satisfaction ?? null,
      };
    })
    .toSorted((a, b) => b.taken - a.taken || a.agent.localeCompare(b.agent));
}

/** One card for each department with work orders or ratings in the period. */
export async function departmentCards(db: Db, { from, to }: Period): Promise<DepartmentCard[]> {
  const span = { since: from, until: to };
  const orders = (await workOrderFigures(db, span)).filter(({ department }) => department !== '');
  const returns = await departmentReturns(db, span);
  const ratings = await ratingFigures(db, 'department', span);
  const names = new Set([...orders.map(({ department }) => department), ...returns.keys(), ...ratings.map(({ value }) => value)]);
  return [...names].map((department): DepartmentCard => {
    const has = orders.find((one) => one.department === department);
    const back = returns.get(department);
    const rated = ratings.find(({ value }) => value === department);
    return {
      department,
      received: has?.received ?? 0,
      inTime: has?.inTime ?? null,
      late: has?.late ?? 0,
      returned: back ? back.returned / back.dispatched : null,
      ratings: rated?.count ?? 0,
      satisfaction: rated?.satisfaction ?? null,
    };
  });
}
