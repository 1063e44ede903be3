/** Work orders counted: how many, how many in time, how often returned, urged, supervised, reopened, and how long until the answer. */
import type { Db } from './database.ts';

export interface WorkOrderFigures {
  /** The department; empty for orders no department has. */
  readonly department: string;
  readonly received: number;
  readonly answered: number;
  /** Of those answered, the ones that were never overdue ÷ answered; null without answers. */
  readonly inTime: number | null;
  /** Overdue and not answered yet. */
  readonly late: number;
}
export interface WorkOrderPeriod {
  /** Orders received from `since` up to, not including, `until`; epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

const unanswered = ['received', 'dispatched', 'handled'];

/** The figures of each department, most orders first. */
export async function workOrderFigures(db: Db, { since, until }: WorkOrderPeriod): Promise<WorkOrderFigures[]> {
  const rows = await db
    .selectFrom('work_orders')
    .select(['department', 'state'])
    .select((eb) => [eb.fn.countAll().as('count'), eb.fn.count('overdue_at').as('overdue')])
    .where('received_at', '>=', since)
    .where('received_at', '<', until)
    .groupBy(['department', 'state'])
    .execute();
  const names = [...new Set(rows.map((row) => row.department ?? ''))];
  return names
    .map((department) => {
      const mine = rows.filter((row) => (row.department ?? '') === department);
      const sum = (pick: (row: (typeof rows)[number]) => number, open: boolean | undefined) =>
        mine.filter((row) => open === undefined || unanswered.includes(row.state) === open).reduce((total, row) => total + pick(row), 0);
      const answered = sum((row) => Number(row.count), false);
      const onTime = answered - sum((row) => Number(row.overdue), false);
      return {
        department,
        received: sum((row) => Number(row.count), undefined),
        answered,
        inTime: answered === 0 ? null : onTime / answered,
        late: sum((row) => Number(row.overdue), true),
      };
    })
    .toSorted((a, b) => b.received - a.received || (a.department < b.department ? -1 : 1));
}

/** How often each action was taken on the orders of the period, by name of the action. */
export async function workOrderActionCounts(db: Db, { since, until }: WorkOrderPeriod): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('work_order_events')
    .innerJoin('work_orders', 'work_orders.id', 'work_order_events.order_id')
    .select('work_order_events.action')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('work_orders.received_at', '>=', since)
    .where('work_orders.received_at', '<', until)
    .groupBy('work_order_events.action')
    .orderBy('work_order_events.action')
    .execute();
  return Object.fromEntries(rows.map(({ action, count }) => [action, Number(count)]));
}

/** Mean milliseconds from receipt to the first answer, over the orders of the period that have one; null without any. */
export async function meanAnswerTime(db: Db, { since, until }: WorkOrderPeriod): Promise<number | null> {
  const row = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('work_orders')
        .innerJoin('work_order_events', 'work_order_events.order_id', 'work_orders.id')
        .select((inner) => inner(inner.fn.min('work_order_events.at'), '-', inner.ref('work_orders.received_at')).as('took'))
        .where('work_orders.received_at', '>=', since)
        .where('work_orders.received_at', '<', until)
        .where('work_order_events.action', 'in', ['answer', 'answer_directly'])
        .groupBy(['work_orders.id', 'work_orders.received_at'])
        .as('answers'),
    )
    .select((eb) => eb.fn.avg<number | string | null>('answers.took').as('mean'))
    .executeTakeFirst();
  return row?.mean === null || row?.mean === undefined ? null : Number(row.mean);
}

/** How often orders were dispatched to each department in the period, and came back from it. */
export async function departmentReturns(
  db: Db,
  { since, until }: WorkOrderPeriod,
): Promise<Map<string, { dispatched: number; returned: number }>> {
  const rows = await db
    .selectFrom('work_order_events')
    .select(['order_id', 'action', 'data_json'])
    .where('action', 'in', ['dispatch', 'return'])
    .where('at', '>=', since)
    .where('at', '<', until)
    .orderBy('order_id')
    .orderBy('seq')
    .execute();
  const found = new Map<string, { dispatched: number; returned: number }>();
  let holder: { order: string; department: string } | undefined;
  for (const row of rows) {
    if (row.action === 'dispatch') {
      const { department } = JSON.parse(row.data_json) as { department?: string };
      if (department === undefined) continue;
      holder = { order: row.order_id, department };
      const card = found.get(department) ?? { dispatched: 0, returned: 0 };
      found.set(department, { ...card, dispatched: card.dispatched + 1 });
      // a return belongs to whoever had it last
    } else if (holder?.order === row.order_id) {
      const card = found.get(holder.department);
      if (card) found.set(holder.department, { ...card, returned: card.returned + 1 });
    }
  }
  return found;
}
