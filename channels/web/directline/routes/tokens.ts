/** POST tokens/generate, tokens/refresh and tokens/resume. */
import express, { Router } from 'express';
import { z } from 'zod';
import { channelAccountSchema } from '../../../../bot/activity.ts';
import { bearer, isSecret, readClaims } from '../auth.ts';
import { requireConversation } from '../conversation.ts';
import { badArgument, DirectLineError } from '../errors.ts';
import { grantTo, withStream } from '../grant.ts';
import type { Context } from '../options.ts';
import { jsonProblem } from '../plain-json.ts';
import type { Throttles } from '../throttle.ts';
import { parseWatermark } from '../watermark.ts';

export const startSchema = z.object({
  user: channelAccountSchema.pick({ id: true, name: true }).partial().optional(),
  locale: z.string().max(35).optional(),
});
export type StartBody = z.infer<typeof startSchema>;

/** Reads the optional body of tokens/generate and POST conversations. Throws DirectLineError 400 naming the field. */
export function parseStart(body: unknown): StartBody {
  const problem = jsonProblem(body);
  if (problem) throw badArgument(problem);
  const parsed = startSchema.safeParse(body ?? {});
  if (!parsed.success) throw badArgument(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  return parsed.data;
}

/** An id for somebody who has none. Microsoft reserves the prefix `dl_` for ids that the server vouches for. */
export const newUserId = (context: Context): string => `dl_${context.newId()}`;

/**
 * - generate → a new conversation's tokens. With DIRECTLINE_SECRET only for its holder, whose `user.id` is believed. Without it for
 *   anybody whom the origin check let through, always with a user id of our own making: an anonymous page must not pass for somebody else.
 * - refresh → a new token for one that has not expired yet.
 * - resume → new tokens for a `resumeToken` (in the body, or as bearer) of the last 30 days, with the stream address; `watermark` in the body says
 *   from where the stream continues.
 */
export function tokenRoutes(context: Context, throttles: Throttles): Router {
  const router = Router();
  const json = express.json({ limit: context.limits.bodyBytes });

  router.post('/tokens/generate', throttles.starts, json, (request, response) => {
    const credential = bearer(request);
    const trusted = isSecret(context, credential);
    if (context.secret && !trusted) {
      throw credential === undefined
        ? new DirectLineError(401, 'MissingSecret', 'send Authorization: Bearer <secret>')
        : new DirectLineError(403, 'BadSecret', 'tokens are generated with the secret only');
    }
    const { user } = parseStart(request.body);
    const userId = (trusted && user?.id) || newUserId(context);
    response.json(grantTo(context, { conversationId: context.newId(), userId, origin: request.headers.origin }));
  });

  router.post('/tokens/refresh', throttles.starts, (request, response) => {
    const { conv, user, origin } = readClaims(context, request, bearer(request), 'talk');
    response.json(grantTo(context, { conversationId: conv, userId: user, origin }));
  });

  router.post('/tokens/resume', throttles.starts, json, async (request, response) => {
    const given: unknown = request.body?.resumeToken ?? bearer(request);
    if (given !== undefined && typeof given !== 'string') throw badArgument('resumeToken: must be text');
    const { conv, user, origin } = readClaims(context, request, given, 'resume');
    const watermark = parseWatermark(request.body?.watermark);
    await requireConversation(context, conv);
    response.json(withStream(context, request, grantTo(context, { conversationId: conv, userId: user, origin }), watermark));
  });

  return router;
}
