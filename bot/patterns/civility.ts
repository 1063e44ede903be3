/**
 * What is said to somebody who writes nothing but abuse: patience, then a request, then a warning, then people look at it. Nothing is
 * ever refused: emergencies, complaints and errands are answered as if nothing had been said. Source: GB/T 44189-2024, 8.1.4 (劝阻、批评或者教育).
 */
import type { Effect } from '../act.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Texts } from '../texts.ts';

type Grade = 'patience' | 'dissuade' | 'warn' | 'review';

/** Messages of abuse alone at which each grade begins. */
const begins = { dissuade: 3, warn: 5, review: 7 } as const;

/** `abuse`: such messages so far, this one counted; every message that says something takes one off. */
function gradeOf(abuse: number): Grade {
  if (abuse >= begins.review) return 'review';
  if (abuse >= begins.warn) return 'warn';
  return abuse >= begins.dissuade ? 'dissuade' : 'patience';
}

type Told = Pick<DialogueState, 'abuse' | 'anger' | 'abuseReviewed'>;

/** The words for a message of abuse or anger alone. */
export function outburstWords({ abuse, anger, abuseReviewed }: Told, texts: Texts): string {
  const grade = gradeOf(abuse);
  if (grade === 'patience') return anger > 1 ? texts.soothing.again : texts.outburst;
  return grade === 'review' && abuseReviewed ? texts.civility.warn : texts.civility[grade];
}

/** Abuse without end is looked at by people, once a conversation. */
export const outburstEffects = ({ abuse, abuseReviewed }: Told): readonly Effect[] =>
  gradeOf(abuse) === 'review' && !abuseReviewed ? [{ type: 'review' }] : [];
