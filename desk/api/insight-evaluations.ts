/** Evaluating the service: indicators, what people measured for them, evaluations on record, and the pack for a third party (R-142, 145–147, 153). */
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import {
  type Evaluation,
  type EvaluationResult,
  periodNameSchema,
  resultSchema,
  thirdPartySchema,
} from '../../bot/insights/evaluation/evaluation.ts';
import { followUpsOf, readMeasures } from '../../bot/insights/evaluation/measures.ts';
import { evaluationPack } from '../../bot/insights/evaluation/pack.ts';
import { spanOf } from '../../bot/insights/evaluation/periods.ts';
import { inputsOf, listEvaluations, publishEvaluation, putInput, recordEvaluation } from '../../bot/insights/evaluation/repository.ts';
import { type IndicatorTree, scoreTree, type TreeResult, treeResultSchema } from '../../bot/insights/evaluation/tree.ts';
import { ratingTotals } from '../../bot/store/ratings-statistics.ts';
import { plainText } from '../../bot/work-orders/order.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { ApiError } from './errors.ts';
import { readable, tooMuch } from './insight-period.ts';
import { analysts, supervisors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

/** What the city is evaluated by. */
export interface EvaluationTools {
  /** Undefined: the pack has no indicators. */
  readonly tree: IndicatorTree | undefined;
  readonly city: string;
  readonly halls: readonly { readonly id: string; readonly name: string }[];
  /** Everything published now. */
  readonly items: () => readonly KnowledgeItem[];
}

const period = { period: periodNameSchema };
const indicatorsSchema = z.object({
  /** Null: the pack has no indicators. */
  result: treeResultSchema.nullable(),
  over: z.boolean(),
  halls: z.array(z.object({ id: z.string(), name: z.string() })),
  manual: z.array(z.object({ leaf: z.string(), name: z.string(), unit: z.string(), perHall: z.boolean() })),
  inputs: z.array(z.object({ leaf: z.string(), hall: z.string(), value: z.number(), source: z.string() })),
});
const evaluationSchema = z.object({
  id: z.int(),
  period: z.string(),
  evaluator: z.string(),
  result: resultSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  publishedBy: z.string().nullable(),
  publishedAt: z.iso.datetime().nullable(),
});
export type IndicatorsView = z.infer<typeof indicatorsSchema>;
export type EvaluationView = z.infer<typeof evaluationSchema>;

const newEvaluationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('self'), ...period }),
  z.object({ kind: z.literal('satisfaction'), ...period }),
  z.object({ kind: z.literal('third_party'), ...period, evaluator: plainText(100), ...thirdPartySchema.shape }),
]);
const usualSize = 400;
const packQuerySchema = z.object({
  ...period,
  seed: z
    .string()
    .regex(/^[\w-]{1,64}$/, '只能用字母、数字、- 和 _')
    .default('1'),
  size: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, '应当是 1–99999')
    .transform(Number)
    .default(usualSize),
});

type Options = Pick<DeskApiOptions, 'database' | 'now' | 'itemOf'> & { readonly evaluation: EvaluationTools };

export function evaluationRoutes({ database, now, itemOf, evaluation }: Options): Route[] {
  const { db } = database;
  const { tree, city, halls, items } = evaluation;
  const hallIds = halls.map(({ id }) => id);
  const scored = async (name: string): Promise<TreeResult | undefined> =>
    tree &&
    scoreTree(tree, readable(await readMeasures({ db, items: items(), now: now() }, spanIn(name))), await inputsOf(db, name), hallIds);
  const path = '/evaluations';
  return [
    route(
      {
        method: 'get',
        path: `${path}/indicators`,
        summary:
          'The indicators of a quarter or year as they stand now, each with how it was counted; and what people are asked to measure',
        roles: analysts,
        query: z.object(period),
        response: indicatorsSchema,
        errors: tooMuch,
      },
      async ({ query }) => ({
        result: (await scored(query.period)) ?? null,
        over: spanIn(query.period).to <= now(),
        halls: [...halls],
        manual: manualLeaves(tree).map(({ id, name, manual }) => ({ leaf: id, name, unit: manual.unit, perHall: manual.per === 'hall' })),
        inputs: await inputsOf(db, query.period),
      }),
    ),
    route(
      {
        method: 'post',
        path: `${path}/inputs`,
        summary: 'What somebody measured for an indicator, with where it comes from; earlier ones stay on record',
        roles: analysts,
        body: z.object({
          ...period,
          leaf: plainText(60),
          hall: plainText(60).or(z.literal('')).default(''),
          value: z.number().min(-1e9).max(1e9),
          source: plainText(500),
        }),
        errors: { 422: ['bad_input'] },
      },
      async ({ body, staff }) => {
        const leaf = manualLeaves(tree).find(({ id }) => id === body.leaf);
        if (leaf === undefined) throw new ApiError(422, 'bad_input', '没有这个要填报的指标');
        if (leaf.manual.per === 'hall' ? !hallIds.includes(body.hall) : body.hall !== '')
          throw new ApiError(422, 'bad_input', leaf.manual.per === 'hall' ? '请选一个大厅' : '这个指标按全市填报');
        await putInput(db, { ...body, author: staff.name }, now());
        return undefined;
      },
    ),
    route(
      { method: 'get', path, summary: 'Evaluations on record, newest first', roles: analysts, response: z.array(evaluationSchema) },
      async () => (await listEvaluations(db, { published: false })).map(view),
    ),
    route(
      {
        method: 'post',
        path,
        summary: 'Put an evaluation on record: of ourselves and of those we served as counted now, of a third party as it reported',
        roles: supervisors,
        body: newEvaluationSchema,
        response: z.object({ id: z.int() }),
        errors: { ...tooMuch, 409: ['not_over', 'no_indicators'] },
      },
      async ({ body, staff }) => {
        const span = spanIn(body.period);
        if (span.to > now()) throw new ApiError(409, 'not_over', '这段时间还没有结束，结束后再评价');
        const result = await resultOf(body, span);
        const evaluator = body.kind === 'third_party' ? body.evaluator : city;
        return { id: await recordEvaluation(db, { period: body.period, evaluator, result, author: staff.name }, now()) };
      },
    ),
    route(
      {
        method: 'put',
        path: `${path}/{id}/publication`,
        summary: 'Show an evaluation to everybody at /service-reports, or take it back',
        roles: supervisors,
        params: z.object({ id: z.coerce.number().int().max(Number.MAX_SAFE_INTEGER) }),
        body: z.object({ published: z.boolean() }),
        errors: { 404: ['no_such_evaluation'] },
      },
      async ({ params, body, staff }) => {
        if (!(await publishEvaluation(db, params.id, body.published ? staff.name : null, now())))
          throw new ApiError(404, 'no_such_evaluation', '没有这条评价');
        return undefined;
      },
    ),
    route(
      {
        method: 'get',
        path: `${path}/pack.zip`,
        summary: 'What a third party evaluates a quarter or year by: method, figures, indicators and a sample without anybody in it',
        roles: analysts,
        query: packQuerySchema,
        produces: 'application/zip',
        errors: { ...tooMuch, 409: ['not_over'] },
      },
      async ({ query, response }) => {
        const made = readable(
          await evaluationPack({
            db,
            now: now(),
            items: items(),
            tree,
            halls: hallIds,
            city,
            ...query,
            departmentOf: (id) => itemOf(id)?.department,
          }),
        );
        if (made === 'bad_period' || made === 'not_over') throw new ApiError(409, 'not_over', '这段时间还没有结束，结束后再导出');
        // Every file is as old as every other: the bytes depend on nothing but the logs.
        const files = Object.fromEntries(made.map(({ name, content }) => [name, strToU8(content)]));
        response
          .type('application/zip')
          .attachment(`wenban-evaluation-${query.period}.zip`)
          .send(Buffer.from(zipSync(files, { mtime: '1980-01-01T00:00:00' })));
        return undefined;
      },
    ),
  ];

  async function resultOf(body: z.infer<typeof newEvaluationSchema>, span: { from: number; to: number }): Promise<EvaluationResult> {
    switch (body.kind) {
      case 'self': {
        const result = await scored(body.period);
        if (result === undefined) throw new ApiError(409, 'no_indicators', '知识包里没有指标体系（indicators.yaml）');
        return { kind: 'self', tree: result };
      }
      case 'satisfaction': {
        const { scores, count, satisfaction } = await ratingTotals(db, { since: span.from, until: span.to });
        return { kind: 'satisfaction', ratings: { scores: [...scores], count, satisfaction, followUps: await followUpsOf(db, span) } };
      }
      case 'third_party':
        return { kind: 'third_party', report: thirdPartySchema.parse(body) };
    }
  }
}

function spanIn(name: string): { from: number; to: number } {
  const span = spanOf(name);
  if (span === undefined) throw new ApiError(400, 'bad_request', 'period：应当是年份或季度');
  return span;
}

const manualLeaves = (tree: IndicatorTree | undefined) =>
  tree?.parts.flatMap(({ leaves }) => leaves.flatMap(({ id, name, manual }) => (manual ? [{ id, name, manual }] : []))) ?? [];

function view({ createdAt, publishedAt, ...one }: Evaluation): EvaluationView {
  return {
    ...one,
    createdAt: new Date(createdAt).toISOString(),
    publishedAt: publishedAt === null ? null : new Date(publishedAt).toISOString(),
  };
}
