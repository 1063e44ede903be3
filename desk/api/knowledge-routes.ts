/** Keeping the knowledge true: list, read, edit, review, publish, withdraw, roll back (R-086, R-100–102). */
import { stringify } from 'yaml';
import type { z } from 'zod';
import { type KnowledgeItem, titleOf } from '../../knowledge/item.ts';
import { diffItems } from '../../knowledge/life/diff.ts';
import type { ItemVersion, KnowledgeLife, StepResult } from '../../knowledge/life/life.ts';
import { dayInChina } from '../../knowledge/life/rules.ts';
import type { StoredItem } from '../../knowledge/repository.ts';
import { ApiError } from './errors.ts';
import { itemFromYaml } from './item-yaml.ts';
import {
  changesSchema,
  diffQuerySchema,
  itemIdSchema,
  itemListSchema,
  itemSchema,
  listQuerySchema,
  newFaqSchema,
  rollbackSchema,
  saveSchema,
  stepResultSchema,
  stepSchema,
} from './knowledge-answers.ts';
import { editors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const pageSize = 50;
const iso = (time: number): string => new Date(time).toISOString();
const unknown = { 404: ['unknown_item'] };
const refusable = { ...unknown, 409: ['refused'], 422: ['bad_item'] };

export interface EditableKnowledge {
  readonly life: KnowledgeLife;
  readonly pack: string;
  /** Region code that new entries get. */
  readonly region: string;
  readonly departments: readonly string[];
  readonly sample: boolean;
}

export function knowledgeRoutes({ knowledge, now, newId }: Pick<DeskApiOptions, 'knowledge' | 'now' | 'newId'>): Route[] {
  const { life, pack, departments } = knowledge;
  const at = (path: string) => ({ path: `/knowledge/items/{id}${path}`, roles: editors, params: itemIdSchema });
  const historyOf = async (id: string): Promise<ItemVersion[]> => {
    const versions = await life.history(pack, id);
    if (versions.length === 0) throw new ApiError(404, 'unknown_item', '知识库里没有这一条');
    return versions;
  };
  const save = async (item: KnowledgeItem, actor: string, more: { basedOn?: number | undefined; note?: string | undefined }) => {
    const { basedOn, note } = more;
    const result = await life.save(pack, item, { actor, note, now: now(), ...(basedOn === undefined ? {} : { basedOn }) });
    return taken(item.id, result);
  };

  const step = (name: 'review' | 'publish' | 'withdraw', summary: string): Route =>
    route(
      { method: 'post', ...at(`/${name}`), summary, body: stepSchema, response: stepResultSchema, errors: refusable },
      async ({ params: { id }, body, staff }) => {
        await historyOf(id);
        return taken(id, await life[name](pack, [id], { actor: staff.name, note: body?.note, now: now() }));
      },
    );

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
      { method: 'get', ...at(''), summary: 'An entry as YAML, with its versions', response: itemSchema, errors: unknown },
      async ({ params: { id } }) => {
        const versions = await historyOf(id);
        const standing = await life.get(pack, id);
        const head = standing?.head ?? versions.at(-1);
        if (head === undefined) throw new ApiError(404, 'unknown_item', '知识库里没有这一条');
        return {
          ...lineOf(head),
          yaml: stringify(head.item, { lineWidth: 0 }),
          published: standing?.published?.version ?? null,
          versions: versions.map(({ version, status, author, createdAt, events }) => ({
            version,
            status,
            author,
            createdAt: iso(createdAt),
            events: events.map(({ action, actor, note, at: time }) => ({ action, actor, note, at: iso(time) })),
          })),
        };
      },
    ),
    route(
      {
        method: 'put',
        ...at(''),
        summary: 'Keep an entry as a draft; what is published stays in force',
        body: saveSchema,
        response: stepResultSchema,
        errors: refusable,
      },
      async ({ params: { id }, body: { yaml, basedOn, note }, staff }) => {
        const read = itemFromYaml(yaml, id);
        if (!read.ok) throw new ApiError(422, 'bad_item', read.problem);
        return save(read.item, staff.name, { basedOn, note });
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
      async ({ body: { note, ...faq }, staff }) => {
        if (!departments.includes(faq.department)) throw new ApiError(422, 'bad_item', 'department：没有这个部门');
        const id = `faq-${newId()
          .replace(/[^a-z0-9]/gi, '')
          .toLowerCase()
          .slice(0, 12)}`;
        const made = { id, kind: 'faq', region: knowledge.region, sample: knowledge.sample, updatedAt: dayInChina(now()), ...faq };
        const read = itemFromYaml(stringify(made), id);
        if (!read.ok) throw new ApiError(422, 'bad_item', read.problem);
        return save(read.item, staff.name, { note });
      },
    ),
    step('review', 'Mark the draft as reviewed, by somebody else than its author'),
    step('publish', 'Answer citizens from the reviewed version'),
    step('withdraw', 'Take the entry out of service at once'),
    route(
      {
        method: 'post',
        ...at('/rollback'),
        summary: 'The words of an old version as a new one',
        body: rollbackSchema,
        response: stepResultSchema,
        errors: refusable,
      },
      async ({ params: { id }, body: { version, note }, staff }) => {
        await historyOf(id);
        return taken(id, await life.rollback(pack, id, version, { actor: staff.name, note, now: now() }));
      },
    ),
    route(
      {
        method: 'get',
        ...at('/diff'),
        summary: 'What changed between two versions, field by field',
        query: diffQuerySchema,
        response: changesSchema,
        errors: unknown,
      },
      async ({ params: { id }, query: { from, to } }) => {
        const versions = await historyOf(id);
        const [before, after] = [from, to].map((wanted) => versions.find(({ version }) => version === wanted));
        if (!before || !after) throw new ApiError(404, 'unknown_item', '没有这个版本');
        return diffItems(before.item, after.item);
      },
    ),
  ];
}

/** Done, with the new version's number (null: nothing was new); refused → 409 in the words of the rules. */
function taken(id: string, result: StepResult): z.infer<typeof stepResultSchema> {
  if (!result.ok) throw new ApiError(409, 'refused', result.refusals.map(({ message }) => message).join('；'));
  return { id, version: result.done[0]?.version ?? null };
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
