/** POST conversations/:id/upload and GET uploads/:id. */
import { Router } from 'express';
import { LostKeyError } from '../../../../bot/store/sealing/key-ring.ts';
import { authorize, callerOf, identify, requireOwn } from '../auth.ts';
import { requireConversation } from '../conversation.ts';
import { badArgument, DirectLineError, notFound } from '../errors.ts';
import { type ParsedActivity, parseActivity, withUploads } from '../incoming.ts';
import type { Context } from '../options.ts';
import type { Throttles } from '../throttle.ts';
import { signatureHolds, uploadPath } from '../uploads/link.ts';
import { receiveUpload } from '../uploads/multipart.ts';
import { sendBytes } from '../uploads/send.ts';
import { deliver, vouchedUser } from './activities.ts';

/** The activity part without its attachments (files take their place), and the names it listed. */
function parsePart(json: string | undefined, userId: string | undefined, fallback: string): ParsedActivity & { names: string[] } {
  let body: unknown;
  try {
    body = json === undefined ? { type: 'message' } : JSON.parse(json);
  } catch {
    throw badArgument('activity part is not valid JSON');
  }
  const { attachments, ...rest } = (typeof body === 'object' && body !== null ? body : {}) as { attachments?: unknown };
  const names = Array.isArray(attachments) ? attachments.map((attachment: { name?: unknown } | null) => String(attachment?.name)) : [];
  return { ...parseActivity(Array.isArray(body) ? body : rest, userId, fallback), names };
}

/**
 * Upload: one message with the files as attachments. Files are durable before the log mentions them, and removed again when the
 * message turns out to be a repetition or is refused.
 * Serving: to the signed address in an activity, the conversation's token, or the secret.
 */
export function uploadRoutes(context: Context, throttles: Throttles): Router {
  const router = Router();
  const { uploads } = context;

  router.post(
    '/conversations/:conversationId/upload',
    authorize(context),
    ...throttles.posts,
    throttles.uploads,
    async (request, response) => {
      const conversation = await requireConversation(context, String(request.params.conversationId));
      const { userId } = request.query;
      const { files, activityJson } = await receiveUpload(uploads, context.limits, request, response);
      const discardAll = () => Promise.all(files.map((file) => uploads.discard(file.id)));
      try {
        if (files.length === 0) throw badArgument('file: the upload has no file');
        const fallback = typeof userId === 'string' && userId ? userId : conversation.userId;
        const { names, ...parsed } = parsePart(activityJson, vouchedUser(callerOf(response)), fallback);
        if (parsed.activity.type !== 'message') throw badArgument('type: files come with a message');
        const kept = await Promise.all(files.map((file) => uploads.keep(file, conversation.id)));
        const attachments = kept.map(({ id, name, contentType }) => ({ contentType, contentUrl: uploadPath(id), name }));
        const activity = withUploads(parsed.activity, names, attachments);
        const { activityId, duplicate } = await deliver(context, conversation.id, { ...parsed, activity });
        if (duplicate) await discardAll();
        response.json({ id: activityId });
      } catch (error) {
        // After any other failure the message may stand in the log all the same, and then needs its files.
        if (error instanceof DirectLineError) await discardAll();
        throw error;
      }
    },
  );

  router.get('/uploads/:uploadId', async (request, response) => {
    const id = request.params.uploadId;
    const signed = signatureHolds(context.signingKey, id, request.query, context.now());
    const caller = signed ? undefined : identify(context, request);
    const found = await uploads.find(id);
    if (!found) throw notFound('file');
    if (caller?.kind === 'token') requireOwn(caller.claims, found.conversationId);
    const bytes = await uploads.read(found).catch((error: Error) => {
      if (!(error instanceof LostKeyError)) throw error;
      context.log.error({ err: error, upload: id }, 'a file cannot be opened');
      throw new DirectLineError(500, 'FileLocked', 'the file is there, but its key is missing on our side; please tell the operator');
    });
    if (bytes === undefined) throw notFound('file');
    const { contentType, name } = found;
    if (contentType.startsWith('image/')) response.set('Content-Disposition', 'inline');
    else response.attachment(name);
    response.set({
      'Content-Type': contentType,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      // The widget shows pictures on pages of other sites.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'private, max-age=86400',
    });
    sendBytes(request, response, bytes, found.sha256);
  });

  return router;
}
