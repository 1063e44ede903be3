/** Work orders in the store: take in, act on, look after what should happen by itself. Each action is one transaction. */
import { z } from 'zod';
import type { Calendars } from '../calendar/calendars.ts';
import { dayNumber, isoDay } from '../calendar/china-day.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { nextWorkOrderSerial, workOrdersToCheck } from '../store/work-orders.ts';
import { accusesStaff, namedDepartments } from './about-staff.ts';
import { deadlineFrom, promiseAfter } from './deadlines.ts';
import { type Command, decide, type Refusal } from './decide.ts';
import { noticeOf, occasionOf } from './notices.ts';
import { workOrderNumber } from './number.ts';
import { type Actor, type Check, demandTypes, plainText, urgencies, type WorkOrder, type WorkOrderEvent, workOrderKinds } from './order.ts';
import { findWorkOrder, storeNew, storeNext } from './repository.ts';
import type { Tell } from './tell.ts';

/** A matter to take in. */
export const newOrderSchema = z.object({
  kind: z.enum(workOrderKinds).default('demand'),
  demandType: z.enum(demandTypes).default('consult'),
  urgency: z.enum(urgencies).default('general'),
  title: plainText(200),
  detail: plainText(8000),
  place: plainText(200).nullable().default(null),
  citizenKey: plainText(300).nullable().default(null),
  channel: plainText(60).nullable().default(null),
  conversationId: plainText(256).nullable().default(null),
  phone: z
    .string()
    .regex(/^\+?\d{7,15}$/)
    .nullable()
    .default(null),
});
export type NewOrder = z.input<typeof newOrderSchema>;

export interface WorkOrdersOptions {
  readonly database: OpenDatabase;
  readonly calendars: Calendars;
  readonly now: () => number;
  readonly newId: () => string;
  /** Four random digits: the proof of a citizen who leaves no phone number. */
  readonly newCode: () => string;
  /** Names of departments that take orders; undefined: any. */
  readonly departments?: ReadonlySet<string> | undefined;
  readonly tell: Tell;
  /** Hears of every order that was closed, inside the transaction: plans the follow-up. */
  readonly onClosed?: ((tx: Db, order: WorkOrder) => Promise<void>) | undefined;
}

export type ActOutcome = { readonly order: WorkOrder } | { readonly refused: Refusal } | 'unknown';
type AfterCommit = () => void;

/** By itself, and in whose name. */
export const system: Actor = { kind: 'system', name: 'wenban' };
const AT_ONCE = 50;
const TRIES = 5;

export class WorkOrders {
  readonly #options: WorkOrdersOptions;

  constructor(options: WorkOrdersOptions) {
    this.#options = options;
  }

  get calendars(): Calendars {
    return this.#options.calendars;
  }

  /** Takes in a matter inside `tx`; `silently` when the caller tells the citizen itself. Call `announce` after the commit. */
  async open(tx: Db, input: NewOrder, actor: Actor, silently = false): Promise<{ order: WorkOrder; announce: AfterCommit }> {
    const { calendars, newId, newCode } = this.#options;
    const now = this.#options.now();
    const year = Number(isoDay(dayNumber(now)).slice(0, 4));
    const number = workOrderNumber(year, await nextWorkOrderSerial(tx, year));
    const asked = newOrderSchema.parse(input);
    const words = `${asked.title}\n${asked.detail}`;
    // A rating is about whoever served: its own rules keep it from them. What the house opens by itself accuses nobody.
    const aboutStaff = asked.kind !== 'bad_rating' && asked.kind !== 'before_complaint' && accusesStaff(words);
    const accused = aboutStaff ? namedDepartments(words, this.#options.departments ?? []) : [];
    const matter = { ...asked, number, code: newCode(), aboutStaff, accused };
    const { dueAt, checks } = deadlineFrom(calendars, { ...matter, complex: false }, now);
    const event: WorkOrderEvent = {
      orderId: newId(),
      seq: 1,
      action: 'receive',
      actor,
      at: now,
      note: null,
      data: { matter, dueAt, checks },
    };
    const order = await storeNew(tx, event);
    return { order, announce: silently ? () => undefined : await this.#tell(tx, order, event) };
  }

  /** Takes in a matter in a transaction of its own. */
  async create(input: NewOrder, actor: Actor): Promise<WorkOrder> {
    const { order, announce } = await this.#options.database.transaction((tx) => this.open(tx, input, actor));
    announce();
    return order;
  }

  /** Acts inside `tx` on the order as it is there now. Call `announce` after the commit. */
  async actWithin(
    tx: Db,
    id: string,
    command: Command,
    actor: Actor,
  ): Promise<{ order: WorkOrder; announce: AfterCommit } | { refused: Refusal } | 'unknown'> {
    const order = await findWorkOrder(tx, { id });
    if (order === undefined) return 'unknown';
    const { calendars, departments } = this.#options;
    const decided = decide(order, command, actor, { calendars, departments, now: this.#options.now() });
    if ('refused' in decided) return decided;
    const stored = await this.#store(tx, order, decided.event, command.reply);
    if (stored === undefined) throw new Overtaken();
    return stored;
  }

  /** Acts on an order; of two who act at the same moment the second one's action is judged on what the first left. */
  async act(id: string, command: Command, actor: Actor): Promise<ActOutcome> {
    const outcome = await this.#retried((tx) => this.actWithin(tx, id, command, actor));
    if (outcome === 'unknown' || 'refused' in outcome) return outcome;
    outcome.announce();
    return { order: outcome.order };
  }

  /**
   * Does what is due by now: half-time and 80 % reminders, overdue, supervision, agreement by silence, closing. Any number of processes may
   * call it: each thing is done once. Returns how many were done; an order that fails is reported and does not stop the others.
   */
  async sweep(onError: (error: unknown, orderId: string) => void): Promise<number> {
    const { database } = this.#options;
    const failed = new Set<string>();
    for (let done = 0; ; ) {
      const ids = (await workOrdersToCheck(database.db, this.#options.now(), AT_ONCE + failed.size)).filter((id) => !failed.has(id));
      if (ids.length === 0) return done;
      for (const id of ids) {
        try {
          const announce = await this.#retried((tx) => this.#check(tx, id));
          announce?.();
          done += 1;
        } catch (error) {
          failed.add(id);
          onError(error, id);
        }
      }
    }
  }

  /** The next due check of an order, as an action of the system; undefined when there is none (any more). */
  async #check(tx: Db, id: string): Promise<AfterCommit | undefined> {
    const order = await findWorkOrder(tx, { id });
    const [check, ...rest] = order?.checks ?? [];
    if (order === undefined || check === undefined || check.at > this.#options.now()) return undefined;
    const command = commandFor(order, check);
    const { calendars } = this.#options;
    const decided = decide({ ...order, checks: rest }, command, system, { calendars, now: this.#options.now() });
    if ('refused' in decided) throw new Error(`order ${order.number}: ${check.kind} was refused: ${decided.refused.message}`);
    const event = { ...decided.event, data: { checks: rest, ...decided.event.data } };
    const stored = await this.#store(tx, order, event);
    if (stored === undefined) throw new Overtaken();
    return stored.announce;
  }

  async #store(
    tx: Db,
    order: WorkOrder,
    event: WorkOrderEvent,
    said?: string,
  ): Promise<{ order: WorkOrder; announce: AfterCommit } | undefined> {
    const next = await storeNext(tx, order, event);
    if (next === undefined) return undefined;
    if (next.state === 'closed' && order.state !== 'closed') await this.#options.onClosed?.(tx, next);
    return { order: next, announce: await this.#tell(tx, next, event, said) };
  }

  async #tell(tx: Db, order: WorkOrder, event: WorkOrderEvent, said?: string): Promise<AfterCommit> {
    const { conversationId, channel } = order;
    const text = noticeOf(order, event, { now: event.at, promisedAt: promiseAfter(this.calendars, event.at), words: said });
    if (text === undefined || conversationId === null || channel === null) return () => undefined;
    return this.#options.tell(tx, { conversationId, channel }, text, occasionOf(event.action));
  }

  /** Runs `work` in a transaction, anew when another process was faster. */
  async #retried<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#options.database.transaction(work);
      } catch (error) {
        if (!(error instanceof Overtaken) || attempt >= TRIES) throw error;
      }
    }
  }
}

/** Another event came between reading and writing: the transaction is rolled back and done anew. */
class Overtaken extends Error {}

function commandFor(order: WorkOrder, check: Check): Command {
  switch (check.kind) {
    case 'half':
      return { action: 'remind', note: '办理时间已过半' };
    case 'urge':
      return { action: 'urge', note: '办理时间只剩五分之一，系统催办' };
    case 'contact':
      return order.contactedAt === null
        ? { action: 'supervise', note: '一个工作日内没有联系评价人，系统督办' }
        : { action: 'remind', note: '已按时联系评价人' };
    case 'overdue':
      return { action: 'overdue', note: '超过答复时限' };
    case 'supervise':
      return { action: 'supervise', note: '超期后仍未答复，系统督办' };
    case 'confirm':
      return { action: 'confirm', note: '到期没有收到不同意见，视为确认' };
    case 'close':
      return { action: 'close' };
  }
}
