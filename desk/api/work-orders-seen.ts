/** Who looks at an order, and the order if they may; every look is written down. */
import { recordAccess } from '../../bot/store/staff-access.ts';
import { profileOf } from '../../bot/store/staff-profiles.ts';
import { readWorkOrderNumber } from '../../bot/work-orders/number.ts';
import type { WorkOrder } from '../../bot/work-orders/order.ts';
import { findWorkOrder } from '../../bot/work-orders/repository.ts';
import type { ActOutcome } from '../../bot/work-orders/work-orders.ts';
import { ApiError } from './errors.ts';
import type { DeskApiOptions } from './router.ts';
import type { SignedIn } from './sessions.ts';
import { maySee, type Viewer } from './work-orders-views.ts';

export const unknownOrder = () => new ApiError(404, 'unknown_order', '没有这件工单');
const statusOf = { not_allowed: 403, wrong_state: 409, too_often: 409, missing: 400, unknown_department: 400 } as const;

/** The order after an action. Errors: 404, and what the rules refused in their words. */
export function actedOn(outcome: ActOutcome): WorkOrder {
  if (outcome === 'unknown') throw unknownOrder();
  if ('refused' in outcome) throw new ApiError(statusOf[outcome.refused.code], outcome.refused.code, outcome.refused.message);
  return outcome.order;
}

export function orderReader({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>) {
  return {
    viewerOf: async ({ name, role }: SignedIn): Promise<Viewer> => ({
      name,
      role,
      department: (await profileOf(database.db, name)).department,
    }),
    /** The order of the path, if the caller may see it; the access is written down. Errors: 404, also for another department's. */
    seen: async (viewer: Viewer, typed: string, action: string): Promise<WorkOrder> => {
      const number = readWorkOrderNumber(typed);
      const order = number === undefined || number === 'wrong' ? undefined : await findWorkOrder(database.db, { number });
      if (order === undefined || !maySee(viewer, order)) throw unknownOrder();
      await recordAccess(database.db, [{ staff: viewer.name, action, kind: 'work_order', target: order.number, at: now() }]);
      return order;
    },
  };
}
