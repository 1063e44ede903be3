/** From the log and the outbox to what stands in the message list. Pure: a reload gives the same list. */
import type { Activity } from '../../../../bot/activity.ts';
import type { OutboxItem, OutboxStatus } from '../directline/outbox.ts';
import { handoffOf } from './handoff.ts';

export type Speaker = 'citizen' | 'bot' | 'agent';

export interface MessageEntry {
  readonly kind: 'message';
  readonly key: string;
  readonly at: number;
  readonly speaker: Speaker;
  readonly activity: Activity;
  /** Only for own messages the server has not given back yet. */
  readonly delivery?: { readonly status: OutboxStatus; readonly failure: number | undefined; readonly id: string };
}
export interface NoteEntry {
  readonly kind: 'note';
  readonly key: string;
  readonly at: number;
  readonly note: 'accepted' | 'completed' | 'released' | 'failed' | 'ended';
  readonly agent: string | undefined;
}
export interface RatingEntry {
  readonly kind: 'rating';
  readonly key: string;
  readonly at: number;
  readonly reasonTags: readonly string[];
  /** What became of it. */
  readonly state: RatingState;
}
export type RatingState = 'open' | 'rated' | 'declined';
export type Entry = MessageEntry | NoteEntry | RatingEntry;

/** The citizen's own words and forms, also those still on their way. */
interface Said {
  readonly activity: Activity;
  readonly item?: OutboxItem;
}

/** All entries, oldest first; what is not acknowledged stands at the end. */
export function listEntries(activities: readonly Activity[], outbox: readonly OutboxItem[]): Entry[] {
  const echoed = new Set(activities.map((activity) => activity.channelData?.clientActivityID));
  const pending = outbox.filter((item) => !echoed.has(item.id)).map((item) => ({ activity: item.activity, item }));
  const said: Said[] = [...activities.map((activity) => ({ activity })), ...pending];
  const rating = ratingState(said.map(({ activity }) => activity));
  return said.flatMap(({ activity, item }, index) => entryOf(activity, item, index, rating) ?? []);
}

/** A rating stays given, whatever was declined before or after it. */
function ratingState(said: readonly Activity[]): RatingState {
  const submitted = said.filter(({ type, name }) => type === 'event' && name === 'rating.submit');
  if (submitted.length === 0) return 'open';
  return submitted.every(({ value }) => (value as { declined?: unknown } | null | undefined)?.declined === true) ? 'declined' : 'rated';
}

function entryOf(activity: Activity, item: OutboxItem | undefined, index: number, rating: RatingState): Entry | undefined {
  const clientId = activity.channelData?.clientActivityID;
  // The key of an own message stays the same when its echo replaces it.
  const key = typeof clientId === 'string' ? clientId : (activity.id ?? `#${index}`);
  const at = item?.createdAt ?? Date.parse(activity.timestamp ?? '');
  if (activity.type === 'message') {
    if (!activity.text && !activity.attachments?.length) return undefined;
    const delivery = item && { status: item.status, failure: item.failure, id: item.id };
    return { kind: 'message', key, at, speaker: speakerOf(activity), activity, ...(delivery ? { delivery } : {}) };
  }
  if (activity.type === 'endOfConversation') return { kind: 'note', key, at, note: 'ended', agent: undefined };
  if (activity.name === 'rating.request') return { kind: 'rating', key, at, reasonTags: tagsOf(activity.value), state: rating };
  const handoff = handoffOf(activity);
  if (handoff && handoff.state !== 'waiting') return { kind: 'note', key, at, note: handoff.state, agent: handoff.agent };
  return undefined;
}

export function speakerOf(activity: Activity): Speaker {
  if (activity.from.role !== 'bot') return 'citizen';
  return activity.channelData?.origin === 'human' ? 'agent' : 'bot';
}

function tagsOf(value: unknown): string[] {
  const tags = (value as { reasonTags?: unknown } | null)?.reasonTags;
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

/** The forms (by activity key) that were answered: a later message of the citizen carries their id. */
export function answeredForms(entries: readonly Entry[]): Set<string> {
  const answered = new Set<string>();
  const waiting = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.kind !== 'message') continue;
    if (entry.speaker === 'citizen') {
      const id = (entry.activity.value as { wenbanForm?: unknown } | null)?.wenbanForm;
      if (typeof id === 'string') for (const key of waiting.get(id) ?? []) answered.add(key);
      continue;
    }
    for (const attachment of entry.activity.attachments ?? []) {
      const id = formIdOf(attachment.content);
      if (id !== undefined) waiting.set(id, [...(waiting.get(id) ?? []), entry.key]);
    }
  }
  return answered;
}

function formIdOf(content: unknown): string | undefined {
  const actions = (content as { actions?: { data?: { wenbanForm?: unknown } }[] } | null)?.actions;
  const id = Array.isArray(actions) ? actions[0]?.data?.wenbanForm : undefined;
  return typeof id === 'string' ? id : undefined;
}
