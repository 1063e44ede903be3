/**
 * What is said to somebody who writes nothing but abuse: patience, then a request, then a warning, then people look at it. Nothing is
 * ever refused: emergencies, complaints and errands are answered as if nothing had been said. Source: GB/T 44189-2024, 8.1.4 (劝阻、批评或者教育).
 */
import type { Texts } from '../texts.ts';

export type Grade = 'patience' | 'dissuade' | 'warn' | 'review';

/** Messages of abuse alone at which each grade begins. */
const begins = { dissuade: 3, warn: 5, review: 7 } as const;

/** `abuse`: such messages so far, this one counted; every message that says something takes one off. */
export function gradeOf(abuse: number): Grade {
  if (abuse >= begins.review) return 'review';
  if (abuse >= begins.warn) return 'warn';
  return abuse >= begins.dissuade ? 'dissuade' : 'patience';
}

/** The words for a message of abuse or anger alone; `reviewed`: people know already. */
export function wordsFor({ abuse, anger, reviewed }: { abuse: number; anger: number; reviewed: boolean }, texts: Texts): string {
  const grade = gradeOf(abuse);
  if (grade === 'patience') return anger > 1 ? texts.soothing.again : texts.outburst;
  return grade === 'review' && reviewed ? texts.civility.warn : texts.civility[grade];
}
