/** Figures, gaps and quality for analysts: no personal data leaves through here. */
import { z } from 'zod';
import { breakdownOf } from '../../bot/insights/breakdown.ts';
import { csvOf } from '../../bot/insights/csv.ts';
import { type ConversationFacts, readFacts } from '../../bot/insights/facts.ts';
import type { Figure } from '../../bot/insights/figures.ts';
import { findGaps } from '../../bot/insights/gaps.ts';
import { readFigures } from '../../bot/insights/period-figures.ts';
import { inspect } from '../../bot/insights/quality.ts';
import { mask } from '../../bot/safety/mask.ts';
import { ApiError } from './errors.ts';
import { breakdownSchema, figureSchema, flagSchema, gapSchema, maskedLineSchema } from './insight-answers.ts';
import { periodSchema, readable, timesOf, tooMuch } from './insight-period.ts';
import { analysts } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema } from './schemas.ts';

export function insightRoutes({ database, itemOf, qualityWords }: Pick<DeskApiOptions, 'database' | 'itemOf' | 'qualityWords'>): Route[] {
  const { db } = database;
  const factsOf = async (query: z.infer<typeof periodSchema>): Promise<readonly ConversationFacts[]> =>
    readable(await readFacts(db, timesOf(query)));
  const figures = { method: 'get', roles: analysts, query: periodSchema, errors: tooMuch } as const;
  return [
    route(
      {
        ...figures,
        path: '/insights',
        summary: 'Figures of a period, each with its formula and conversations, and the same by day, channel, hour, department and item',
        response: z.object({ figures: z.array(figureSchema), breakdown: breakdownSchema }),
      },
      async ({ query }) => {
        const { facts, figures } = readable(await readFigures(db, timesOf(query)));
        const breakdown = breakdownOf(facts, (id) => itemOf(id)?.department);
        const items = breakdown.items.map((row) => ({ ...row, title: itemOf(row.itemId)?.title ?? row.itemId }));
        return { figures: [...figures], breakdown: { ...breakdown, items } };
      },
    ),
    route(
      { ...figures, path: '/insights.csv', summary: 'The figures as CSV (UTF-8 with a mark, for spreadsheets)', produces: 'text/csv' },
      async ({ query, response }) => {
        const { figures } = readable(await readFigures(db, timesOf(query)));
        response.type('text/csv').attachment(`wenban-${query.from}-${query.to}.csv`).send(fileOf(figures, query));
        return undefined;
      },
    ),
    route(
      { ...figures, path: '/insights/gaps', summary: 'Questions nobody could answer, masked and grouped', response: z.array(gapSchema) },
      async ({ query }) => findGaps(db, await factsOf(query)),
    ),
    route(
      { ...figures, path: '/insights/quality', summary: 'Quality flags on what staff wrote', response: z.array(flagSchema) },
      async ({ query }) =>
        (await inspect(db, timesOf(query), qualityWords)).map((flag) => ({ ...flag, at: new Date(flag.at).toISOString() })),
    ),
    route(
      {
        method: 'get',
        path: '/insights/conversations/{id}',
        summary: 'A conversation with every identifier masked',
        roles: analysts,
        params: z.object({ id: conversationIdSchema }),
        response: z.array(maskedLineSchema),
        errors: { 404: ['unknown_conversation'] },
      },
      async ({ params }) => {
        const rows = await db
          .selectFrom('activities')
          .select(['seq', 'body_json', 'created_at'])
          .where('conversation_id', '=', params.id)
          .where('type', '=', 'message')
          .orderBy('seq')
          .limit(1000)
          .execute();
        if (rows.length === 0) throw new ApiError(404, 'unknown_conversation', '没有这个对话');
        return rows.map((row) => {
          const {
            text = '',
            from,
            channelData,
          } = JSON.parse(row.body_json) as { text?: string; from: { role?: string }; channelData?: { origin?: string } };
          const speaker = from.role !== 'bot' ? 'citizen' : channelData?.origin === 'human' ? 'agent' : 'bot';
          return {
            seq: Number(row.seq),
            speaker: speaker as 'citizen' | 'agent' | 'bot',
            text: mask(text).text,
            at: new Date(Number(row.created_at)).toISOString(),
          };
        });
      },
    ),
  ];
}

/** Four places are more than any figure has. */
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(4)));

/** One line a figure. */
function fileOf(figures: readonly Figure[], { from, to, channel }: { from: string; to: string; channel?: string | undefined }): string {
  const lines = figures.map((figure) => [figure.id, figure.name, rounded(figure.value), figure.unit, figure.n, figure.formula]);
  const head = ['id', '指标', '数值', '单位', '样本数', '算法'];
  return csvOf([['period', `${from} – ${to}`, channel ?? '全部渠道'], head, ...lines]);
}
