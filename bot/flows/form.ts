/** Adaptive Card forms for slots. A submitted form comes back as one set_slot for each field. */
import type { Slot } from './flow.ts';

interface InputBase {
  id: string;
  label: string;
  isRequired: boolean;
  errorMessage: string;
  placeholder?: string;
}
export type FormInput =
  | (InputBase & { type: 'Input.Text'; maxLength?: number; regex?: string; style?: 'text' | 'tel' })
  | (InputBase & { type: 'Input.Number'; min?: number; max?: number })
  | (InputBase & { type: 'Input.Date'; min?: string; max?: string })
  | (InputBase & { type: 'Input.ChoiceSet'; style: 'expanded' | 'compact'; choices: { title: string; value: string }[] });

/** The content of an `application/vnd.microsoft.card.adaptive` attachment. Source: Adaptive Cards schema 1.5. */
export interface AdaptiveCardForm {
  type: 'AdaptiveCard';
  version: '1.5';
  body: ({ type: 'TextBlock'; text: string; wrap: true } | FormInput)[];
  actions: [{ type: 'Action.Submit'; title: string; data: { wenbanForm: string } }];
}

/** A form longer than this frightens people on a phone. */
export const MAX_FORM_INPUTS = 5;

/** Builds the form for the open slot (the first) and the questions that follow it directly. `today` bounds dates. */
export function slotForm(slots: readonly (readonly [id: string, slot: Slot])[], today: string): AdaptiveCardForm | null {
  const open = slots[0];
  if (!open || open[1].type === 'choice' || open[1].type === 'yes_no') return null;
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body: slots.slice(0, MAX_FORM_INPUTS).flatMap(([id, slot]) => {
      const note = slot.purpose ?? slot.help;
      return note === undefined || id === open[0]
        ? [inputOf(id, slot, today)]
        : [inputOf(id, slot, today), { type: 'TextBlock' as const, text: note, wrap: true as const }];
    }),
    actions: [{ type: 'Action.Submit', title: '提交', data: { wenbanForm: open[0] } }],
  };
}

function inputOf(id: string, slot: Slot, today: string): FormInput {
  const base = { id, label: slot.label, isRequired: !slot.optional, errorMessage: `请填写${slot.label}` };
  const bounds = <T>(min: T | undefined, max: T | undefined) => ({
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  });
  switch (slot.type) {
    case 'choice':
      return {
        ...base,
        type: 'Input.ChoiceSet',
        style: 'compact',
        choices: slot.options.map(({ label, value }) => ({ title: label, value })),
      };
    case 'yes_no':
      return {
        ...base,
        type: 'Input.ChoiceSet',
        style: 'expanded',
        choices: [
          { title: slot.yesLabel, value: 'true' },
          { title: slot.noLabel, value: 'false' },
        ],
      };
    case 'number':
      return { ...base, type: 'Input.Number', ...bounds(slot.min, slot.max) };
    case 'date': {
      const day = (limit: string | undefined) => (limit === 'today' ? today : limit);
      return { ...base, type: 'Input.Date', ...bounds(day(slot.min), day(slot.max)) };
    }
    case 'phone':
      return { ...base, type: 'Input.Text', style: 'tel', maxLength: 20, errorMessage: '请填写 11 位手机号，或带区号的固定电话' };
    case 'text':
      return {
        ...base,
        type: 'Input.Text',
        ...(slot.patternMessage === undefined ? {} : { errorMessage: slot.patternMessage }),
        ...(slot.max === undefined ? {} : { maxLength: slot.max }),
        // parseSlot takes small letters where a pattern says capitals; a field with such a regex would refuse them.
        ...(slot.pattern === undefined || /[A-Z]/.test(slot.pattern) ? {} : { regex: `^\\s*(?:${slot.pattern})\\s*$` }),
      };
  }
}
