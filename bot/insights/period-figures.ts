/** All figures of a period, as the screens, the files, the comparisons and the evaluations count them. */
import type { Db } from '../store/database.ts';
import { type ConversationFacts, type Period, readFacts } from './facts.ts';
import { type Figure, figuresOf } from './figures.ts';
import { directFigure, readMatters } from './resolutions.ts';

export interface PeriodFigures {
  readonly facts: readonly ConversationFacts[];
  readonly figures: readonly Figure[];
}

/** 'too_many' when the period holds more turns than can be looked at. */
export async function readFigures(db: Db, period: Period): Promise<PeriodFigures | 'too_many'> {
  const facts = await readFacts(db, period);
  if (facts === 'too_many') return facts;
  return { facts, figures: [...figuresOf(facts), directFigure(await readMatters(db, period, facts))] };
}
