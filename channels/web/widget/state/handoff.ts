/** Where the conversation stands between the assistant and a person, read from the log's `handoff.status` events. */
import type { Activity } from '../../../../bot/activity.ts';

export interface Handoff {
  readonly state: 'waiting' | 'accepted' | 'completed' | 'failed' | 'released';
  readonly position: number | undefined;
  readonly agent: string | undefined;
}

const STATES: readonly string[] = ['waiting', 'accepted', 'completed', 'failed', 'released'];

/** The handoff an activity tells of, if it tells of one. */
export function handoffOf(activity: Activity): Handoff | undefined {
  if (activity.type !== 'event' || activity.name !== 'handoff.status') return undefined;
  const value = activity.value as { state?: unknown; position?: unknown; agent?: unknown } | null;
  if (typeof value?.state !== 'string' || !STATES.includes(value.state)) return undefined;
  return {
    state: value.state as Handoff['state'],
    position: typeof value.position === 'number' ? value.position : undefined,
    agent: typeof value.agent === 'string' ? value.agent : undefined,
  };
}

/** The handoff as it stands now: waiting or with a person; undefined when the assistant alone answers. */
export function currentHandoff(activities: readonly Activity[]): Handoff | undefined {
  for (let index = activities.length - 1; index >= 0; index--) {
    const activity = activities[index];
    const handoff = activity && handoffOf(activity);
    if (handoff) return handoff.state === 'waiting' || handoff.state === 'accepted' ? handoff : undefined;
  }
  return undefined;
}
