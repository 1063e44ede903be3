/** At the window: what a citizen collected in the chat, by the code they tell. Every look is written down. */
import { z } from 'zod';
import { findConversation } from '../../bot/store/conversations.ts';
import { openWindowCode } from '../../bot/store/window-codes.ts';
import { windowCaseSchema } from '../../bot/window/case.ts';
import { ApiError } from './errors.ts';
import { looksAt } from './looks.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

/** Eight digits, however they are grouped. */
const params = z.object({
  code: z
    .string()
    .max(20)
    .transform((typed) => typed.normalize('NFKC').replace(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{8}$/, '办理码是 8 位数字')),
});
const time = z.iso.datetime();

export const openedCaseSchema = windowCaseSchema.extend({
  code: z.string(),
  conversationId: z.string(),
  channel: z.string(),
  issuedAt: time,
  expiresAt: time,
});

export function windowRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  const looks = looksAt({ database, now });
  return [
    route(
      {
        method: 'get',
        path: '/window-codes/{code}',
        summary: 'What a citizen brings along from the chat: answers and materials, ready for other systems',
        roles: agents,
        params,
        response: openedCaseSchema,
        errors: { 404: ['unknown_code'] },
      },
      async ({ params: { code }, staff }) => {
        const found = await openWindowCode(database.db, code, staff.name, now());
        const conversation = found && (await findConversation(database.db, found.conversationId));
        if (!found || !conversation) throw new ApiError(404, 'unknown_code', '没有这个办理码，或者已经过期。请市民在对话里再要一个');
        await looks(staff.name, 'window_case', conversation.id);
        return {
          ...windowCaseSchema.parse(JSON.parse(found.caseJson)),
          code,
          conversationId: conversation.id,
          channel: conversation.channel,
          issuedAt: new Date(found.issuedAt).toISOString(),
          expiresAt: new Date(found.expiresAt).toISOString(),
        };
      },
    ),
  ];
}
