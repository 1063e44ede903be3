/** Knowledge at an agent's hand: the same published items and words the bot answers from. */
import { z } from 'zod';
import { foundAnswerSchema } from './answers.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { lookUpQuerySchema } from './schemas.ts';

const mostAnswers = 6;

export function assistRoutes({ lookUp }: Pick<DeskApiOptions, 'lookUp'>): Route[] {
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
  ];
}
