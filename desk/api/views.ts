/** How the API shows what the house keeps: times as ISO 8601. */
import type { LoggedActivity } from '../../bot/activity.ts';
import type { ActiveEntry, QueueEntry } from '../../bot/handoff/queue.ts';
import type { RunningEntry } from '../../bot/handoff/running.ts';
import type { Handoff } from '../../bot/store/handoffs.ts';
import type { Rating } from '../../bot/store/ratings.ts';
import type { StaffRole } from '../../bot/store/staff.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** 3月2日, in China. */
export const monthDay = (time: number): string =>
  new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', timeZone: 'Asia/Shanghai' }).format(time);

const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export const queueView = (entry: QueueEntry) => ({ ...entry, waitingSince: iso(entry.waitingSince), passedAt: isoOrNull(entry.passedAt) });

export const activeView = (entry: ActiveEntry) => ({
  ...queueView(entry),
  claimedAt: iso(entry.claimedAt),
  lastSeq: entry.lastSeq,
  agent: entry.agent,
  offeredTo: entry.offeredTo,
});

const speakerOf = ({ from, channelData }: LoggedActivity): 'citizen' | 'bot' | 'agent' =>
  from.role !== 'bot' ? 'citizen' : channelData?.origin === 'human' ? 'agent' : 'bot';

export const runningView = ({ last, clock, agent, offeredTo, claimedAt, ...entry }: RunningEntry) => ({
  ...queueView(entry),
  agent,
  offeredTo,
  claimedAt: isoOrNull(claimedAt),
  last: last === null ? null : { speaker: speakerOf(last), text: (last.text ?? '').slice(0, 120), at: last.timestamp },
  clock: clock === null ? null : { kind: clock.kind, since: iso(clock.since) },
});

export const handoffView = (handoff: Handoff) => ({
  status: handoff.status,
  reason: handoff.reason,
  skill: handoff.skill,
  urgency: handoff.urgency,
  summary: handoff.summary,
  agent: handoff.agent,
  note: handoff.note,
  waitingSince: iso(handoff.waitingSince),
  claimedAt: isoOrNull(handoff.claimedAt),
  firstOwner: handoff.firstOwner,
  passedBy: handoff.passedBy,
  passedAt: isoOrNull(handoff.passedAt),
  offeredTo: handoff.offeredTo,
});

/** to an agent a rating is anonymous, so neither channel nor time that would single out who rated. */
export const ratingView = (rating: Rating, role: StaffRole) => ({
  conversationId: rating.conversationId,
  score: rating.score,
  tags: rating.tags,
  comment: rating.comment,
  ...(role === 'agent' ? {} : { channel: rating.channel, createdAt: iso(rating.createdAt) }),
});
