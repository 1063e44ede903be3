/** Trends, bursts, scorecards, evaluations and cases for the analysts' screen. */
import type { z } from 'zod';
import type { foundAnswerSchema } from '../../api/answers.ts';
import type { burstSchema, comparisonSchema, evaluationRunSchema, scorecardsSchema, utteranceSchema } from '../../api/insight-answers.ts';
import type { Answer, DeskClient } from './client.ts';
import { type Period, queryOf } from './insights.ts';

export type Comparison = z.infer<typeof comparisonSchema>;
export type Burst = z.infer<typeof burstSchema>;
export type Scorecards = z.infer<typeof scorecardsSchema>;
export type EvaluationRun = z.infer<typeof evaluationRunSchema>;
export type Utterance = z.infer<typeof utteranceSchema>;
export type Candidate = z.infer<typeof foundAnswerSchema>;

export const readComparison = (client: DeskClient, period: Period): Promise<Answer<Comparison[]>> =>
  client.get(`/insights/compare?${queryOf(period)}`);
export const readBursts = (client: DeskClient): Promise<Answer<Burst[]>> => client.get('/insights/bursts');
export const readScorecards = (client: DeskClient, period: Period): Promise<Answer<Scorecards>> =>
  client.get(`/insights/scorecards?${queryOf(period)}`);
export const readEvaluations = (client: DeskClient): Promise<Answer<EvaluationRun[]>> => client.get('/insights/evaluations');
export const searchSaid = (client: DeskClient, period: Period, words: string): Promise<Answer<Utterance[]>> =>
  client.get(`/insights/search?${queryOf(period)}&q=${encodeURIComponent(words)}`);
export const readCandidates = (client: DeskClient, question: string): Promise<Answer<Candidate[]>> =>
  client.get(`/evaluation-cases/candidates?q=${encodeURIComponent(question)}`);
export const keepCase = (client: DeskClient, question: string, itemIds: readonly string[]): Promise<Answer<unknown>> =>
  client.post('/evaluation-cases', { question, itemIds });

/** 87.5%, or a dash. */
export const percent = (value: number | null): string => (value === null ? '—' : `${(value * 100).toFixed(1)}%`);
