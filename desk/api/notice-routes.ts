/** What I have to be told, how soon I should act, and the name citizens see for me. */
import { z } from 'zod';
import { deskLimitsSchema } from '../../bot/calendar/schema.ts';
import { setShownName, shownNameOf } from '../../bot/store/staff-names.ts';
import { noticeSeen, unseenNotices } from '../../bot/store/staff-notices.ts';
import { deskSettingsSchema, staffNoticeSchema } from './answers.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { idSchema, shownNameSchema } from './schemas.ts';

export function noticeRoutes({ database, now, limits }: Pick<DeskApiOptions, 'database' | 'now' | 'limits'>): Route[] {
  const { db } = database;
  const { firstResponse, answer, accept } = limits ?? deskLimitsSchema.parse({});
  const settings = async (name: string) => {
    const { shown, standard } = await shownNameOf(db, name);
    const seconds = { firstResponseSeconds: firstResponse * 60, answerSeconds: answer * 60, acceptSeconds: accept * 60 };
    return { ...seconds, shownName: shown, standardName: standard };
  };
  return [
    route(
      { method: 'get', path: '/notices', summary: 'What I have not seen yet', roles: agents, response: z.array(staffNoticeSchema) },
      async ({ staff }) =>
        (await unseenNotices(db, staff.name)).map((one) => ({ ...one, createdAt: new Date(one.createdAt).toISOString() })),
    ),
    route(
      { method: 'post', path: '/notices/{id}/seen', summary: 'I have seen it', roles: agents, params: z.object({ id: idSchema }) },
      async ({ params: { id }, staff }) => {
        await noticeSeen(db, staff.name, id, now());
        return undefined;
      },
    ),
    route(
      {
        method: 'get',
        path: '/desk-settings',
        summary: 'Time limits of the desk, and the name citizens see for me',
        roles: agents,
        response: deskSettingsSchema,
      },
      async ({ staff }) => settings(staff.name),
    ),
    route(
      {
        method: 'put',
        path: '/shown-name',
        summary: 'Choose the name citizens see; null: 人工客服 and my number',
        roles: agents,
        body: shownNameSchema,
        response: deskSettingsSchema,
      },
      async ({ body, staff }) => {
        await setShownName(db, staff.name, body.name);
        return settings(staff.name);
      },
    ),
  ];
}
