/** What was out of order, and what the evaluations said: for the operators' screen. */
import { z } from 'zod';
import { evaluationRuns } from '../../bot/store/evaluation-runs.ts';
import { type Incident, listIncidents, noteIncident } from '../../bot/store/incidents.ts';
import { plainText } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import { supervisors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const time = z.iso.datetime();
const incidentSchema = z.object({
  id: z.int(),
  /** A part of the server, or `channel:<name>`. */
  kind: z.string(),
  detail: z.string(),
  begunAt: time,
  dueAt: time,
  overdue: z.boolean(),
  endedAt: time.nullable(),
  /** Null with an end: it ended by itself. */
  endedBy: z.string().nullable(),
  cause: z.string().nullable(),
  notedBy: z.string().nullable(),
});
export type IncidentView = z.infer<typeof incidentSchema>;

const evaluationSchema = z.object({
  period: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  startedAt: time,
  finishedAt: time.nullable(),
  error: z.string().nullable(),
  suites: z.array(z.object({ name: z.string(), passed: z.boolean().nullable(), metrics: z.record(z.string(), z.number()) })),
});
export type EvaluationView = z.infer<typeof evaluationSchema>;

const shown = 50;
const iso = (at: number): string => new Date(at).toISOString();

/** GET /admin/incidents, PUT /admin/incidents/{id}, GET /admin/evaluations. */
export function incidentRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/admin/incidents',
        summary: 'What was out of order: since when, until when to be settled, why, how it ended; open ones first',
        roles: supervisors,
        response: z.array(incidentSchema),
      },
      async () => (await listIncidents(database.db, shown)).map((one) => view(one, now())),
    ),
    route(
      {
        method: 'put',
        path: '/admin/incidents/{id}',
        summary: 'Write down the cause of an incident, and close it; what is still out of order begins a new one',
        roles: supervisors,
        params: z.object({ id: z.coerce.number().int().max(Number.MAX_SAFE_INTEGER) }),
        body: z.object({ cause: plainText(500), close: z.boolean().default(false) }),
        errors: { 404: ['no_such_incident'] },
      },
      async ({ params, body, staff }) => {
        const note = { cause: body.cause, actor: staff.name, end: body.close };
        if (!(await noteIncident(database.db, params.id, note, now()))) throw new ApiError(404, 'no_such_incident', '没有这条故障记录');
        return undefined;
      },
    ),
    route(
      {
        method: 'get',
        path: '/admin/evaluations',
        summary: 'The evaluations that ran by themselves, newest first: suites, whether they passed, figures',
        roles: supervisors,
        response: z.array(evaluationSchema),
      },
      async () =>
        (await evaluationRuns(database.db)).slice(0, shown).map(({ period, status, startedAt, finishedAt, error, metrics }) => ({
          period,
          status,
          startedAt: iso(startedAt),
          finishedAt: finishedAt === null ? null : iso(finishedAt),
          error,
          suites: suitesOf(metrics),
        })),
    ),
  ];
}

function view({ id, kind, detail, begunAt, dueAt, endedAt, endedBy, cause, notedBy }: Incident, now: number): IncidentView {
  return {
    id,
    kind,
    detail,
    begunAt: iso(begunAt),
    dueAt: iso(dueAt),
    overdue: (endedAt ?? now) > dueAt,
    endedAt: endedAt === null ? null : iso(endedAt),
    endedBy,
    cause,
    notedBy,
  };
}

/** `suite metric` → value, by suite; `passed` is kept as 1 or 0. */
function suitesOf(metrics: Readonly<Record<string, number>>): EvaluationView['suites'] {
  const suites = new Map<string, Record<string, number>>();
  for (const [key, value] of Object.entries(metrics)) {
    const at = key.lastIndexOf(' ');
    const suite = suites.get(key.slice(0, at)) ?? {};
    suite[key.slice(at + 1)] = value;
    suites.set(key.slice(0, at), suite);
  }
  return [...suites].map(([name, { passed, ...rest }]) => ({ name, passed: passed === undefined ? null : passed === 1, metrics: rest }));
}
