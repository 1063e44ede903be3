/** Work orders as a flow's back end; every other name goes to the back ends behind it. */
import { z } from 'zod';
import type { FlowBackends } from '../flows/backends.ts';
import type { OpenDatabase } from '../store/database.ts';
import { readWorkOrderNumber } from './number.ts';
import type { Actor } from './order.ts';
import { progressOf, progressValues } from './progress.ts';
import type { WorkOrders } from './work-orders.ts';

export interface WorkOrderBackendOptions {
  readonly database: OpenDatabase;
  readonly orders: WorkOrders;
  readonly now: () => number;
  readonly behind: FlowBackends;
}

const urgeArgs = z.object({ number: z.string(), proof: z.string() });

/**
 * `work_order.lookup` and `work_order.urge` {number, proof}. `progress.lookup` {receipt, phoneTail} with a work order's number is answered
 * too, so that one flow serves applications and work orders.
 */
export class WorkOrderBackend implements FlowBackends {
  readonly #options: WorkOrderBackendOptions;

  constructor(options: WorkOrderBackendOptions) {
    this.#options = options;
  }

  async call(name: string, args: Readonly<Record<string, string>>, signal?: AbortSignal): ReturnType<FlowBackends['call']> {
    const { database, now, behind } = this.#options;
    const asReceipt = name === 'progress.lookup' && readWorkOrderNumber(args.receipt ?? '') !== undefined;
    if (asReceipt || name === 'work_order.lookup') {
      const progress = await progressOf(database, args.number ?? args.receipt ?? '', args.proof ?? args.phoneTail ?? '', now());
      return { ok: true, values: progress.found ? progressValues(progress.order, now()) : { found: false, mistyped: progress.mistyped } };
    }
    if (name === 'work_order.urge') return this.#urge(args);
    return behind.call(name, args, signal);
  }

  async #urge(args: Readonly<Record<string, string>>): ReturnType<FlowBackends['call']> {
    const { database, orders, now } = this.#options;
    const { number, proof } = urgeArgs.parse(args);
    const progress = await progressOf(database, number, proof, now());
    if (!progress.found) return { ok: true, values: { found: false, mistyped: progress.mistyped } };
    const citizen: Actor = { kind: 'citizen', name: progress.order.citizenKey ?? 'citizen' };
    const outcome = await orders.act(progress.order.id, { action: 'urge', note: '市民催办' }, citizen);
    if (outcome === 'unknown') return { ok: true, values: { found: false, mistyped: false } };
    if ('refused' in outcome) return { ok: false, message: outcome.refused.message };
    return { ok: true, values: progressValues(outcome.order, now()) };
  }
}
