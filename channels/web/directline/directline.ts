/** Direct Line 3.0 for browsers and apps: REST and WebSocket over the dialogue core. */
import type { Server } from 'node:http';
import { Router } from 'express';
import { answerErrors, unknownRoute } from './errors.ts';
import { defaultLimits } from './limits.ts';
import type { Context, DirectLineOptions } from './options.ts';
import { cors } from './origin.ts';
import { activityRoutes } from './routes/activities.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { createSockets } from './sockets.ts';
import { createThrottles } from './throttle.ts';

export interface DirectLine {
  /** Mount it: `app.use(DIRECT_LINE_PATH, router)`. Answers every request under it, errors included. */
  readonly router: Router;
  /** Takes WebSocket upgrades of `…/conversations/:id/stream` from a server; call once per server. */
  attach(server: Server): void;
  /** Closes all sockets; resolves when they are gone. */
  close(): Promise<void>;
}

/**
 * Protocol: Microsoft's "Direct Line API 3.0" reference, checked against botframework-directlinejs 0.15.8.
 * Ours on top: `resumeToken` and POST tokens/resume (see token.ts), live activities without a watermark.
 * Throws when the signing key is too short to be one, or the secret can't stand in a header (RFC 6750: no spaces).
 */
export function createDirectLine(options: DirectLineOptions): DirectLine {
  if (options.signingKey.length < 16) throw new Error('signingKey must have at least 16 characters');
  if (/\s/.test(options.secret ?? '')) throw new Error('secret must not contain spaces');
  const context: Context = { ...options, limits: { ...defaultLimits, ...options.limits } };
  const throttles = createThrottles(context.limits, context.countUse);
  const sockets = createSockets(context);
  const router = Router();
  router.use(cors(context));
  router.use((_request, response, next) => {
    // Tokens and conversations are nobody else's business; files set their own rule.
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(tokenRoutes(context, throttles));
  router.use(conversationRoutes(context, throttles));
  router.use(activityRoutes(context, throttles));
  router.use(uploadRoutes(context, throttles));
  router.use(unknownRoute);
  router.use(answerErrors(options.log, options.unavailable));
  return { router, attach: sockets.attach, close: sockets.close };
}
