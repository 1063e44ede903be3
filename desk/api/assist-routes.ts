/** Knowledge at an agent's hand: the same published items and words the bot answers from. */
import { z } from 'zod';
import { DAY_MS } from '../../bot/calendar/china-day.ts';
import { lastQuestion } from '../../bot/handoff/summary.ts';
import { lastActivities } from '../../bot/store/activities.ts';
import { replyDraftFigures } from '../../bot/store/reply-drafts.ts';
import { foundAnswerSchema } from './answers.ts';
import { agents, analysts } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema, lookUpQuerySchema } from './schemas.ts';
import { visibleConversation } from './visible.ts';

const mostAnswers = 6;
/** So far back a question is looked for. */
const lookBack = 50;
const longestQuestion = 300;

export function assistRoutes({ lookUp, database, now }: Pick<DeskApiOptions, 'lookUp' | 'database' | 'now'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/knowledge/search',
        summary: 'Ready, cited answers for a question, best first; nothing is sent to anybody',
        roles: agents,
        query: lookUpQuerySchema,
        response: z.array(foundAnswerSchema),
      },
      async ({ query: { q } }) => [...(await lookUp(q, mostAnswers))],
    ),
    route(
      {
        method: 'get',
        path: '/suggestions/figures',
        summary:
          'How many drafts were sent in the last 30 days, how many as they were, and how like the sent words are to the draft (R-136)',
        roles: analysts,
        response: z.object({ sent: z.int(), unchanged: z.int(), similarity: z.number().nullable() }),
      },
      async () => replyDraftFigures(database.db, now() - 30 * DAY_MS),
    ),
    route(
      {
        method: 'get',
        path: '/conversations/{id}/suggestion',
        summary: 'A draft of an answer to what the citizen asked last, from the published knowledge; nothing is sent to anybody',
        roles: agents,
        params: z.object({ id: conversationIdSchema }),
        response: z.array(foundAnswerSchema).max(1),
        errors: { 404: ['unknown_conversation'] },
      },
      async ({ params: { id }, staff }) => {
        await visibleConversation(database.db, id, staff);
        const asked = lastQuestion(await lastActivities(database.db, id, lookBack));
        return asked === undefined ? [] : [...(await lookUp(asked.slice(0, longestQuestion), 1))];
      },
    ),
  ];
}
