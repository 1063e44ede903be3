/** Reports for those who run the service and decide by it: checks of orders, topics by district, what rises, availability, demand (R-020, 090, 151, 156, 163). */
import { z } from 'zod';
import { audit } from '../../bot/insights/audit.ts';
import { csvOf } from '../../bot/insights/csv.ts';
import { readFacts } from '../../bot/insights/facts.ts';
import { backMs, forecast } from '../../bot/insights/forecast.ts';
import { type PlacedMatter, readPlacedMatters } from '../../bot/insights/matters.ts';
import { findRising } from '../../bot/insights/rising.ts';
import { serviceReport } from '../../bot/insights/service.ts';
import { LEAST_SHOWN, timeUnits, topicKinds, topicReport, wholeUnits } from '../../bot/insights/topics.ts';
import { ApiError } from './errors.ts';
import { periodSchema, readable, timesOf, tooMuch } from './insight-period.ts';
import { analysts } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const time = z.iso.datetime();
const share = z.number().nullable();
const hours = z.number().nullable();
const mostFlags = 200;

const auditSchema = z.object({
  orders: z.int(),
  rounds: z.int(),
  answered: z.int(),
  late: z.int(),
  moved: z.int(),
  promisedHours: hours,
  actualHours: hours,
  flagged: z.int(),
  flags: z.array(
    z.object({
      kind: z.enum(['late', 'beyond_authority', 'out_of_order']),
      order: z.string(),
      department: z.string().nullable(),
      seq: z.int(),
      words: z.string(),
      at: time,
    }),
  ),
});

const topicQuerySchema = periodSchema.safeExtend({
  by: z.enum(topicKinds).default('department'),
  every: z.enum(timeUnits).default('month'),
});
const topicsSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  leastShown: z.int(),
  hidden: z.int(),
  untold: z.int(),
  cells: z.array(z.object({ topic: z.string(), district: z.string().nullable(), time: z.string(), count: z.int().nullable() })),
});

const risingSchema = z.object({
  /** Null until the store holds five weeks. */
  rising: z
    .array(z.object({ item: z.string(), title: z.string(), department: z.string().nullable(), recent: z.int(), usual: z.number() }))
    .nullable(),
});

const serviceSchema = z.object({
  availability: share,
  minutes: z.int(),
  parts: z.array(z.object({ kind: z.string(), incidents: z.int(), minutes: z.int(), overdue: z.int() })),
  turns: z.int(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  failed: z.int(),
});

export type AuditView = z.infer<typeof auditSchema>;
export type TopicsView = z.infer<typeof topicsSchema>;
export type RisingView = z.infer<typeof risingSchema>;
export type ServiceView = z.infer<typeof serviceSchema>;

type Options = Pick<DeskApiOptions, 'database' | 'now' | 'itemOf' | 'place' | 'work'>;
const dayMs = 86_400_000;
const chinaDay = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
const noDistrict = '没有说到区县';

export function reportRoutes({ database, now, itemOf, place, work }: Options): Route[] {
  const { db } = database;
  const report = { method: 'get', roles: analysts } as const;
  const titled = (id: string) => itemOf(id)?.title ?? id;
  const topicsOf = async ({ by, every, ...period }: z.infer<typeof topicQuerySchema>): Promise<z.infer<typeof topicsSchema>> => {
    const span = wholeUnits(timesOf(period), every);
    const matters: PlacedMatter[] = readable(await readPlacedMatters(db, { ...span, channel: period.channel }, place?.districts ?? []));
    const named = by === 'item' ? matters.map((one) => ({ ...one, item: one.item === null ? null : titled(one.item) })) : matters;
    const { cells, hidden, untold } = topicReport(named, by, every);
    return { from: chinaDay(span.from), to: chinaDay(span.to - dayMs), leastShown: LEAST_SHOWN, hidden, untold, cells: [...cells] };
  };
  return [
    route(
      {
        ...report,
        path: '/insights/audit',
        summary: 'Work orders of a period: promised time beside the real one, and steps that were late, not allowed or out of order',
        query: periodSchema,
        response: auditSchema,
      },
      async ({ query }) => {
        const { flags, ...found } = await audit(db, timesOf(query), now());
        const shown = flags.slice(0, mostFlags).map((flag) => ({ ...flag, at: new Date(flag.at).toISOString() }));
        return { ...found, flagged: flags.length, flags: shown };
      },
    ),
    route(
      {
        ...report,
        path: '/insights/topics',
        summary: 'Topic × district × time in whole weeks or months, small numbers hidden',
        query: topicQuerySchema,
        response: topicsSchema,
        errors: tooMuch,
      },
      async ({ query }) => topicsOf(query),
    ),
    route(
      {
        ...report,
        path: '/insights/topics.csv',
        summary: 'The same as a file that may leave the house: no person, no word of anybody, small numbers hidden',
        query: topicQuerySchema,
        produces: 'text/csv',
        errors: tooMuch,
      },
      async ({ query, response }) => {
        const { from, to, cells } = await topicsOf(query);
        const rows = cells.map((cell) => [cell.time, cell.topic, cell.district ?? noDistrict, cell.count ?? `少于 ${LEAST_SHOWN}`]);
        const about = [`${from} – ${to}`, `少于 ${LEAST_SHOWN} 件的不列数，也不给合计`];
        response
          .type('text/csv')
          .attachment(`wenban-topics-${from}-${to}.csv`)
          .send(csvOf([about, ['时间', '主题', '区县', '件数'], ...rows]));
        return undefined;
      },
    ),
    route(
      {
        ...report,
        path: '/insights/rising',
        summary: 'Topics that rose above their usual level within the last seven days',
        response: risingSchema,
      },
      async () => {
        const found = await findRising(db, now());
        if (found === 'too_young') return { rising: null };
        return { rising: found.map((one) => ({ ...one, title: titled(one.item), department: itemOf(one.item)?.department ?? null })) };
      },
    ),
    route(
      {
        ...report,
        path: '/insights/service',
        summary: 'How available the service was in a period, what was out of order how long, and how fast answers came',
        query: periodSchema,
        response: serviceSchema,
      },
      async ({ query }) => {
        const { parts, ...found } = await serviceReport(db, timesOf(query), now());
        return { ...found, parts: [...parts] };
      },
    ),
    ...(work
      ? [
          route(
            {
              ...report,
              path: '/insights/forecast.csv',
              summary: 'How many conversations to expect in each hour of the next 28 days, from the last eight weeks',
              produces: 'text/csv',
              errors: { ...tooMuch, 409: ['too_little'] },
            },
            async ({ response }) => {
              const at = now();
              const facts = readable(await readFacts(db, { from: at - backMs, to: at }));
              const moments = facts.map(({ startedAt }) => startedAt);
              const begun = await db.selectFrom('turns').select('created_at').orderBy('created_at').limit(1).executeTakeFirst();
              const found = forecast(moments, begun ? Number(begun.created_at) : at, at, work.orders.calendars.office);
              if (found === 'too_little') throw new ApiError(409, 'too_little', '数据不足三周，还不能预测');
              const { past } = found;
              const checked = past
                ? `用同样的办法倒测最近 ${past.days} 天：平均每天 ${past.meanPerDay.toFixed(1)} 个，误差平均 ${past.meanErrorPerDay.toFixed(1)} 个`
                : '数据不足七周，还没有倒测过准不准';
              const rows = found.hours.map((one) => [
                one.day,
                one.hour,
                one.working ? '工作日' : '休息日',
                Number(one.expected.toFixed(2)),
                one.least,
                one.most,
                one.days,
              ]);
              response
                .type('text/csv')
                .attachment(`wenban-forecast-${chinaDay(at)}.csv`)
                .send(csvOf([[checked], ['日期', '时（起）', '日子', '预计对话数', '往日最少', '往日最多', '参照天数'], ...rows]));
              return undefined;
            },
          ),
        ]
      : []),
  ];
}
