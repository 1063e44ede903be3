/** What goes along from the chat to a window: the answers the citizen gave and the materials, so that nobody asks or types it twice. */
import { z } from 'zod';
import type { SearchFilter } from '../../knowledge/index/types.ts';
import type { Answerer } from '../answer/answer.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { FlowEngine } from '../flows/engine.ts';
import type { Flow } from '../flows/flow.ts';
import type { Matter } from '../flows/notices.ts';
import { displayValue, SKIPPED, type SlotValue } from '../flows/values.ts';

const material = z.object({ name: z.string(), originals: z.int(), copies: z.int(), electronic: z.boolean() });

/** The form in which other systems take it over, too. */
export const windowCaseSchema = z.object({
  /** The errand in words. */
  matter: z.string(),
  /** The guided flow it comes from, and whether it was gone through to its end; null: only asked about. */
  flow: z.object({ id: z.string(), version: z.number(), complete: z.boolean() }).nullable(),
  slots: z.array(z.object({ id: z.string(), label: z.string(), value: z.union([z.string(), z.number(), z.boolean()]), text: z.string() })),
  items: z.array(z.object({ id: z.string(), name: z.string(), code: z.string().nullable(), situation: z.string().nullable() })),
  materials: z.object({ bring: z.array(material), fetched: z.array(z.object({ name: z.string() })) }),
});
export type WindowCase = z.infer<typeof windowCaseSchema>;

export interface CaseTools {
  readonly engine: Pick<FlowEngine, 'flowOf'>;
  readonly answerer: Pick<Answerer, 'notice'>;
}

/** The case a conversation is about now: the open flow, the one that ended last, or the errand asked about last; undefined: none. */
export function windowCase({ engine, answerer }: CaseTools, state: DialogueState, filter: SearchFilter): WindowCase | undefined {
  const open = state.flow ?? state.ended?.flow;
  const flow = open && engine.flowOf(open);
  const asked: Matter[] = state.lastItemId === null ? [] : [{ guide: state.lastItemId, scenarios: state.lastScenarioIds }];
  const own: readonly Matter[] = flow?.guide === undefined ? [] : [{ guide: flow.guide, scenarios: [] }];
  const told = state.flow ? [] : (state.ended?.matters ?? []);
  const notice = answerer.notice({ matters: !flow ? asked : told.length > 0 ? told : own }, filter);
  if (!flow && !notice) return undefined;
  return {
    matter: flow?.name ?? notice?.title ?? '',
    flow: flow ? { id: flow.id, version: flow.version, complete: state.flow === null } : null,
    slots: flow ? answersOf(flow, open.slots) : [],
    items: (notice?.matters ?? []).map(({ guide, title, situation }) => ({
      id: guide.id,
      name: title,
      code: guide.taskCode ?? guide.catalogCode ?? null,
      situation: situation ?? null,
    })),
    materials: {
      bring: (notice?.materials.bring ?? []).map(({ name, originals, copies, electronic }) => ({ name, originals, copies, electronic })),
      fetched: (notice?.materials.fetched ?? []).map(({ name }) => ({ name })),
    },
  };
}

/** The answers in the order of the questions; whoever is served at the window sees them whole. */
function answersOf(flow: Flow, slots: Readonly<Record<string, SlotValue>>): WindowCase['slots'] {
  return Object.entries(flow.slots).flatMap(([id, slot]) => {
    const value = Object.hasOwn(slots, id) ? slots[id] : undefined;
    if (value === undefined || value === SKIPPED) return [];
    return [{ id, label: slot.label, value, text: displayValue({ ...slot, sensitive: false }, value) }];
  });
}
