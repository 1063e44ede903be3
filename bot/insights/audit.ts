/**
 * Work orders checked against what was promised and what the rules allow: late (超时限), done by somebody who may not (超权限),
 * steps out of order (逆程序). Read from the stored events, not from what the order says of itself.
 */
import type { Db } from '../store/database.ts';
import { actionNames, stateNames } from '../work-orders/decide.ts';
import type { ActorKind, WorkOrder, WorkOrderEvent } from '../work-orders/order.ts';
import { applyEvent } from '../work-orders/replay.ts';
import { historiesOf } from '../work-orders/repository.ts';
import { mayAct } from '../work-orders/transitions.ts';
import type { Period } from './facts.ts';
import { percentile } from './percentile.ts';

export interface AuditFlag {
  readonly kind: 'late' | 'beyond_authority' | 'out_of_order';
  readonly order: string;
  /** Null where nobody has it. */
  readonly department: string | null;
  /** Place of the event in the order's history. */
  readonly seq: number;
  readonly words: string;
  readonly at: number;
}

/** From receipt (or a reopening) to the answer. */
export interface Round {
  readonly startedAt: number;
  /** What the citizen was promised first, and what it became by an extension or when the matter proved complex. */
  readonly promisedAt: number;
  readonly dueAt: number;
  /** Null while nobody has answered. */
  readonly answeredAt: number | null;
  readonly department: string | null;
  readonly seq: number;
}

export interface Audit {
  readonly orders: number;
  readonly rounds: number;
  readonly answered: number;
  readonly late: number;
  /** Rounds whose limit was moved. */
  readonly moved: number;
  /** Medians over the rounds that were answered, hours by the clock on the wall; null without any. */
  readonly promisedHours: number | null;
  readonly actualHours: number | null;
  /** Newest first. */
  readonly flags: readonly AuditFlag[];
}

const actorNames: Readonly<Record<ActorKind, string>> = {
  citizen: '市民',
  system: '系统',
  agent: '坐席',
  department: '部门',
  supervisor: '值班长',
  admin: '管理员',
};

const hourMs = 3_600_000;
const answers: ReadonlySet<string> = new Set(['answer', 'answer_directly', 'decline']);
/** Orders whose histories are read at once. */
const atOnce = 200;

/** Every order received in the period. `now`: what is unanswered and past its date is late already. */
export async function audit(db: Db, { from, to }: Period, now: number): Promise<Audit> {
  const orders = await db
    .selectFrom('work_orders')
    .select(['id', 'number'])
    .where('received_at', '>=', from)
    .where('received_at', '<', to)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  const rounds: Round[] = [];
  const flags: AuditFlag[] = [];
  for (let start = 0; start < orders.length; start += atOnce) {
    const some = orders.slice(start, start + atOnce);
    const histories = await historiesOf(
      db,
      some.map(({ id }) => id),
    );
    for (const { id, number } of some) {
      const found = auditOf(number, histories.get(id) ?? [], now);
      rounds.push(...found.rounds);
      flags.push(...found.flags);
    }
  }
  const answered = rounds.flatMap((round) => (round.answeredAt === null ? [] : [{ ...round, answeredAt: round.answeredAt }]));
  const median = (values: readonly number[]) => (values.length === 0 ? null : percentile(values, 0.5) / hourMs);
  return {
    orders: orders.length,
    rounds: rounds.length,
    answered: answered.length,
    late: flags.filter(({ kind }) => kind === 'late').length,
    moved: rounds.filter((round) => round.dueAt !== round.promisedAt).length,
    promisedHours: median(answered.map((round) => round.promisedAt - round.startedAt)),
    actualHours: median(answered.map((round) => round.answeredAt - round.startedAt)),
    flags: flags.toSorted((a, b) => b.at - a.at || a.order.localeCompare(b.order)),
  };
}

/** One order's rounds, and what is wrong with its history. Pure. */
export function auditOf(number: string, history: readonly WorkOrderEvent[], now: number): { rounds: Round[]; flags: AuditFlag[] } {
  const rounds: Round[] = [];
  const flags: AuditFlag[] = [];
  let order: WorkOrder | undefined;
  for (const event of history) {
    const { seq, at, action, actor, data } = event;
    const flag = (kind: AuditFlag['kind'], words: string) =>
      flags.push({ kind, order: number, department: data.department ?? order?.department ?? null, seq, words, at });
    if (!allowed(action, actor.kind)) flag('beyond_authority', `${actionNames[action]}，由${actorNames[actor.kind]}操作`);
    try {
      order = applyEvent(order, event);
    } catch {
      // What follows cannot be judged: it stands on a step that never was.
      flag('out_of_order', `${actionNames[action]}（第 ${seq} 步，之前${order ? stateNames[order.state] : '还没有受理'}）`);
      break;
    }
    const round = rounds.at(-1);
    if (action === 'receive' || action === 'reopen') {
      const dueAt = order.dueAt;
      rounds.push({ startedAt: at, promisedAt: dueAt, dueAt, answeredAt: null, department: order.department, seq });
    } else if (round && round.answeredAt === null) {
      const answeredAt = answers.has(action) ? at : null;
      rounds[rounds.length - 1] = { ...round, dueAt: order.dueAt, answeredAt, department: order.department ?? round.department, seq };
    }
  }
  for (const round of rounds) {
    const ended = round.answeredAt ?? now;
    if (ended <= round.dueAt) continue;
    const hours = Math.ceil((ended - round.dueAt) / hourMs);
    const words = round.answeredAt === null ? `还没有答复，已超过 ${hours} 小时` : `答复晚了 ${hours} 小时`;
    flags.push({ kind: 'late', order: number, department: round.department, seq: round.seq, words, at: round.dueAt });
  }
  return { rounds, flags };
}

const allowed = (action: WorkOrderEvent['action'], kind: ActorKind): boolean => mayAct[action].includes(kind);
