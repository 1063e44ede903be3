/** A supervisor's view: every conversation that runs, and taking one over. Who looks is written down. */
import { z } from 'zod';
import { runningConversations } from '../../bot/handoff/running.ts';
import { runningEntrySchema, statusSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { looksAt } from './looks.ts';
import { supervisors } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema, takeOverSchema } from './schemas.ts';
import { runningView } from './views.ts';
import { visibleConversation } from './visible.ts';

export function superviseRoutes({ database, desk, now }: Pick<DeskApiOptions, 'database' | 'desk' | 'now'>): Route[] {
  const looks = looksAt({ database, now });
  return [
    route(
      {
        method: 'get',
        path: '/running',
        summary: 'Every conversation that waits for a person or has one, with its last words and its clock',
        roles: supervisors,
        response: z.array(runningEntrySchema),
      },
      async ({ staff }) => {
        const entries = await runningConversations(database.db);
        // The list shows last words: it counts as one look at all of them.
        if (entries.length > 0) await looks(staff.name, 'list_running', '*');
        return entries.map(runningView);
      },
    ),
    route(
      {
        method: 'post',
        path: '/conversations/{id}/take-over',
        summary: 'Take over what an agent has in hand; the agent and the citizen are told',
        roles: supervisors,
        params: z.object({ id: conversationIdSchema }),
        body: takeOverSchema,
        response: statusSchema,
        errors: { 404: ['unknown_conversation'], 409: ['not_active', 'yours'] },
      },
      async ({ params: { id }, body: { note }, staff }) => {
        await visibleConversation(database.db, id, staff);
        await looks(staff.name, 'take_over', id);
        const outcome = await desk.takeOver(id, staff.name, note);
        if (outcome === 'not_active') throw new ApiError(409, 'not_active', '这个对话现在没有人工在接待，不用接管');
        if (outcome === 'yours') throw new ApiError(409, 'yours', '这个对话已经在您手里');
        return { status: outcome };
      },
    ),
  ];
}
