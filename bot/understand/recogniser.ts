/** What any recogniser gets and gives; the rest of a turn can't tell which one ran. */
import type { NameMatch } from '../../knowledge/index/names.ts';
import type { Retrieved } from '../answer/retrieve.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Flow } from '../flows/schema.ts';
import type { Command } from './commands.ts';

export interface RecogniserInput {
  readonly text: string;
  readonly state: DialogueState;
  /** The flow the conversation is in. */
  readonly activeFlow: Flow | undefined;
  /** Flows whose examples resemble the message, best first. */
  readonly flows: readonly NameMatch[];
  /** Knowledge that may answer the message. */
  readonly found: Retrieved;
  readonly today: Date;
}

export interface Understanding {
  readonly commands: readonly Command[];
  /** 0..1 */
  readonly confidence: number;
  readonly recogniser: 'local' | 'llm';
}

export interface Recogniser {
  recognise(input: RecogniserInput): Promise<Understanding>;
}
