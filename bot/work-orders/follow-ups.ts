/** 回访: some of the finished orders are asked about within three days, drawn by a seed so that anybody can draw the same sample again. */
import { createHash } from 'node:crypto';
import { DAY_MS, dayNumber, dayStart, displayMoment, MINUTE_MS } from '../calendar/china-day.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { type FollowUp, followUpsDue, moveFollowUp, openFollowUpOf, planFollowUp } from '../store/work-orders-follow-ups.ts';
import type { Command } from './decide.ts';
import { readFollowUpAnswer, type Verdict } from './follow-up-answer.ts';
import type { Actor, WorkOrder } from './order.ts';
import { findWorkOrder, listWorkOrders } from './repository.ts';
import type { Addressee } from './tell.ts';
import { system, type WorkOrders } from './work-orders.ts';

/** Asks a citizen by their channel inside `tx`, or says that the channel or the citizen does not allow it. */
export type Ask = (tx: Db, to: Addressee, text: string) => Promise<(() => void) | 'not_allowed'>;

export interface Sampling {
  readonly seed: string;
  /** Share of the finished orders that are asked about, 0 to 1. */
  readonly rate: number;
}

/** 办结后三日内. Source: 一网通办 基本要求 (draft) 10.1 c. */
const WITHIN_MS = 3 * DAY_MS;
/** Nobody is asked before nine or after eight in the evening. */
const DAY_BEGINS = 9 * 60 * MINUTE_MS;
const DAY_LASTS = 11 * 60 * MINUTE_MS;

/** Whether people are asked at this hour. */
function isDay(at: number): boolean {
  const since = at - dayStart(dayNumber(at)) - DAY_BEGINS;
  return since >= 0 && since <= DAY_LASTS;
}

/** A number from 0 up to 1 that only the words decide. */
function draw(...words: string[]): number {
  return createHash('sha256').update(words.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Whether this ending of an order belongs to the sample. */
export function isSampled(order: Pick<WorkOrder, 'number' | 'reopened'>, { seed, rate }: Sampling): boolean {
  return draw(seed, order.number, String(order.reopened)) < rate;
}

/** Plans the follow-up of an order that was just closed, if it is in the sample and there is a channel to ask on. */
export async function planIfSampled(tx: Db, order: WorkOrder, sampling: Sampling): Promise<void> {
  const { conversationId, channel, closedAt } = order;
  if (conversationId === null || channel === null || closedAt === null) return;
  if (order.followUp !== null || order.result?.resolution === 'declined' || !isSampled(order, sampling)) return;
  const minute = Math.floor((draw(sampling.seed, 'time', order.number) * DAY_LASTS) / MINUTE_MS) * MINUTE_MS;
  const sendAt = dayStart(dayNumber(closedAt) + 1) + DAY_BEGINS + minute;
  await planFollowUp(tx, { orderId: order.id, round: order.reopened, conversationId, channel, sendAt, dueAt: closedAt + WITHIN_MS });
}

export interface FollowUpsOptions {
  readonly database: OpenDatabase;
  readonly orders: WorkOrders;
  readonly now: () => number;
  readonly ask: Ask;
}

/** What the citizen is told after an answer, and what it meant. */
export interface Answered {
  readonly verdict: Verdict;
  readonly reply: string;
}

export class FollowUps {
  readonly #options: FollowUpsOptions;

  constructor(options: FollowUpsOptions) {
    this.#options = options;
  }

  /** Sends what is due, and writes down where no answer came in time. Any number of processes may call it. Returns how many were moved on. */
  async sweep(onError: (error: unknown, orderId: string) => void): Promise<number> {
    let moved = 0;
    const now = this.#options.now();
    for (const one of await followUpsDue(this.#options.database.db, now, 200)) {
      try {
        // Found late, after a pause in the night: it waits for the morning, unless its time is over.
        if (one.status === 'planned' && !isDay(now) && now <= one.dueAt) continue;
        if (one.status === 'planned') await this.#send(one);
        else await this.#giveUp(one);
        moved += 1;
      } catch (error) {
        onError(error, one.orderId);
      }
    }
    return moved;
  }

  /**
   * Reads a citizen's message as the answer to an open follow-up, or to an answer that waits for their agreement. Undefined: it is neither,
   * the dialogue goes on as usual.
   */
  async answer(conversationId: string, text: string): Promise<Answered | undefined> {
    const { database } = this.#options;
    const verdict = readFollowUpAnswer(text, true);
    if (verdict === undefined) return undefined;
    const asked = await openFollowUpOf(database.db, conversationId);
    if (asked === undefined) return this.#agree(conversationId, text);
    const order = await findWorkOrder(database.db, { id: asked.orderId });
    if (order === undefined) return undefined;
    const settled = await database.transaction(async (tx) => {
      const now = this.#options.now();
      const to = { status: 'answered' as const, at: now, answer: text.slice(0, 500), verdict };
      if (!(await moveFollowUp(tx, asked, to))) return undefined;
      const followUp = verdict === 'refused' ? 'no_answer' : verdict;
      const act = (command: Command) => this.#options.orders.actWithin(tx, order.id, command, citizenOf(order));
      const followed = await act({ action: 'follow_up', followUp, note: text.slice(0, 500) });
      if (followed === 'unknown' || 'refused' in followed) return undefined;
      const last = verdict === 'unresolved' ? await act({ action: 'reopen', note: `回访：${text.slice(0, 500)}` }) : followed;
      return last === 'unknown' || 'refused' in last ? undefined : last;
    });
    settled?.announce();
    return settled && { verdict, reply: replyTo(verdict, settled.order, this.#options.now()) };
  }

  /** 解决了, 没解决 said to an answer that waits for agreement. */
  async #agree(conversationId: string, text: string): Promise<Answered | undefined> {
    const { database, orders } = this.#options;
    const verdict = readFollowUpAnswer(text, false);
    if (verdict === undefined || verdict === 'refused') return undefined;
    const [order] = await listWorkOrders(database.db, { conversationId, states: ['answered'] }, { sort: 'newest', limit: 1 });
    if (order === undefined) return undefined;
    const note = text.slice(0, 500);
    const outcome = await orders.act(
      order.id,
      verdict === 'resolved' ? { action: 'confirm', note } : { action: 'reopen', note },
      citizenOf(order),
    );
    if (outcome === 'unknown' || 'refused' in outcome) return undefined;
    return { verdict, reply: replyTo(verdict, outcome.order, this.#options.now()) };
  }

  async #send(one: FollowUp): Promise<void> {
    const { database, ask, now } = this.#options;
    const order = await findWorkOrder(database.db, { id: one.orderId });
    const announce = await database.transaction(async (tx) => {
      const at = now();
      const tooLate = order === undefined || order.state !== 'closed' || at > one.dueAt;
      const sent = tooLate ? 'not_allowed' : await ask(tx, one, question(order));
      if (sent === 'not_allowed') {
        await moveFollowUp(tx, one, { status: 'refused', at });
        return undefined;
      }
      // looked at again when the time for an answer is over; a lost race rolls the question back with it
      if (!(await moveFollowUp(tx, one, { status: 'sent', at, sendAt: Math.max(one.dueAt, at + DAY_MS) })))
        throw new Error(`the follow-up of order ${one.orderId} was sent by somebody else`);
      return sent;
    });
    announce?.();
  }

  async #giveUp(one: FollowUp): Promise<void> {
    const { database, now, orders } = this.#options;
    await database.transaction(async (tx) => {
      if (!(await moveFollowUp(tx, one, { status: 'silent', at: now() }))) return;
      await orders.actWithin(tx, one.orderId, { action: 'follow_up', followUp: 'no_answer', note: '回访没有收到回复' }, system);
    });
  }
}

const citizenOf = (order: WorkOrder): Actor => ({ kind: 'citizen', name: order.citizenKey ?? 'citizen' });

const question = (order: WorkOrder): string =>
  `回访：您反映的“${order.title}”（工单 ${order.number}）已经办结，问题解决了吗？解决了请回复 1 或“解决了”，没有解决请回复 2 或“没解决”。不方便可以不回复。`;

function replyTo(verdict: Verdict, { number, dueAt }: WorkOrder, now: number): string {
  if (verdict === 'resolved') return `太好了，谢谢您告诉我们。工单 ${number} 就办结了，还有问题随时说。`;
  if (verdict === 'unresolved') {
    return `对不起，没有给您办好。工单 ${number} 已经重新办理，最晚 ${displayMoment(dueAt, now)} 前答复您。想补充什么，直接发在这里就行。`;
  }
  return '好的，不再打扰您。';
}
