/** Earlier conversations of the same person, on whatever channel they were proven to be the same; opened on demand, and written down. */
import { z } from 'zod';
import { matterOf } from '../../bot/handoff/summary.ts';
import { readActivities } from '../../bot/store/activities.ts';
import { type EarlierConversation, earlierConversations, isSamePerson } from '../../bot/store/same-person.ts';
import { activitySchema, earlierConversationSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { looksAt } from './looks.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema } from './schemas.ts';
import { visibleConversation } from './visible.ts';

const most = 20;
/** Of an earlier conversation: its beginning, as much as anybody reads. */
const mostActivities = 200;

export function historyRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  const { db } = database;
  const looks = looksAt({ database, now });
  const unknown = { 404: ['unknown_conversation'] };
  /** What the citizen wanted: from the summary, or the first thing they said. */
  const matter = async ({ conversationId, summary }: EarlierConversation): Promise<string> => {
    if (summary !== null) return matterOf(summary);
    const first = (await readActivities(db, conversationId, 0, 20)).find((one) => one.type === 'message' && one.from.role !== 'bot');
    return (first?.text ?? '').slice(0, 80);
  };
  return [
    route(
      {
        method: 'get',
        path: '/conversations/{id}/history',
        summary: 'Earlier conversations of the same person, newest first',
        roles: agents,
        params: z.object({ id: conversationIdSchema }),
        response: z.array(earlierConversationSchema),
        errors: unknown,
      },
      async ({ params: { id }, staff }) => {
        await visibleConversation(db, id, staff);
        await looks(staff.name, 'history', id);
        const earlier = await earlierConversations(db, id, most);
        return Promise.all(
          earlier.map(async (one) => ({
            conversationId: one.conversationId,
            channel: one.channel,
            startedAt: new Date(one.startedAt).toISOString(),
            updatedAt: new Date(one.updatedAt).toISOString(),
            matter: await matter(one),
            handoff: one.status,
            outcome: one.outcome,
            wrapUp: one.wrapUp,
          })),
        );
      },
    ),
    route(
      {
        method: 'get',
        path: '/conversations/{id}/history/{other}',
        summary: 'What was said in an earlier conversation of the same person',
        roles: agents,
        params: z.object({ id: conversationIdSchema, other: conversationIdSchema }),
        response: z.array(activitySchema),
        errors: unknown,
      },
      async ({ params: { id, other }, staff }) => {
        await visibleConversation(db, id, staff);
        if (!(await isSamePerson(db, id, other))) throw new ApiError(404, 'unknown_conversation', '没有这个对话，或者不是同一位市民的');
        await looks(staff.name, 'read_history', other);
        return readActivities(db, other, 0, mostActivities);
      },
    ),
  ];
}
