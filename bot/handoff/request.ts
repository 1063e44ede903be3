/** A turn asks for a person: the handoff is opened and the activities that say so are returned for the turn to append. */
import type { Activity, ChannelAccount, LoggedActivity } from '../activity.ts';
import { updateConversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import { type Handoff, openHandoff, waitingHandoffs } from '../store/handoffs.ts';
import { defaultAssistant, notice, statusEvent, waitingText } from './events.ts';
import { lockConversation } from './settle.ts';

/** Messages that travel in the transcript attachment: enough to follow the matter, small enough for any webhook. */
const TRANSCRIPT_LENGTH = 50;

export interface HandoffRequest {
  readonly conversationId: string;
  /** Why, as a command's reason (`asked`, `angry`, `not_understood`, `flow`, `expert`) or a short sentence from a flow. */
  readonly reason: string;
  /** Who should take it: a department's skill; `general` when nobody special is needed. */
  readonly skill: string;
  readonly urgency: Handoff['urgency'];
  readonly summary: string;
  /** The log so far; its messages go into the transcript attachment. */
  readonly activities: readonly LoggedActivity[];
  readonly newId: () => string;
  readonly now: number;
  readonly assistant?: ChannelAccount;
  /** What to tell the citizen when no colleague is at the desk: an honest sentence instead of the promise of a quick answer. */
  readonly nobodyOnline?: string | undefined;
}

export interface HandoffOpened {
  readonly handoff: Handoff;
  /** `opened`: new · `waiting`: it was already in the queue · `active`: a person already has it. */
  readonly state: 'opened' | 'waiting' | 'active';
  /** Place in the queue from 1; 0 when a person already has it. */
  readonly position: number;
  /** To append in the same transaction. */
  readonly activities: Activity[];
}

/**
 * Opens the handoff of a conversation inside `tx`, or finds the open one, and sets the conversation's mode to `waiting`.
 * After the commit the caller calls `HandoffDesk.queueMoved()`: an urgent newcomer moves the others.
 */
export async function requestHandoff(tx: Db, request: HandoffRequest): Promise<HandoffOpened> {
  const from = request.assistant ?? defaultAssistant;
  const id = request.newId();
  const { conversationId, reason, skill, urgency, summary } = request;
  await lockConversation(tx, conversationId, request.now);
  const handoff = await openHandoff(tx, { id, conversationId, reason, skill, urgency, summary }, request.now);
  if (handoff.status === 'active') {
    const text = `${handoff.agent ?? '工作人员'} 正在为您服务，请直接留言。`;
    return { handoff, state: 'active', position: 0, activities: [notice(from, text)] };
  }
  await updateConversation(tx, conversationId, { mode: 'waiting' }, request.now);
  const position = (await waitingHandoffs(tx)).findIndex((waiting) => waiting.id === handoff.id) + 1;
  const message = waitingText(position);
  const waiting = [
    statusEvent(from, { state: 'waiting', position, message }),
    notice(
      from,
      request.nobodyOnline === undefined
        ? `正在为您转人工。${message}`
        : `已经登记转人工，您排在第 ${position} 位。${request.nobodyOnline}`,
    ),
  ];
  if (handoff.id !== id) return { handoff, state: 'waiting', position, activities: waiting };
  return { handoff, state: 'opened', position, activities: [initiateEvent(from, request), ...waiting] };
}

/** The `handoff.initiate` event of the Bot Framework handoff protocol, with the transcript attached. */
function initiateEvent(from: ChannelAccount, request: HandoffRequest): Activity {
  const { reason, skill, urgency, summary } = request;
  const activities = request.activities.filter((activity) => activity.type === 'message').slice(-TRANSCRIPT_LENGTH);
  return {
    type: 'event',
    name: 'handoff.initiate',
    from,
    value: { reason, skill, urgency, summary },
    attachments: [{ contentType: 'application/json', name: 'Transcript', content: { activities } }],
    channelData: { origin: 'template' },
  };
}
