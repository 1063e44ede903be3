/** How the API shows what the house keeps: times as ISO 8601. */
import type { ActiveEntry, QueueEntry } from '../../bot/handoff/queue.ts';
import type { Handoff } from '../../bot/store/handoffs.ts';
import type { Rating } from '../../bot/store/ratings.ts';
import type { StaffRole } from '../../bot/store/staff.ts';

const iso = (time: number): string => new Date(time).toISOString();

export const queueView = (entry: QueueEntry) => ({ ...entry, waitingSince: iso(entry.waitingSince) });

export const activeView = (entry: ActiveEntry) => ({ ...queueView(entry), claimedAt: iso(entry.claimedAt), lastSeq: entry.lastSeq });

export const handoffView = (handoff: Handoff) => ({
  status: handoff.status,
  reason: handoff.reason,
  skill: handoff.skill,
  urgency: handoff.urgency,
  summary: handoff.summary,
  agent: handoff.agent,
  note: handoff.note,
  waitingSince: iso(handoff.waitingSince),
  claimedAt: handoff.claimedAt === null ? null : iso(handoff.claimedAt),
});

/** to an agent a rating is anonymous, so neither channel nor time that would single out who rated. */
export const ratingView = (rating: Rating, role: StaffRole) => ({
  conversationId: rating.conversationId,
  score: rating.score,
  tags: rating.tags,
  comment: rating.comment,
  ...(role === 'agent' ? {} : { channel: rating.channel, createdAt: iso(rating.createdAt) }),
});
