/** GET and POST conversations/:id/activities. */
import express, { Router } from 'express';
import type { IncomingActivity } from '../../../../bot/activity.ts';
import { authorize, type Caller, callerOf } from '../auth.ts';
import { requireConversation } from '../conversation.ts';
import { badArgument, DirectLineError, notFound } from '../errors.ts';
import { type ParsedActivity, parseActivity, requireContent } from '../incoming.ts';
import type { Context } from '../options.ts';
import { presentLogged } from '../present.ts';
import type { Throttles } from '../throttle.ts';
import { uploadIdOf } from '../uploads/link.ts';
import { parseWatermark } from '../watermark.ts';

const JSON_TYPES = ['application/json', 'application/*+json', 'application/vnd.microsoft.activity'];

/** The user id that a token vouches for; undefined lets the secret's holder name the user. */
export const vouchedUser = (caller: Caller): string | undefined => (caller.kind === 'token' ? caller.claims.user : undefined);

/**
 * Hands a message to the core, once per client id. Answers the id under which it stands in the log: the first one's when repeated.
 * Throws DirectLineError 404 (unknown conversation) and 410 (ended).
 */
export async function deliver(context: Context, conversationId: string, { activity, clientId }: ParsedActivity) {
  const messageId = `${conversationId}:${clientId ?? context.newId()}`;
  const result = await context.core.receive({ conversationId, messageId, activity });
  if (!('error' in result)) return result;
  if (result.error === 'ended') throw new DirectLineError(410, 'ConversationEnded', 'the conversation has ended; start a new one');
  throw notFound('conversation');
}

/** A posted activity may point at files uploaded to this conversation, and at nothing else: staff will open what it points at. */
async function checkAttachments(context: Context, conversationId: string, activity: IncomingActivity): Promise<IncomingActivity> {
  if (!activity.attachments?.length) return activity;
  const attachments = await Promise.all(
    activity.attachments.map(async ({ contentUrl }, index) => {
      // Clients know the signed public address; the log keeps the bare path.
      const path = contentUrl !== undefined && URL.canParse(contentUrl, 'http://x') ? new URL(contentUrl, 'http://x').pathname : '';
      const id = uploadIdOf(path);
      const found = id === undefined ? undefined : await context.uploads.find(id);
      if (found?.conversationId !== conversationId) {
        throw badArgument(`attachments.${index}.contentUrl: must be a file of this conversation, sent through POST …/upload`);
      }
      return { contentType: found.contentType, contentUrl: path, name: found.name };
    }),
  );
  return { ...activity, attachments };
}

/** Reading answers everything after `watermark` in portions; the new watermark is the seq of the last one included. */
export function activityRoutes(context: Context, throttles: Throttles): Router {
  const router = Router();
  const path = '/conversations/:conversationId/activities';

  router.get(path, authorize(context), throttles.reads, async (request, response) => {
    const conversation = await requireConversation(context, String(request.params.conversationId));
    const after = parseWatermark(request.query.watermark);
    const logged = await context.core.log.read(conversation.id, after);
    response.json({
      activities: presentLogged(context, context.publicUrl(request), logged),
      watermark: String(logged.at(-1)?.seq ?? after),
    });
  });

  const json = express.json({ limit: context.limits.bodyBytes, type: JSON_TYPES });
  router.post(path, authorize(context), ...throttles.posts, json, async (request, response) => {
    const conversation = await requireConversation(context, String(request.params.conversationId));
    const parsed = parseActivity(request.body, vouchedUser(callerOf(response)), conversation.userId);
    if (parsed.activity.type === 'typing') {
      context.core.typing(conversation.id, parsed.activity.from);
      response.json({ id: `${conversation.id}|live-${context.newId()}` });
      return;
    }
    requireContent(parsed.activity);
    const activity = await checkAttachments(context, conversation.id, parsed.activity);
    const { activityId } = await deliver(context, conversation.id, { ...parsed, activity });
    response.json({ id: activityId });
  });

  return router;
}
