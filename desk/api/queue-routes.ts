/** What waits, what is mine, who is here, and the live news of it. */
import { z } from 'zod';
import { ON_DUTY_MS } from '../../bot/handoff/desk.ts';
import { staffSeenSince } from '../../bot/store/staff.ts';
import { activeEntrySchema, colleaguesSchema, queueEntrySchema } from './answers.ts';
import { eventStream } from './events.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { activeView, queueView } from './views.ts';

/** Transfer targets when the knowledge pack names none. Source: R-052. */
const defaultSkills = ['公积金', '人社', '医保', '法律'];

export function queueRoutes(options: DeskApiOptions): Route[] {
  const { database, desk, now } = options;
  const skills = [...new Set(['general', ...(options.skills ?? defaultSkills)])];
  const stream = eventStream(options);
  return [
    route(
      {
        method: 'get',
        path: '/queue',
        summary: 'Conversations that wait for a person, first to be taken first',
        roles: agents,
        response: z.array(queueEntrySchema),
      },
      async () => (await desk.queue()).map(queueView),
    ),
    route(
      {
        method: 'get',
        path: '/mine',
        summary: 'Conversations in my hands, and those offered to me',
        roles: agents,
        response: z.array(activeEntrySchema),
      },
      async ({ staff }) => (await desk.mine(staff.name)).map(activeView),
    ),
    route(
      {
        method: 'get',
        path: '/colleagues',
        summary: 'To whom a conversation can be passed on',
        roles: agents,
        response: colleaguesSchema,
      },
      async ({ staff: me }) => {
        const seen = await staffSeenSince(database.db, now() - ON_DUTY_MS);
        return { agents: seen.filter(({ name, role }) => name !== me.name && agents.includes(role)).map(({ name }) => name), skills };
      },
    ),
    route(
      {
        method: 'get',
        path: '/events',
        summary: 'Server-sent events: queue, appended {conversationId, seq}, typing {conversationId}, note {conversationId}, told',
        roles: agents,
        produces: 'text/event-stream',
        errors: { 429: ['too_many_streams'], 503: ['closing'] },
      },
      async ({ request, response }) => stream(request, response, () => undefined) as undefined,
    ),
  ];
}
