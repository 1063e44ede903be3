/** A turn asks for a person: the handoff is opened and the activities that say so are returned for the turn to append. */
import type { Activity, ChannelAccount, LoggedActivity } from '../activity.ts';
import { displayMoment } from '../calendar/china-day.ts';
import { findConversation, updateConversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import { type Handoff, openHandoff, openHandoffOf } from '../store/handoffs.ts';
import { shownNameOf } from '../store/staff-names.ts';
import { defaultAssistant, notice, statusEvent, waitingEvent } from './events.ts';
import { type DutyDesk, dutyOf, leaveMessage } from './off-duty.ts';
import { waitingPlaces } from './places.ts';
import { lockConversation } from './settle.ts';
import { withBefore } from './summary.ts';
import { handoffWords, languageOf } from './words.ts';

/** Messages that travel in the transcript attachment: enough to follow the matter, small enough for any webhook. */
const TRANSCRIPT_LENGTH = 50;

export interface HandoffRequest {
  readonly conversationId: string;
  /** Why, as a command's reason (`asked`, `emergency`, `angry`, `not_understood`, `flow`, `expert`) or a short sentence from a flow. */
  readonly reason: string;
  /** BCP 47, what the citizen writes in now; default: the conversation's. */
  readonly locale?: string | undefined;
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
  /** Staff calendar and work orders: with them a request while nobody is on duty becomes a message. */
  readonly duty?: DutyDesk | undefined;
}

/** What a turn may hand in: without it every request waits in the queue, whatever the hour. */
export interface DutyTools {
  readonly duty?: DutyDesk | undefined;
}

export interface HandoffOpened {
  /** `opened`: new · `waiting`: it was already in the queue · `active`: a person already has it · `message`: left a message. */
  readonly state: 'opened' | 'waiting' | 'active' | 'message';
  /** Place in the queue from 1; 0 when there is none. */
  readonly position: number;
  /** To append in the same transaction. */
  readonly activities: Activity[];
}

/**
 * Opens the handoff of a conversation inside `tx`, or finds the open one, and sets the conversation's mode to `waiting`. Outside the hours of
 * every queue that could help, the citizen leaves a message instead and stays with the bot.
 * After the commit the caller calls `HandoffDesk.queueMoved()`: an urgent newcomer moves the others.
 */
export async function requestHandoff(tx: Db, request: HandoffRequest): Promise<HandoffOpened> {
  const from = request.assistant ?? defaultAssistant;
  const { conversationId, reason, skill, urgency, now } = request;
  await lockConversation(tx, conversationId, now);
  const locale = request.locale ?? (await findConversation(tx, conversationId))?.locale ?? 'zh-CN';
  const words = handoffWords(locale);
  const there = await openHandoffOf(tx, conversationId);
  if (there?.status === 'active') {
    const { shown } = await shownNameOf(tx, there.agent ?? '');
    return { state: 'active', position: 0, activities: [notice(from, words.alreadyThere(shown))] };
  }
  const summary = withBefore(request.summary, { reason, ...(await triedSoFar(tx, conversationId)) });
  const duty = request.duty && there === undefined ? await dutyOf(tx, request.duty, skill, now) : undefined;
  if (request.duty && duty?.on === 'nobody') {
    const text = await leaveMessage(tx, request.duty, { ...request, locale, summary }, duty.opens);
    return { state: 'message', position: 0, activities: [statusEvent(from, { state: 'failed', message: text }), notice(from, text)] };
  }
  const input = { id: request.newId(), conversationId, reason, skill, urgency, summary, language: languageOf(locale) };
  const handoff = there ?? (await openHandoff(tx, input, now));
  await updateConversation(tx, conversationId, { mode: 'waiting' }, now);
  const mine = (await waitingPlaces(tx, now)).find((one) => one.handoff.id === handoff.id);
  const place = mine?.place ?? 1;
  const message = words.waiting(place, mine?.minutes);
  const experts = duty?.on === 'general' ? words.expertsClosed(skill, displayMoment(duty.opens, now)) : '';
  const nobody = request.nobodyOnline;
  const waiting = [
    waitingEvent(from, place, mine?.minutes, message),
    notice(from, experts + (nobody === undefined ? words.handingOver + message : words.registered(place, nobody))),
  ];
  if (there !== undefined) return { state: 'waiting', position: place, activities: waiting };
  return { state: 'opened', position: place, activities: [initiateEvent(from, { ...request, summary }), ...waiting] };
}

/** How many turns of the conversation were answered, and how many were not. */
async function triedSoFar(tx: Db, conversationId: string): Promise<{ answered: number; unanswered: number }> {
  const rows = await tx.selectFrom('turns').select('outcome').where('conversation_id', '=', conversationId).execute();
  const count = (prefix: string) => rows.filter(({ outcome }) => outcome.startsWith(prefix)).length;
  return { answered: count('answered'), unanswered: count('unanswerable') };
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
