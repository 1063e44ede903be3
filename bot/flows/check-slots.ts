/** Checks of the questions themselves: options that collide, bounds, what holds when they are skipped. */
import type { FlowProblem } from './check.ts';
import type { SlotSource } from './schema.ts';
import { placeholders } from './text.ts';
import { wordingsOf } from './wording.ts';

/** Problems of one slot. */
export function slotProblems(id: string, slot: SlotSource): FlowProblem[] {
  return [...optionProblems(id, slot), ...boundProblems(id, slot), ...defaultProblems(id, slot), ...wordProblems(id, slot)];
}

/** Whether a slot can hold the value. */
export function canBe(slot: SlotSource, value: string | number | boolean): boolean {
  if (slot.type === 'choice') return slot.options.some((option) => option.value === value);
  const types = { yes_no: 'boolean', number: 'number', text: 'string', phone: 'string', date: 'string', district: 'string' } as const;
  return typeof value === types[slot.type];
}

function optionProblems(id: string, slot: SlotSource): FlowProblem[] {
  if (slot.type !== 'choice') return [];
  const owners = new Map<string, number>();
  return slot.options.flatMap((option, index) =>
    [...new Set([option.value, option.label, ...option.synonyms])].flatMap((term) => {
      const owner = owners.get(term.toLowerCase());
      owners.set(term.toLowerCase(), owner ?? index);
      return owner === undefined || owner === index
        ? []
        : [{ path: `slots.${id}.options[${index}]`, message: `"${term}" also stands for another option` }];
    }),
  );
}

function boundProblems(id: string, slot: SlotSource): FlowProblem[] {
  if (!('min' in slot) || slot.min === undefined || slot.max === undefined || slot.min === 'today' || slot.max === 'today') return [];
  return slot.min > slot.max ? [{ path: `slots.${id}`, message: 'min is above max' }] : [];
}

function defaultProblems(id: string, slot: SlotSource): FlowProblem[] {
  if (slot.default === undefined) return [];
  const path = `slots.${id}.default`;
  if (!slot.optional) return [{ path, message: 'a default needs optional: true, it holds when the question is skipped' }];
  return canBe(slot, slot.default) ? [] : [{ path, message: `${id} can never be ${JSON.stringify(slot.default)}` }];
}

/** A question stands for itself: it may come back at any time, without what was said before it. */
function wordProblems(id: string, slot: SlotSource): FlowProblem[] {
  return (['ask', 'help', 'purpose'] as const).flatMap((field) =>
    wordingsOf(slot[field])
      .flatMap(placeholders)
      .map((name) => ({ path: `slots.${id}.${field}`, message: `{${name}} can't stand in a question` })),
  );
}
