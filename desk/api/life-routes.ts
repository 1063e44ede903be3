/** The life of what editors keep, entries and flows alike: read, save, review, publish, withdraw, roll back, compare. */
import type { z } from 'zod';
import type { Kept } from '../../knowledge/flow-item.ts';
import { diffItems } from '../../knowledge/life/diff.ts';
import type { ItemVersion, KnowledgeLife, StepResult } from '../../knowledge/life/life.ts';
import { ApiError } from './errors.ts';
import {
  changesSchema,
  diffQuerySchema,
  itemIdSchema,
  rollbackSchema,
  saveSchema,
  stepResultSchema,
  stepSchema,
} from './knowledge-answers.ts';
import { editors } from './roles.ts';
import { type Route, route } from './route.ts';

export const unknown = { 404: ['unknown_item'] };
export const refusable = { ...unknown, 409: ['refused'], 422: ['bad_item'] };
export const iso = (time: number): string => new Date(time).toISOString();

export interface LivingThings<T extends Kept> {
  readonly life: KnowledgeLife<T>;
  /** Under which pack they are kept. */
  readonly pack: string;
  /** Address of one of them: `/knowledge/items/{id}`. */
  readonly path: string;
  /** For summaries: `the entry`. */
  readonly noun: string;
  readonly now: () => number;
  /** An editor's text → what is kept. Throws ApiError 422 in words. */
  readonly read: (yaml: string, id: string) => T | Promise<T>;
  /** Why a step can't be taken although the rules of life allow it; throws ApiError. */
  readonly before?: (step: 'publish' | 'withdraw', id: string) => Promise<void>;
}

/** Done, with the new version's number (null: nothing was new); refused → 409 in the words of the rules. */
export function taken(id: string, result: StepResult): z.infer<typeof stepResultSchema> {
  if (!result.ok) throw new ApiError(409, 'refused', result.refusals.map(({ message }) => message).join('；'));
  return { id, version: result.done[0]?.version ?? null };
}

/** Every version, oldest first. Throws ApiError 404 when there never was one. */
export async function historyOf<T extends Kept>({ life, pack }: Pick<LivingThings<T>, 'life' | 'pack'>, id: string) {
  const versions = await life.history(pack, id);
  if (versions.length === 0) throw new ApiError(404, 'unknown_item', '知识库里没有这一条');
  return versions;
}

/** The newest version, what is in force, and the history as an editor reads it. */
export async function standingOf<T extends Kept>(things: Pick<LivingThings<T>, 'life' | 'pack'>, id: string) {
  const versions = await historyOf(things, id);
  const standing = await things.life.get(things.pack, id);
  const head: Omit<ItemVersion<T>, 'author' | 'createdAt' | 'publishedAt' | 'events'> | undefined = standing?.head ?? versions.at(-1);
  if (head === undefined) throw new ApiError(404, 'unknown_item', '知识库里没有这一条');
  return {
    head,
    published: standing?.published?.version ?? null,
    versions: versions.map(({ version, status, author, createdAt, events }) => ({
      version,
      status,
      author,
      createdAt: iso(createdAt),
      events: events.map(({ action, actor, note, at }) => ({ action, actor, note, at: iso(at) })),
    })),
  };
}

export function lifeRoutes<T extends Kept>(things: LivingThings<T>): Route[] {
  const { life, pack, noun, now } = things;
  const at = (path: string) => ({ path: `${things.path}${path}`, roles: editors, params: itemIdSchema });
  const step = (name: 'review' | 'publish' | 'withdraw', summary: string): Route =>
    route(
      { method: 'post', ...at(`/${name}`), summary, body: stepSchema, response: stepResultSchema, errors: refusable },
      async ({ params: { id }, body, staff }) => {
        await historyOf(things, id);
        if (name !== 'review') await things.before?.(name, id);
        return taken(id, await life[name](pack, [id], { actor: staff.name, note: body?.note, now: now() }));
      },
    );
  return [
    route(
      {
        method: 'put',
        ...at(''),
        summary: `Keep ${noun} as a draft; what is published stays in force`,
        body: saveSchema,
        response: stepResultSchema,
        errors: refusable,
      },
      async ({ params: { id }, body: { yaml, basedOn, note }, staff }) => {
        const item = await things.read(yaml, id);
        const by = { actor: staff.name, note, now: now(), ...(basedOn === undefined ? {} : { basedOn }) };
        return taken(id, await life.save(pack, item, by));
      },
    ),
    step('review', 'Mark the draft as reviewed, by somebody else than its author'),
    step('publish', 'Serve citizens from the reviewed version'),
    step('withdraw', `Take ${noun} out of service at once`),
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
        await historyOf(things, id);
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
        const versions = await historyOf(things, id);
        const [before, after] = [from, to].map((wanted) => versions.find(({ version }) => version === wanted));
        if (!before || !after) throw new ApiError(404, 'unknown_item', '没有这个版本');
        return diffItems(before.item, after.item);
      },
    ),
  ];
}
