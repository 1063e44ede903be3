/** POST conversations (start) and GET conversations/:id (reconnect). */
import express, { Router } from 'express';
import { authorize, callerOf, identify } from '../auth.ts';
import { requireConversation } from '../conversation.ts';
import { DirectLineError } from '../errors.ts';
import { grantTo, withStream } from '../grant.ts';
import { type Context, WEB_CHANNEL } from '../options.ts';
import type { Throttles } from '../throttle.ts';
import { parseWatermark } from '../watermark.ts';
import { newUserId, parseStart } from './tokens.ts';

/**
 * Starting is idempotent for a token, which names its conversation: 201 the first time, 200 after. The secret's holder gets a
 * new conversation each time. Reconnecting gives a new token and the stream address that continues after `watermark`.
 */
export function conversationRoutes(context: Context, throttles: Throttles): Router {
  const router = Router();

  router.post('/conversations', throttles.starts, express.json({ limit: context.limits.bodyBytes }), async (request, response) => {
    const caller = identify(context, request);
    const { user, locale } = parseStart(request.body);
    const holder =
      caller.kind === 'token'
        ? { conversationId: caller.claims.conv, userId: caller.claims.user, origin: caller.claims.origin }
        : { conversationId: context.newId(), userId: user?.id || newUserId(context), origin: undefined };
    const { created } = await context.core.openConversation({
      id: holder.conversationId,
      channel: WEB_CHANNEL,
      userId: holder.userId,
      ...(locale ? { locale } : {}),
      ...(user?.name ? { profile: { name: user.name } } : {}),
    });
    response.status(created ? 201 : 200).json(withStream(context, request, grantTo(context, holder), 0));
  });

  router.get('/conversations/:conversationId', authorize(context), throttles.reads, async (request, response) => {
    const caller = callerOf(response);
    const watermark = parseWatermark(request.query.watermark);
    const conversationId = String(request.params.conversationId);
    const conversation = await requireConversation(context, conversationId);
    const holder =
      caller.kind === 'token'
        ? { conversationId, userId: caller.claims.user, origin: caller.claims.origin }
        : { conversationId, userId: conversation.userId, origin: undefined };
    response.json(withStream(context, request, grantTo(context, holder), watermark));
  });

  router.get('/conversations/:conversationId/stream', () => {
    throw new DirectLineError(426, 'UpgradeRequired', 'this address speaks WebSocket only');
  });

  return router;
}
