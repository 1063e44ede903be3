/** What any recogniser gets and gives; the rest of a turn can't tell which one ran. */
import type { NameMatch } from '../../knowledge/index/names.ts';
import type { Retrieved } from '../answer/retrieve.ts';
import type { RewriteContext } from '../answer/rewrite.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Flow } from '../flows/schema.ts';
import type { Command } from './commands.ts';

export interface RecogniserInput {
  /** What the citizen wrote. */
  readonly said: string;
  /** The same, made complete from the conversation where it was a follow-up; `found` and `flows` were looked up for it. */
  readonly text: string;
  readonly state: DialogueState;
  /** The flow the conversation is in. */
  readonly activeFlow: Flow | undefined;
  /** Flows whose examples resemble the message, best first. */
  readonly flows: readonly NameMatch[];
  /** Knowledge that may answer the message. */
  readonly found: Retrieved;
  /** The same for the words as they were said. */
  readonly asSaid: Retrieved;
  readonly today: Date;
  /** The last few turns, oldest first; empty without a model. */
  readonly turns: RewriteContext['turns'];
  /** A model has already been asked about this message. */
  readonly modelAsked?: boolean | undefined;
}

/** What there is to know of a message before anything is looked up. */
export type AnswerInput = Omit<RecogniserInput, 'flows' | 'found' | 'asSaid'>;

export interface Understanding {
  readonly commands: readonly Command[];
  /** 0..1 */
  readonly confidence: number;
  readonly recogniser: 'local' | 'llm';
}

export interface Recogniser {
  recognise(input: RecogniserInput): Promise<Understanding>;
  /** What `recognise` says of a plain answer to a flow's open question, whatever knowledge is found; undefined: that must be asked. */
  answersOpen?(input: AnswerInput): Understanding | undefined;
  /** Whether a message says by itself what it wants (small talk, steering): it is never read as a follow-up. */
  standsAlone?(text: string): boolean;
}
