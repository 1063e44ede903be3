/** Work orders at the desk: find, read, take in, act. Every look at one is written down. */

import { z } from 'zod';
import { recordAccess } from '../../bot/store/staff-access.ts';
import { type FoundItem, suggestDepartments } from '../../bot/work-orders/departments.ts';
import { suggestDuplicates } from '../../bot/work-orders/duplicates.ts';
import { historyOf, listWorkOrders } from '../../bot/work-orders/repository.ts';
import type { WorkOrders } from '../../bot/work-orders/work-orders.ts';
import { ApiError } from './errors.ts';
import { agents, raters } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { visibleConversation } from './visible.ts';
import {
  actSchema,
  numberParams,
  orderDetailSchema,
  orderEventSchema,
  orderPageSchema,
  ordersQuerySchema,
  suggestionsSchema,
  takenSchema,
  takeOrderSchema,
} from './work-orders-schemas.ts';
import { actedOn, orderReader } from './work-orders-seen.ts';
import { actorOf, briefView, detailView, eventView, maySee } from './work-orders-views.ts';

/** What the routes of work orders need besides the desk's own tools. */
export interface WorkOrderTools {
  readonly orders: WorkOrders;
  /** Knowledge items found for a matter's words: their departments are suggested. */
  readonly foundFor: (text: string) => Promise<readonly FoundItem[]>;
}

export function workOrderRoutes({ database, now, work }: Pick<DeskApiOptions, 'database' | 'now'> & { work: WorkOrderTools }): Route[] {
  const { viewerOf, seen } = orderReader({ database, now });
  const one = { params: numberParams, errors: { 404: ['unknown_order'] } };

  return [
    route(
      {
        method: 'get',
        path: '/work-orders',
        summary: 'Work orders; people of a department see its inbox',
        roles: raters,
        query: ordersQuerySchema,
        response: orderPageSchema,
      },
      async ({ query, staff }) => {
        const viewer = await viewerOf(staff);
        const { state: states, kind: kinds, handler, urgency, conversationId, q: text, overdue, sort, limit, after } = query;
        const department = viewer.role === 'agent' && viewer.department !== null ? viewer.department : query.department;
        const filter = { states, kinds, department, handler, urgency, conversationId, text, overdueAt: overdue ? now() : undefined };
        const found = await listWorkOrders(database.db, filter, { sort, limit, after });
        const last = found.length === limit ? found.at(-1) : undefined;
        return {
          orders: found.map((order) => briefView(viewer, order, now())),
          next: last === undefined ? null : `${sort === 'due' ? last.dueAt : last.receivedAt}:${last.id}`,
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/work-orders',
        summary: 'Take a matter in: somebody at the window, on the phone, or in a conversation',
        roles: agents,
        body: takeOrderSchema,
        response: takenSchema,
        errors: { 404: ['unknown_conversation'] },
      },
      async ({ body, staff }) => {
        const viewer = await viewerOf(staff);
        const { conversationId } = body;
        const conversation = conversationId === null ? undefined : await visibleConversation(database.db, conversationId);
        const from = conversation && { channel: conversation.channel, citizenKey: `${conversation.channel}:${conversation.userId}` };
        const order = await work.orders.create({ ...body, ...from }, actorOf({ ...viewer, department: null }));
        await recordAccess(database.db, [{ staff: viewer.name, action: 'receive', kind: 'work_order', target: order.number, at: now() }]);
        return { ...detailView(viewer, order, now()), code: order.code };
      },
    ),
    route(
      {
        method: 'get',
        path: '/work-orders/{number}',
        summary: 'One order, with what the caller may do now',
        roles: raters,
        ...one,
        response: orderDetailSchema,
      },
      async ({ params, staff }) => {
        const viewer = await viewerOf(staff);
        return detailView(viewer, await seen(viewer, params.number, 'read'), now());
      },
    ),
    route(
      {
        method: 'get',
        path: '/work-orders/{number}/history',
        summary: 'Everything that happened to an order, oldest first',
        roles: raters,
        ...one,
        response: z.array(orderEventSchema),
      },
      async ({ params, staff }) => {
        const viewer = await viewerOf(staff);
        const order = await seen(viewer, params.number, 'history');
        return (await historyOf(database.db, order.id)).map((event) => eventView(viewer, order, event));
      },
    ),
    route(
      {
        method: 'get',
        path: '/work-orders/{number}/suggestions',
        summary: 'Earlier orders with the same matter, and departments it may belong to',
        roles: agents,
        ...one,
        response: suggestionsSchema,
      },
      async ({ params, staff }) => {
        const viewer = await viewerOf(staff);
        const order = await seen(viewer, params.number, 'suggestions');
        const duplicates = (await suggestDuplicates(database.db, order, now())).filter((found) => maySee(viewer, found.order));
        return {
          duplicates: duplicates.map(({ order: found, score }) => ({ order: briefView(viewer, found, now()), likeness: score })),
          departments: suggestDepartments(await work.foundFor(`${order.title} ${order.detail}`.slice(0, 500))),
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/work-orders/{number}/actions',
        summary: 'Act on an order: dispatch, return, handle, answer, urge, supervise, extend, close …',
        roles: agents,
        params: numberParams,
        body: actSchema,
        response: orderDetailSchema,
        errors: { 404: ['unknown_order'], 409: ['wrong_state', 'too_often', 'moved_on'] },
      },
      async ({ params, body: { version, ...command }, staff }) => {
        const viewer = await viewerOf(staff);
        const order = await seen(viewer, params.number, command.action);
        if (version !== undefined && version !== order.version)
          throw new ApiError(409, 'moved_on', '这件工单刚刚有了新的进展，请看过再处理');
        return detailView(viewer, actedOn(await work.orders.act(order.id, command, actorOf(viewer))), now());
      },
    ),
  ];
}
