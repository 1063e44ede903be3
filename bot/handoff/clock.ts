/** The clock of a conversation a person holds: since when the citizen has been without an answer. Pure. */

export interface AnswerClock {
  /** first: nobody has written since it was taken · answer: the citizen wrote and has no answer. */
  readonly kind: 'first' | 'answer';
  /** Epoch milliseconds. */
  readonly since: number;
}

/**
 * The clock that runs now, or null when the citizen has their answer. Input, epoch milliseconds: when the conversation was taken, when a person
 * last wrote, and when the citizen wrote the first message that no person has answered.
 */
export function answerClock(claimedAt: number, personAt: number | null, openSince: number | null): AnswerClock | null {
  if (personAt === null || personAt < claimedAt) return { kind: 'first', since: claimedAt };
  return openSince === null ? null : { kind: 'answer', since: Math.max(openSince, claimedAt) };
}
