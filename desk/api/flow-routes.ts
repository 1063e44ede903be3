/** Flows in the editors' hands: see, check, write, review, publish, withdraw, roll back (R-062, R-086). */

import type { FlowProblem } from '../../bot/flows/check.ts';
import type { LoadOptions } from '../../bot/flows/load.ts';
import { outlineOf } from '../../bot/flows/outline.ts';
import { callersOf, checkAmong, flowItem } from '../../bot/flows/stored.ts';
import type { FlowItem } from '../../knowledge/flow-item.ts';
import type { ItemVersion, KnowledgeLife } from '../../knowledge/life/life.ts';
import type { StoredItem } from '../../knowledge/repository.ts';
import { ApiError } from './errors.ts';
import { flowCheckSchema, flowListQuerySchema, flowListSchema, flowSchema, itemIdSchema, saveSchema } from './knowledge-answers.ts';
import { iso, lifeRoutes, standingOf, unknown } from './life-routes.ts';
import { editors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const pageSize = 50;
const mostProblems = 8;

export interface EditableFlows {
  readonly life: KnowledgeLife<FlowItem>;
  /** Under which pack flows are kept (`flowPackOf`). */
  readonly pack: string;
  /** What flows may refer to now. */
  readonly surroundings: () => Promise<LoadOptions>;
}

export function flowRoutes({ flows, now }: { readonly flows: EditableFlows } & Pick<DeskApiOptions, 'now'>): Route[] {
  const { life, pack, surroundings } = flows;
  const path = '/knowledge/flows/{id}';
  const checked = async (yaml: string) => checkAmong(yaml, await life.list({ pack, status: 'published' }), await surroundings());

  const read = async (yaml: string, id: string): Promise<FlowItem> => {
    const { flow, problems } = await checked(yaml);
    if (!flow || problems.length > 0) throw new ApiError(422, 'bad_item', told(problems));
    if (flow.id !== id) throw new ApiError(422, 'bad_item', `id：编号不能改，应当是 ${id}`);
    return flowItem(flow, yaml);
  };

  /** What was sound when it was saved may not be any more: a guide may be gone, another flow may have changed. */
  const before = async (step: 'publish' | 'withdraw', id: string): Promise<void> => {
    if (step === 'withdraw') {
      const callers = callersOf(id, await life.list({ pack, status: 'published' }));
      if (callers.length > 0) throw new ApiError(409, 'refused', `还有流程用到它：${callers.join('、')}；请先改那些流程`);
      return;
    }
    const open = (await life.get(pack, id))?.open;
    const problems = open ? (await checked(open.item.yaml)).problems : [];
    if (problems.length > 0) throw new ApiError(409, 'refused', told(problems));
  };

  return [
    route(
      {
        method: 'get',
        path: '/knowledge/flows',
        roles: editors,
        summary: 'The newest version of each flow, or those in one status; 50 a page',
        query: flowListQuerySchema,
        response: flowListSchema,
      },
      async ({ query: { q = '', status, offset } }) => {
        const stored = await life.list({ pack, ...(status ? { status } : {}) });
        const wanted = q.toLowerCase();
        const found = stored.filter(({ item }) => `${item.name}\n${item.id}`.toLowerCase().includes(wanted));
        const sorted = found.toSorted((a, b) => b.updatedAt - a.updatedAt || a.item.id.localeCompare(b.item.id));
        return { items: sorted.slice(offset, offset + pageSize).map(lineOf), total: found.length };
      },
    ),
    route(
      {
        method: 'get',
        path,
        roles: editors,
        params: itemIdSchema,
        summary: 'A flow as its author wrote it, with its versions',
        response: flowSchema,
        errors: unknown,
      },
      async ({ params: { id } }) => {
        const { head, ...standing } = await standingOf({ life, pack }, id);
        return { ...lineOf(head), yaml: head.item.yaml, ...standing };
      },
    ),
    route(
      {
        method: 'post',
        path: '/knowledge/flow-check',
        roles: editors,
        summary: 'The steps of a flow, and what is wrong with it among the published ones; nothing is kept',
        body: saveSchema.pick({ yaml: true }),
        response: flowCheckSchema,
      },
      async ({ body: { yaml } }) => {
        const { flow, problems } = await checked(yaml);
        const outline = flow ? outlineOf(flow).map((step) => ({ ...step, next: step.next.map((one) => ({ ...one })) })) : [];
        return { problems, outline };
      },
    ),
    ...lifeRoutes({ life, pack, path, noun: 'the flow', now, read, before }),
  ];
}

function told(problems: readonly FlowProblem[]): string {
  const lines = problems.slice(0, mostProblems).map(({ path, message }) => (path === '' ? message : `${path}：${message}`));
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`还有 ${more} 处`] : [])].join('；');
}

function lineOf({ item, version, status, updatedAt }: Omit<StoredItem<FlowItem>, 'status'> & { status: ItemVersion['status'] }) {
  return { id: item.id, title: item.name, department: null, version, status, updatedAt: iso(updatedAt) };
}
