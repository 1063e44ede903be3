/** Talking to a whole house in process: what an evaluation needs of it. The command line gives one (eval never imports server/). */
import type { LoggedActivity } from '../bot/activity.ts';
import type { DialogueState } from '../bot/dialogue-state.ts';
import type { Flow } from '../bot/flows/schema.ts';
import type { TurnRecord } from '../bot/store/turns.ts';
import type { Passage } from '../knowledge/index/types.ts';

/** What came back for one message. */
export interface Heard {
  /** All messages of the reply, one after another, in Markdown. */
  readonly text: string;
  readonly messages: readonly LoggedActivity[];
  readonly events: readonly LoggedActivity[];
  /** Titles of what can be pressed. */
  readonly buttons: readonly string[];
  /** The passages cited, in order. */
  readonly citations: readonly Passage[];
  /** Names of the sources under the answer. */
  readonly sources: readonly string[];
  readonly turn: TurnRecord;
  readonly state: DialogueState;
  readonly latencyMs: number;
}

export interface Citizen {
  readonly conversationId: string;
  says(text: string): Promise<Heard>;
}

export interface CitizenOptions {
  readonly locale?: string;
  /** plain: a channel that shows text only. */
  readonly channel?: 'full' | 'plain';
}

export interface Talk {
  readonly flows: readonly Flow[];
  /** Opens a conversation and hears the greeting out. */
  citizen(options?: CitizenOptions): Promise<Citizen>;
}
