/** Who serves which queue and department, who looked at what, and what ratings say. */
import { z } from 'zod';
import { ratedConversations, ratingFigures, ratingGroups, ratingTotals } from '../../bot/store/ratings-statistics.ts';
import { findStaff, listStaff } from '../../bot/store/staff.ts';
import { listAccess } from '../../bot/store/staff-access.ts';
import { profileOf, putProfile, type StaffProfile } from '../../bot/store/staff-profiles.ts';
import { followUpCounts } from '../../bot/store/work-orders-follow-ups.ts';
import { meanAnswerTime, workOrderActionCounts, workOrderFigures } from '../../bot/store/work-orders-statistics.ts';
import { plainText } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import { agents, analysts } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const supervisors = ['supervisor', 'admin'] as const;
const word = plainText(60);
const presence = z.enum(['manual', 'auto', 'away']);
const profileFields = {
  skills: z.array(word).max(20),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .min(1)
    .max(10),
  department: word.nullable(),
  capacity: z.int().min(1).max(9),
};
const profileSchema = z.object({ name: z.string(), ...profileFields, presence });
const time = z.iso.datetime();
const figuresSchema = z.object({
  count: z.int(),
  scores: z.array(z.int()),
  average: z.number().nullable(),
  satisfaction: z.number().nullable(),
  bad: z.number().nullable(),
});
const DAY_MS = 86_400_000;
const periodFields = { since: time.optional(), until: time.optional() };

export function peopleRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  const { db } = database;
  const period = ({ since, until }: { since?: string | undefined; until?: string | undefined }) => {
    const end = until === undefined ? now() + 1 : Date.parse(until);
    const begin = since === undefined ? end - 30 * DAY_MS : Date.parse(since);
    if (begin >= end) throw new ApiError(400, 'bad_request', 'since：应当早于 until');
    return { since: begin, until: end };
  };
  const view = ({ name, skills, languages, department, presence: now, capacity }: StaffProfile) => ({
    name,
    skills: [...skills],
    languages: [...languages],
    department,
    presence: now,
    capacity,
  });
  return [
    route(
      {
        method: 'get',
        path: '/me/profile',
        summary: 'My queues, languages, department and presence',
        roles: agents,
        response: profileSchema,
      },
      async ({ staff }) => view(await profileOf(db, staff.name)),
    ),
    route(
      {
        method: 'put',
        path: '/me/presence',
        summary: 'manual: I take from the queue · auto: give me conversations · away',
        roles: agents,
        body: z.object({ presence }),
        response: profileSchema,
      },
      async ({ body, staff }) => {
        const profile = { ...(await profileOf(db, staff.name)), presence: body.presence };
        await putProfile(db, profile, now());
        return view(profile);
      },
    ),
    route(
      {
        method: 'get',
        path: '/staff',
        summary: 'Everybody with queues, languages and department',
        roles: supervisors,
        response: z.array(profileSchema.extend({ role: z.string() })),
      },
      async () => Promise.all((await listStaff(db)).map(async ({ name, role }) => ({ role, ...view(await profileOf(db, name)) }))),
    ),
    route(
      {
        method: 'put',
        path: '/staff/{name}/profile',
        summary: 'Set queues, languages, department and capacity of somebody',
        roles: supervisors,
        params: z.object({ name: word }),
        body: z.object(profileFields),
        response: profileSchema,
        errors: { 404: ['unknown_staff'] },
      },
      async ({ params: { name }, body }) => {
        if ((await findStaff(db, name)) === undefined) throw new ApiError(404, 'unknown_staff', '没有这个账号');
        const profile = { ...(await profileOf(db, name)), ...body };
        await putProfile(db, profile, now());
        return view(profile);
      },
    ),
    route(
      {
        method: 'get',
        path: '/access',
        summary: 'Who looked at what, newest first',
        roles: supervisors,
        query: z.object({
          staff: word.optional(),
          kind: z.enum(['work_order', 'conversation', 'rating']).optional(),
          target: plainText(256).optional(),
          before: z
            .string()
            .regex(/^\d{1,15}$/)
            .transform(Number)
            .optional(),
        }),
        response: z.array(z.object({ id: z.int(), staff: z.string(), action: z.string(), kind: z.string(), target: z.string(), at: time })),
      },
      async ({ query }) => (await listAccess(db, { ...query, limit: 200 })).map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
    ),
    route(
      {
        method: 'get',
        path: '/ratings/statistics',
        summary: 'Ratings by channel, agent, flow, knowledge item or department; the last 30 days unless told',
        roles: analysts,
        query: z.object({ by: z.enum(ratingGroups), ...periodFields }),
        response: z.object({
          by: z.enum(ratingGroups),
          since: time,
          until: time,
          totals: figuresSchema,
          groups: z.array(figuresSchema.extend({ value: z.string() })),
        }),
      },
      async ({ query }) => {
        const span = period(query);
        const totals = await ratingTotals(db, span);
        const groups = await ratingFigures(db, query.by, span);
        const plain = <T extends { scores: readonly number[] }>(one: T) => ({ ...one, scores: [...one.scores] });
        return {
          by: query.by,
          since: new Date(span.since).toISOString(),
          until: new Date(span.until).toISOString(),
          totals: plain(totals),
          groups: groups.map(plain),
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/work-orders-statistics',
        summary: 'Work orders of a period: by department, in time, actions, time to the first answer, follow-ups',
        roles: analysts,
        query: z.object(periodFields),
        response: z.object({
          since: time,
          until: time,
          departments: z.array(
            z.object({ department: z.string(), received: z.int(), answered: z.int(), inTime: z.number().nullable(), late: z.int() }),
          ),
          actions: z.record(z.string(), z.int()),
          meanHoursToAnswer: z.number().nullable(),
          followUps: z.array(z.object({ status: z.string(), verdict: z.string().nullable(), count: z.int() })),
        }),
      },
      async ({ query }) => {
        const span = period(query);
        const mean = await meanAnswerTime(db, span);
        return {
          since: new Date(span.since).toISOString(),
          until: new Date(span.until).toISOString(),
          departments: await workOrderFigures(db, span),
          actions: await workOrderActionCounts(db, span),
          meanHoursToAnswer: mean === null ? null : mean / 3_600_000,
          followUps: await followUpCounts(db, span.since),
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/ratings/statistics/conversations',
        summary: 'The conversations behind a figure, newest first',
        roles: analysts,
        query: z.object({ by: z.enum(ratingGroups), value: plainText(256), ...periodFields }),
        response: z.array(z.object({ conversationId: z.string(), score: z.int() })),
      },
      async ({ query }) => ratedConversations(db, query.by, query.value, period(query), 200),
    ),
  ];
}
