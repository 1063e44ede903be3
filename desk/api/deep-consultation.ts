/**
 * 深度咨询: a question the front cannot answer goes to the department that owns the matter, with the date by which it must be answered; whoever
 * answers there can propose what was missing in the knowledge from the same place.
 */
import { z } from 'zod';
import { mask } from '../../bot/safety/mask.ts';
import { suggestDepartments } from '../../bot/work-orders/departments.ts';
import { plainText } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import { newFaqSchema, stepResultSchema } from './knowledge-answers.ts';
import { saveNewFaq } from './new-faq.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import type { WorkOrderTools } from './work-orders.ts';
import { numberParams, orderDetailSchema } from './work-orders-schemas.ts';
import { actedOn, orderReader } from './work-orders-seen.ts';
import { actorOf, detailView } from './work-orders-views.ts';

type Options = Pick<DeskApiOptions, 'database' | 'now' | 'newId' | 'knowledge'> & { work: WorkOrderTools };

export function deepConsultationRoutes({ work, ...options }: Options): Route[] {
  const { database, now } = options;
  const { viewerOf, seen } = orderReader({ database, now });
  return [
    route(
      {
        method: 'post',
        path: '/work-orders/{number}/deep-consultation',
        summary: 'Give a consultation to the department that owns the matter, by name or as the knowledge says; its limit holds',
        roles: agents,
        params: numberParams,
        body: z.object({ department: plainText(60).optional() }),
        response: orderDetailSchema,
        errors: { 404: ['unknown_order'], 409: ['wrong_state', 'not_a_consultation'], 422: ['no_owner'] },
      },
      async ({ params, body, staff }) => {
        const viewer = await viewerOf(staff);
        const order = await seen(viewer, params.number, 'deep_consultation');
        if (order.demandType !== 'consult' && order.demandType !== 'online_guidance')
          throw new ApiError(409, 'not_a_consultation', '只有咨询才转深度咨询，其他诉求请派单');
        const [owner] = suggestDepartments(await work.foundFor(`${order.title} ${order.detail}`.slice(0, 500)));
        const department = body.department ?? owner?.department;
        if (department === undefined) throw new ApiError(422, 'no_owner', '知识库里看不出归哪个部门，请选一个部门派单');
        const acted = actedOn(await work.orders.act(order.id, { action: 'dispatch', department, note: '深度咨询' }, actorOf(viewer)));
        return detailView(viewer, acted, now());
      },
    ),
    route(
      {
        method: 'post',
        path: '/work-orders/{number}/knowledge-proposal',
        summary: 'Propose a question and answer for the knowledge from an order one has; it becomes a draft that an editor reviews',
        roles: agents,
        params: numberParams,
        body: newFaqSchema.pick({ question: true, answer: true }),
        response: stepResultSchema,
        errors: { 403: ['not_yours'], 404: ['unknown_order'], 409: ['refused', 'no_department'], 422: ['bad_item'] },
      },
      async ({ params, body, staff }) => {
        const viewer = await viewerOf(staff);
        const order = await seen(viewer, params.number, 'knowledge_proposal');
        if (order.department === null) throw new ApiError(409, 'no_department', '这件工单还没有承办部门，先派单再提知识');
        if (viewer.role === 'agent' && viewer.department !== order.department)
          throw new ApiError(403, 'not_yours', '只有承办部门的人能就这件工单提知识');
        const faq = {
          ...body,
          question: mask(body.question).text,
          similar: [],
          department: order.department,
          note: `来自工单 ${order.number}`,
        };
        const saved = await saveNewFaq(options, faq, staff.name);
        actedOn(await work.orders.act(order.id, { action: 'note', note: `提交知识条目 ${saved.id}，等编辑审核` }, actorOf(viewer)));
        return saved;
      },
    ),
  ];
}
