/** Remote assistance (远程帮办, R-063): guided flows an agent can invite to, and the invitation itself. */
import { z } from 'zod';
import { inviteEvent } from '../../bot/handoff/together.ts';
import { shownNameOf } from '../../bot/store/staff-names.ts';
import { ApiError } from './errors.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema } from './schemas.ts';
import { visibleConversation } from './visible.ts';

/** What of the dialogue core an invitation needs. */
export interface Together {
  /** Guided flows as they are now. */
  readonly flows: () => readonly { readonly id: string; readonly name: string }[];
  /** Puts an event before the turn; said twice with one `messageId` it is said once. */
  readonly tellTurn: (
    conversationId: string,
    messageId: string,
    event: { name: string; value: unknown; from: { id: string; name: string; role: 'bot' } },
  ) => Promise<void>;
}

const inviteSchema = z.strictObject({
  flow: z.string().min(1).max(120),
  /** Made by the client: sent twice, the citizen is asked once. */
  messageId: z.string().min(1).max(64),
});

export function togetherRoutes({ database, desk, together }: Pick<DeskApiOptions, 'database' | 'desk'> & { together: Together }): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/together/flows',
        summary: 'Guided flows an agent can invite a citizen to fill in together',
        roles: agents,
        response: z.array(z.object({ id: z.string(), name: z.string() })),
      },
      () => together.flows().map(({ id, name }) => ({ id, name })),
    ),
    route(
      {
        method: 'post',
        path: '/conversations/{id}/together',
        summary: 'Invite the citizen to fill in a guided flow together; nothing begins without their yes',
        roles: agents,
        params: z.object({ id: conversationIdSchema }),
        body: inviteSchema,
        errors: { 404: ['unknown_conversation', 'unknown_flow'], 409: ['not_yours'] },
      },
      async ({ params: { id }, body: { flow, messageId }, staff }) => {
        await visibleConversation(database.db, id, staff);
        if (!together.flows().some((one) => one.id === flow)) throw new ApiError(404, 'unknown_flow', '没有这个办事流程');
        if (!(await desk.holds(id, staff.name))) throw new ApiError(409, 'not_yours', '这个对话不在您手里');
        const { shown: name } = await shownNameOf(database.db, staff.name);
        await together.tellTurn(id, messageId, {
          name: inviteEvent,
          value: { flow, agent: name },
          from: { id: 'agent', name, role: 'bot' },
        });
        return undefined;
      },
    ),
  ];
}
