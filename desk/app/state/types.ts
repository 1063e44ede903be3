/** What the desk's browser side works with; shapes of the API come straight from the server's own code. */

import type { z } from 'zod';
import type { LoggedActivity } from '../../../bot/activity.ts';
import type { deskSettingsSchema, noteSchema, staffNoticeSchema } from '../../api/answers.ts';
import type { activeView, handoffView, queueView, runningView } from '../../api/views.ts';
import type { Screen } from './screens.ts';

export type { LoggedActivity } from '../../../bot/activity.ts';
export type QueueItem = ReturnType<typeof queueView>;
export type ActiveItem = ReturnType<typeof activeView>;
export type RunningItem = ReturnType<typeof runningView>;
export type DeskSettings = z.infer<typeof deskSettingsSchema>;
export type StaffNotice = z.infer<typeof staffNoticeSchema>;
export type Note = z.infer<typeof noteSchema>;

export interface Me {
  readonly name: string;
  readonly role: 'agent' | 'editor' | 'analyst' | 'supervisor' | 'admin';
}

export interface ConversationInfo {
  readonly conversationId: string;
  readonly channel: string;
  readonly locale: string;
  readonly mode: 'bot' | 'waiting' | 'agent' | 'ended';
  readonly lastSeq: number;
  readonly profile: Record<string, unknown>;
  readonly createdAt: string;
  readonly handoff: ReturnType<typeof handoffView> | null;
}

/** A message on its way to the citizen. */
export interface Outgoing {
  readonly messageId: string;
  readonly text: string;
  /** queued: waits for its turn or for the line · failed: the server does not want it. */
  readonly state: 'queued' | 'sending' | 'failed';
  /** Why it is not out yet. */
  readonly error?: string;
  /** The draft it was made from. */
  readonly draft?: { readonly text: string; readonly itemId: string | null };
  /** A file travels instead of words. */
  readonly fileName?: string;
}

/** One conversation as this browser knows it. */
export interface Thread {
  readonly id: string;
  readonly info: ConversationInfo | null;
  /** What the citizen wants; stays when the service is over. */
  readonly matter: string;
  readonly activities: readonly LoggedActivity[];
  readonly watermark: number;
  /** Everything up to here has been looked at. */
  readonly readSeq: number;
  readonly outgoing: readonly Outgoing[];
  /** The citizen was typing until about then (epoch milliseconds). */
  readonly typingUntil: number;
  /** Why it could not be loaded. */
  readonly problem: string | null;
  /** What colleagues noted. */
  readonly notes: readonly Note[];
}

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'problem';
  readonly text: string;
}

export interface DeskState {
  readonly phase: 'starting' | 'login' | 'desk';
  readonly me: Me | null;
  readonly screen: Screen;
  readonly queue: readonly QueueItem[];
  readonly mine: readonly ActiveItem[];
  /** Every running conversation; null while the supervisor doesn't look at them. */
  readonly running: readonly RunningItem[] | null;
  /** What this person has to be told. */
  readonly notices: readonly StaffNotice[];
  readonly settings: DeskSettings;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly selected: string | null;
  /** live: pushed · polling: asking every few seconds · offline: the server can't be reached. */
  readonly connection: 'live' | 'polling' | 'offline';
  readonly toasts: readonly Toast[];
  readonly sound: boolean;
  /** Conversations with an action under way. */
  readonly busy: ReadonlySet<string>;
}
