/** Keeping the knowledge true: list, read, edit, review, publish, withdraw, roll back (R-086, R-100–102). */
import { stringify } from 'yaml';
import type { Preview } from '../../bot/answer/preview.ts';
import { type KnowledgeItem, titleOf } from '../../knowledge/item.ts';
import type { ItemVersion, KnowledgeLife } from '../../knowledge/life/life.ts';
import type { StoredItem } from '../../knowledge/repository.ts';
import { ApiError } from './errors.ts';
import { itemFromYaml } from './item-yaml.ts';
import {
  itemIdSchema,
  itemListSchema,
  itemSchema,
  listQuerySchema,
  newFaqSchema,
  previewAnswerSchema,
  previewSchema,
  stepResultSchema,
} from './knowledge-answers.ts';
import { iso, lifeRoutes, standingOf, unknown } from './life-routes.ts';
import { saveNewFaq } from './new-faq.ts';
import { editors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const pageSize = 50;

export interface EditableKnowledge {
  readonly life: KnowledgeLife;
  readonly pack: string;
  /** Region code that new entries get. */
  readonly region: string;
  readonly departments: readonly string[];
  readonly sample: boolean;
  /** What citizens would be answered from an entry; undefined when nothing could be quoted. */
  readonly preview: (item: KnowledgeItem, question?: string) => Promise<Preview | undefined>;
}

export function knowledgeRoutes({ knowledge, now, newId }: Pick<DeskApiOptions, 'knowledge' | 'now' | 'newId'>): Route[] {
  const { life, pack, departments } = knowledge;
  const path = '/knowledge/items/{id}';
  const read = (yaml: string, id: string): KnowledgeItem => {
    const found = itemFromYaml(yaml, id);
    if (!found.ok) throw new ApiError(422, 'bad_item', found.problem);
    return found.item;
  };
  return [
    route(
      {
        method: 'get',
        path: '/knowledge/items',
        summary: 'The newest version of each entry, or those in one status; 50 a page',
        roles: editors,
        query: listQuerySchema,
        response: itemListSchema,
      },
      async ({ query: { q, kind, status, offset } }) => {
        const stored = await life.list({ pack, ...(status ? { status } : {}) });
        const wanted = q?.toLowerCase() ?? '';
        const found = stored.filter(({ item }) => (kind === undefined || item.kind === kind) && (wanted === '' || saysIt(item, wanted)));
        const page = found
          .toSorted((a, b) => b.updatedAt - a.updatedAt || a.item.id.localeCompare(b.item.id))
          .slice(offset, offset + pageSize);
        return { items: page.map(lineOf), total: found.length, departments: [...departments] };
      },
    ),
    route(
      {
        method: 'get',
        path,
        roles: editors,
        params: itemIdSchema,
        summary: 'An entry as YAML, with its versions',
        response: itemSchema,
        errors: unknown,
      },
      async ({ params: { id } }) => {
        const { head, ...standing } = await standingOf({ life, pack }, id);
        return { ...lineOf(head), yaml: stringify(head.item, { lineWidth: 0 }), ...standing };
      },
    ),
    route(
      {
        method: 'post',
        path: '/knowledge/preview',
        roles: editors,
        summary: 'What citizens would be answered from these words; nothing is kept',
        body: previewSchema,
        response: previewAnswerSchema,
        errors: { 422: ['bad_item'] },
      },
      async ({ body: { yaml, question } }) => {
        const found = itemFromYaml(yaml);
        if (!found.ok) throw new ApiError(422, 'bad_item', found.problem);
        const preview = await knowledge.preview(found.item, question);
        if (!preview) throw new ApiError(422, 'bad_item', '这些内容里没有能回答的话，或者有效期已经过了');
        return { ...preview, messages: [...preview.messages] };
      },
    ),
    route(
      {
        method: 'post',
        path: '/knowledge/faqs',
        summary: 'A new question and answer, as a draft',
        roles: editors,
        body: newFaqSchema,
        response: stepResultSchema,
        errors: { 409: ['refused'], 422: ['bad_item'] },
      },
      async ({ body, staff }) => saveNewFaq({ knowledge, now, newId }, body, staff.name),
    ),
    ...lifeRoutes({ life, pack, path, noun: 'the entry', now, read }),
  ];
}

function lineOf({ item, version, status, updatedAt }: Omit<StoredItem, 'status'> & { status: ItemVersion['status'] }) {
  const { id, kind, department, validTo } = item;
  return {
    id,
    kind,
    title: titleOf(item),
    department: department ?? null,
    version,
    status,
    validTo: validTo ?? null,
    updatedAt: iso(updatedAt),
  };
}

/** Whether the title, the id, another name or another wording holds the words. */
function saysIt(item: KnowledgeItem, words: string): boolean {
  const names = item.kind === 'faq' ? item.similar : item.kind === 'policy' ? [] : item.aliases;
  return [titleOf(item), item.id, item.department ?? '', ...names].some((text) => text.toLowerCase().includes(words));
}
