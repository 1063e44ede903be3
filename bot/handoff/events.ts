/** The activities a handoff writes into the conversation: events for clients that show a banner, messages for all the others. */
import type { Activity, ChannelAccount } from '../activity.ts';
import { reasonTags } from '../ratings/levels.ts';

/** `value` of a `handoff.status` event. */
export interface HandoffStatus {
  readonly state: 'waiting' | 'accepted' | 'completed' | 'failed' | 'released';
  /** Place in the queue of that skill, from 1; only while waiting. */
  readonly position?: number;
  /** Minutes until somebody will probably join; absent when that can't be said. */
  readonly estimateMinutes?: number;
  /** Name of the person who joined. */
  readonly agent?: string;
  readonly message?: string;
}

/** The assistant's account when the house gives none. */
export const defaultAssistant: ChannelAccount = { id: 'wenban', name: '问办助手', role: 'bot' };

/** A `handoff.status` event (Bot Framework handoff protocol). */
export function statusEvent(from: ChannelAccount, value: HandoffStatus): Activity {
  return { type: 'event', name: 'handoff.status', from, value, channelData: { origin: 'template' } };
}

/** A short fixed sentence to the citizen. */
export function notice(from: ChannelAccount, text: string): Activity {
  return { type: 'message', from, text, textFormat: 'plain', inputHint: 'acceptingInput', channelData: { origin: 'template' } };
}

/** Asks for the rating, once. */
export function ratingRequest(from: ChannelAccount): Activity {
  return { type: 'event', name: 'rating.request', from, value: { reasonTags: [...reasonTags] }, channelData: { origin: 'template' } };
}

/** The status event of a citizen who waits at `position`; `minutes` undefined: no estimate. */
export function waitingEvent(from: ChannelAccount, position: number, minutes: number | undefined, message: string): Activity {
  return statusEvent(from, { state: 'waiting', position, ...(minutes !== undefined && { estimateMinutes: minutes }), message });
}
