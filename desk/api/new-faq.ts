/** A new question and answer, as a draft that somebody else reviews. */
import { stringify } from 'yaml';
import type { z } from 'zod';
import { dayInChina } from '../../knowledge/life/rules.ts';
import { ApiError } from './errors.ts';
import { itemFromYaml } from './item-yaml.ts';
import type { newFaqSchema, stepResultSchema } from './knowledge-answers.ts';
import { taken } from './life-routes.ts';
import type { DeskApiOptions } from './router.ts';

/** Saves it under a new id. Errors: 422 for an unknown department or what is no entry, 409 in the words of the rules. */
export async function saveNewFaq(
  { knowledge, now, newId }: Pick<DeskApiOptions, 'knowledge' | 'now' | 'newId'>,
  { note, ...faq }: z.infer<typeof newFaqSchema>,
  actor: string,
): Promise<z.infer<typeof stepResultSchema>> {
  if (!knowledge.departments.includes(faq.department)) throw new ApiError(422, 'bad_item', 'department：没有这个部门');
  const id = `faq-${newId()
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
    .slice(0, 12)}`;
  const made = { id, kind: 'faq', region: knowledge.region, sample: knowledge.sample, updatedAt: dayInChina(now()), ...faq };
  const found = itemFromYaml(stringify(made), id);
  if (!found.ok) throw new ApiError(422, 'bad_item', found.problem);
  return taken(id, await knowledge.life.save(knowledge.pack, found.item, { actor, note, now: now() }));
}
