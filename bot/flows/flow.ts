/** A flow as it runs: what an editor wrote, with its sub-flows, districts and departments filled in and one wording chosen. */
import type { ChannelKind, Condition, FlowSource, SlotSource, StepSource } from './schema.ts';
import type { SlotValue } from './values.ts';

type Worded<T> = Omit<T, 'ask' | 'help' | 'purpose' | 'default'> & {
  ask: string;
  help?: string | undefined;
  purpose?: string | undefined;
  default?: SlotValue | undefined;
};
/** A district question runs as a choice of the city's districts. */
export type Slot =
  | (Worded<Extract<SlotSource, { type: 'choice' }>> & { district?: true | undefined })
  | Worded<Extract<SlotSource, { type: 'text' }>>
  | Worded<Extract<SlotSource, { type: 'number' }>>
  | Worded<Extract<SlotSource, { type: 'date' }>>
  | Worded<Extract<SlotSource, { type: 'yes_no' }>>
  | Worded<Extract<SlotSource, { type: 'phone' }>>;
export type SlotOption = Extract<Slot, { type: 'choice' }>['options'][number];

type Of<K extends string> = Extract<StepSource, Record<K, unknown>>;
export type NoticeStep = Of<'notice'>;
/** `give` sets a sub-flow's slot from what the caller knows, unless the citizen said otherwise. */
export type Step =
  | Of<'collect'>
  | { id?: string | undefined; say: string }
  | Of<'branch'>
  | Of<'call'>
  | NoticeStep
  | Of<'answer'>
  | Of<'handoff'>
  | Of<'end'>
  | Of<'goto'>
  | { id?: string | undefined; give: string; text: string };

export interface Flow extends Omit<FlowSource, 'slots' | 'steps'> {
  readonly slots: Record<string, Slot>;
  readonly steps: Step[];
  /** The same flow in the words of the channels that have their own. */
  readonly wordings?: Partial<Record<ChannelKind, Flow>>;
}

/** The guides a notice tells of, in order. */
export function guidesOf(
  notice: NoticeStep['notice'],
): { guide: string; scenarios: string[] | { fromSlot: string }; when?: Condition | undefined }[] {
  return 'guides' in notice ? notice.guides : [notice];
}
