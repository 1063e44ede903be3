/** What the desk's browser side works with; shapes of the API come straight from the server's own code. */
import type { LoggedActivity } from '../../../bot/activity.ts';
import type { activeView, handoffView, queueView } from '../../api/views.ts';
import type { Screen } from './screens.ts';

export type { LoggedActivity } from '../../../bot/activity.ts';
export type QueueItem = ReturnType<typeof queueView>;
export type ActiveItem = ReturnType<typeof activeView>;

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
  readonly state: 'sending' | 'failed';
  readonly error?: string;
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
  readonly threads: ReadonlyMap<string, Thread>;
  readonly selected: string | null;
  /** live: pushed · polling: asking every few seconds · offline: the server can't be reached. */
  readonly connection: 'live' | 'polling' | 'offline';
  readonly toasts: readonly Toast[];
  readonly sound: boolean;
  /** Conversations with an action under way. */
  readonly busy: ReadonlySet<string>;
}
