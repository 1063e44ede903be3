/** Kill switches for administrators: what is off, and switching it, with a reason that stays on record. */
import { z } from 'zod';
import { flipSwitch, type SwitchEvent, switchHistory, switchStates } from '../../bot/store/switches.ts';
import { plainText } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const admins = ['admin'] as const;
const eventSchema = z.object({
  name: z.string(),
  state: z.enum(['on', 'off']),
  reason: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
});
const view = (event: SwitchEvent) => ({ ...event, at: new Date(event.at).toISOString() });

/** GET /admin/switches, PUT /admin/switches/{name}. */
export function switchRoutes({ database, now, switchNames = ['model'] }: DeskApiOptions): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/admin/switches',
        summary: 'What can be switched off, what is off, and the last switchings',
        roles: admins,
        response: z.object({ names: z.array(z.string()), states: z.array(eventSchema), history: z.array(eventSchema) }),
      },
      async () => ({
        names: [...switchNames],
        states: (await switchStates(database.db)).map(view),
        history: (await switchHistory(database.db, 50)).map(view),
      }),
    ),
    route(
      {
        method: 'put',
        path: '/admin/switches/{name}',
        summary: 'Switch the language model or a channel off or on; in force everywhere within seconds',
        roles: admins,
        params: z.object({ name: z.string() }),
        body: z.object({ state: z.enum(['on', 'off']), reason: plainText(200) }),
        errors: { 404: ['no_such_switch'] },
      },
      async ({ params, body, staff }) => {
        if (!switchNames.includes(params.name)) throw new ApiError(404, 'no_such_switch', '没有这个开关');
        await flipSwitch(database.db, { name: params.name, ...body, actor: staff.name, at: now() });
        return undefined;
      },
    ),
  ];
}
