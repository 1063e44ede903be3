/** What changed and what is building up: two periods compared, bursts of one matter, scorecards, evaluations (R-109, 116, 143, 148–150). */
import { z } from 'zod';
import { findBursts } from '../../bot/insights/bursts.ts';
import { compared } from '../../bot/insights/compare.ts';
import { readFigures } from '../../bot/insights/period-figures.ts';
import { inspect } from '../../bot/insights/quality.ts';
import { agentCards, departmentCards } from '../../bot/insights/scorecards.ts';
import { searchTranscripts } from '../../bot/insights/search.ts';
import { mask } from '../../bot/safety/mask.ts';
import { evaluationCases, keepEvaluationCase } from '../../bot/store/evaluation-cases.ts';
import { evaluationRuns } from '../../bot/store/evaluation-runs.ts';
import { foundAnswerSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import {
  burstSchema,
  caseSchema,
  comparisonSchema,
  evaluationRunSchema,
  newCaseSchema,
  scorecardsSchema,
  utteranceSchema,
} from './insight-answers.ts';
import { periodSchema, readable, timesOf, tooMuch } from './insight-period.ts';
import { analysts, caseKeepers } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { lookUpQuerySchema } from './schemas.ts';

const hourMs = 3_600_000;
const count = (least: number, most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, '应当是数字')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `应当是 ${least}–${most}`)
    .default(usual);
const burstQuerySchema = z.object({ hours: count(1, 168, 24), least: count(2, 1000, 5) });
const mostCandidates = 6;
const mostFound = 50;
const searchSchema = periodSchema.safeExtend({ ...lookUpQuerySchema.shape, outcome: z.string().min(1).max(60).optional() });
const iso = (time: number): string => new Date(time).toISOString();

type Options = Pick<DeskApiOptions, 'database' | 'now' | 'qualityWords' | 'knowledge' | 'lookUp' | 'itemOf' | 'meaning'>;

export function trendRoutes({ database, now, qualityWords, knowledge, lookUp, itemOf, meaning }: Options): Route[] {
  const { db } = database;
  const figuresOf = async (times: Parameters<typeof readFigures>[1]) => readable(await readFigures(db, times)).figures;
  const figures = { method: 'get', roles: analysts } as const;
  return [
    route(
      {
        ...figures,
        path: '/insights/compare',
        summary: 'Each figure beside that of the period of the same length just before, and whether the change is more than chance',
        query: periodSchema,
        response: z.array(comparisonSchema),
        errors: tooMuch,
      },
      async ({ query }) => {
        const times = timesOf(query);
        const before = { ...times, from: times.from - (times.to - times.from), to: times.from };
        return compared(await figuresOf(before), await figuresOf(times));
      },
    ),
    route(
      {
        ...figures,
        path: '/insights/bursts',
        summary: 'Matters that at least so many different people brought within the last hours, masked',
        query: burstQuerySchema,
        response: z.array(burstSchema),
      },
      async ({ query: { hours, least } }) => {
        const bursts = await findBursts(db, { now: now(), windowMs: hours * hourMs, least });
        return bursts.map(({ since, conversations, ...burst }) => ({ ...burst, since: iso(since), conversations: [...conversations] }));
      },
    ),
    route(
      {
        ...figures,
        path: '/insights/search',
        summary: 'What citizens said in a period, found by meaning, masked; the newest 5000 messages are searched',
        query: searchSchema,
        response: z.array(utteranceSchema),
      },
      async ({ query: { q, outcome, ...period } }) => {
        const found = await searchTranscripts(db, timesOf(period), { words: q, outcome, meaning, limit: mostFound });
        return found.map(({ at, ...one }) => ({ ...one, at: iso(at) }));
      },
    ),
    route(
      {
        ...figures,
        path: '/insights/scorecards',
        summary: 'Agents and departments: how much, how fast, how well rated',
        query: periodSchema,
        response: scorecardsSchema,
      },
      async ({ query }) => {
        const times = timesOf(query);
        const flags = await inspect(db, times, qualityWords);
        return { agents: await agentCards(db, times, flags), departments: await departmentCards(db, times) };
      },
    ),
    route(
      {
        ...figures,
        path: '/insights/evaluations',
        summary: 'Evaluations that ran by themselves, newest first',
        response: z.array(evaluationRunSchema),
      },
      async () =>
        (await evaluationRuns(db)).map(({ startedAt, finishedAt, metrics, ...run }) => ({
          ...run,
          metrics: { ...metrics },
          startedAt: iso(startedAt),
          finishedAt: finishedAt === null ? null : iso(finishedAt),
        })),
    ),
    route(
      {
        method: 'get',
        path: '/evaluation-cases/candidates',
        summary: 'Published entries that may answer a question: one of them is chosen as the right one',
        roles: caseKeepers,
        query: lookUpQuerySchema,
        response: z.array(foundAnswerSchema),
      },
      async ({ query: { q } }) => [...(await lookUp(q, mostCandidates))],
    ),
    route(
      {
        method: 'get',
        path: '/evaluation-cases',
        summary: 'Questions kept for evaluations',
        roles: caseKeepers,
        response: z.array(caseSchema),
      },
      async () =>
        (await evaluationCases(db, knowledge.pack)).map(({ createdAt, itemIds, ...one }) => ({
          ...one,
          itemIds: [...itemIds],
          createdAt: iso(createdAt),
        })),
    ),
    route(
      {
        method: 'post',
        path: '/evaluation-cases',
        summary: 'Keep a question with the entries that answer it (none: it must be refused); identifiers are masked first',
        roles: caseKeepers,
        body: newCaseSchema,
        errors: { 422: ['bad_item'] },
      },
      async ({ body: { question, itemIds }, staff }) => {
        const unknown = itemIds.find((id) => itemOf(id) === undefined);
        if (unknown !== undefined) throw new ApiError(422, 'bad_item', `知识库里没有 ${unknown}`);
        await keepEvaluationCase(db, knowledge.pack, { question: mask(question).text, itemIds, author: staff.name }, now());
        return undefined;
      },
    ),
  ];
}
