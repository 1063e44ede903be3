/** The Bot Framework endpoint: Emulator, Azure Bot Service and the channels behind it (Web Chat, Teams …). */
import express, { Router } from 'express';
import { fullCapabilities } from '../../bot/render.ts';
import { credentialProblems } from './credentials.ts';
import { createDeliver } from './deliver.ts';
import { answerErrors, BotFrameworkError } from './errors.ts';
import { parseActivity } from './incoming.ts';
import { requireLocal, requireLocalService } from './local-only.ts';
import { BOT_FRAMEWORK_CHANNEL, type BotFrameworkBinding, type BotFrameworkOptions } from './options.ts';
import { lazySdk } from './sdk.ts';
import { takeActivity } from './take.ts';

export interface BotFramework {
  /** Mount it: `app.use(MESSAGES_PATH, router)`. */
  readonly router: Router;
  /** For the house's `channels`: a push channel. */
  readonly binding: BotFrameworkBinding;
}

const bodyLimit = 256 * 1024;

/**
 * POST: an activity is checked, stored and acknowledged with 200 at once; replies follow through the outbox to its serviceUrl.
 * With an app id every request needs a JWT of the Bot Framework; without one only programs on this machine may talk.
 * Protocol: Microsoft's "Bot Connector REST API 3.0". Throws when the credentials don't fit together, naming the keys.
 */
export function createBotFramework(options: BotFrameworkOptions): BotFramework {
  const problems = credentialProblems(options);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const sdk = lazySdk(options);
  const open = !options.appId;

  const router = Router();
  router.use('/', (request, response, next) => {
    if (request.path !== '/') return next('router');
    if (request.method !== 'POST') {
      response.set('Allow', 'POST');
      throw new BotFrameworkError(405, 'MethodNotAllowed', 'post activities here');
    }
    if (open) requireLocal(request);
    else if (!request.headers.authorization) throw new BotFrameworkError(401, 'Unauthorized', 'send Authorization: Bearer <token>');
    next();
  });
  router.post('/', express.json({ limit: bodyLimit }), async (request, response) => {
    const activity = parseActivity(request.body);
    if (open) requireLocalService(activity.serviceUrl);
    else await (await sdk()).authenticate(activity, request.headers.authorization ?? '');
    await takeActivity(options, activity);
    response.status(200).end();
  });
  router.use(answerErrors(options.log));

  const deliver = createDeliver(options, sdk);
  return { router, binding: { name: BOT_FRAMEWORK_CHANNEL, capabilities: fullCapabilities, deliver } };
}
