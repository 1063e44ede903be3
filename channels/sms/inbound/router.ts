/** Where HTTP providers push messages and receipts: checked, stored, acknowledged in each provider's form; worked on afterwards. */
import express, { type Request, type Response, Router } from 'express';
import { validTwilioSignature } from '../providers/twilio.ts';
import type { SmsLogger } from '../queue/queue.ts';
import { mayPush, type SourceRules } from './guard.ts';
import { type Pushed, readAliyun, readTencent, readTwilio } from './pushes.ts';

export interface PushRouterOptions {
  /** Providers that are configured; pushes of others are not there (404). */
  readonly aliyun?: SourceRules | undefined;
  readonly tencent?: SourceRules | undefined;
  readonly twilio?: { readonly accountSid: string; readonly authToken: string } | undefined;
  readonly publicUrl: string | undefined;
  readonly log: SmsLogger;
  /** Resolves when it is stored, and rejects when it could not be. */
  readonly keep: (provider: string, pushed: Pushed) => Promise<void>;
}

/** Aliyun pushes receipts in thousands. */
const bodyLimit = 1024 * 1024;

/**
 * POST /aliyun and /tencent (each also with /TOKEN at the end), POST /twilio. 403: not from the provider · 400: not readable at all ·
 * 500: could not be stored, push it again. Bad rows are logged and acknowledged: pushing them again would not mend them.
 */
export function createPushRouter(options: PushRouterOptions): Router {
  const router = Router();
  const json = express.json({ limit: bodyLimit, type: () => true, strict: true });
  const { aliyun, tencent, twilio } = options;
  if (aliyun) {
    const acknowledge = { good: { code: 0, msg: '接收成功' }, bad: (msg: string) => ({ code: 1, msg }) };
    router.post(['/aliyun', '/aliyun/:token'], guard(aliyun), json, (request, response) =>
      take(request, response, 'aliyun', readAliyun, acknowledge),
    );
  }
  if (tencent) {
    const acknowledge = { good: { result: 0, errmsg: 'OK' }, bad: (errmsg: string) => ({ result: 1, errmsg }) };
    router.post(['/tencent', '/tencent/:token'], guard(tencent), json, (request, response) =>
      take(request, response, 'tencent', readTencent, acknowledge),
    );
  }
  if (twilio) router.post('/twilio', express.text({ limit: bodyLimit, type: () => true }), takeTwilio(twilio));
  router.use((error: unknown, _request: Request, response: Response, next: (error?: unknown) => void) => {
    const { status } = error as { status?: unknown };
    if (response.headersSent || typeof status !== 'number' || status >= 500) return next(error);
    response.status(status).json({ code: 1, result: 1, msg: 'not readable', errmsg: 'not readable' });
  });
  return router;

  function guard(rules: SourceRules) {
    return (request: Request, response: Response, next: () => void) => {
      const given = typeof request.params.token === 'string' ? request.params.token : request.query.token;
      if (mayPush(request, typeof given === 'string' ? given : undefined, rules)) return next();
      options.log.warn({ path: request.path.split('/')[1], from: request.socket.remoteAddress }, 'an SMS push was refused');
      response.status(403).json({ code: 1, result: 1, msg: 'forbidden', errmsg: 'forbidden' });
    };
  }

  async function take(
    request: Request,
    response: Response,
    provider: string,
    read: (body: unknown) => Pushed | undefined,
    acknowledge: { good: object; bad: (message: string) => object },
  ): Promise<void> {
    const pushed = read(request.body);
    if (!pushed) return void response.status(400).json(acknowledge.bad('not readable'));
    if (await store(provider, pushed)) response.json(acknowledge.good);
    else response.status(500).json(acknowledge.bad('not stored, please push again'));
  }

  function takeTwilio({ accountSid, authToken }: { accountSid: string; authToken: string }) {
    return async (request: Request, response: Response): Promise<void> => {
      const fields = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
      const base = options.publicUrl ?? `${request.protocol}://${request.headers.host ?? ''}`;
      const valid = validTwilioSignature(request.get('X-Twilio-Signature'), authToken, base + request.originalUrl, fields);
      if (!valid || fields.get('AccountSid') !== accountSid) {
        options.log.warn({ from: request.socket.remoteAddress, signed: valid }, 'a Twilio webhook was refused');
        response.status(403).type('text/plain').send('forbidden');
        return;
      }
      const pushed = readTwilio(fields);
      if (!pushed) response.status(400).type('text/plain').send('not readable');
      else if (!(await store('twilio', pushed))) response.status(500).type('text/plain').send('not stored, please send again');
      // Replies follow through the queue.
      else response.type('text/xml').send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    };
  }

  /** All that could be read or nothing: what comes again after a failure is known by its ids. */
  async function store(provider: string, pushed: Pushed): Promise<boolean> {
    for (const problem of pushed.problems) options.log.warn({ provider, problem }, 'a row of an SMS push was not readable');
    try {
      await options.keep(provider, pushed);
      return true;
    } catch (error) {
      options.log.error({ err: error, provider }, 'an SMS push could not be stored');
      return false;
    }
  }
}
