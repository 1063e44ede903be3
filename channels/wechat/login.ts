/** Login of the mini-program's own chat page: wx.login's code → a Direct Line token for the citizen's one conversation. */
import express, { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { WechatApiError } from './api/errors.ts';
import { citizenOf } from './conversation.ts';
import type { Context } from './options.ts';
import type { WebParts } from './router.ts';

const bodySchema = z.object({ code: z.string().min(1).max(256) });
/** From one address: a whole office may share one. */
const loginsAMinute = 120;

/**
 * POST /mini-program[/:id]/login {code} → {conversationId, token, expiresIn}. The same person gets the same conversation on every device, and
 * the one of the official account when both belong to one WeChat Open Platform account. 401: the code is used up, ask for a new one.
 */
export function loginRoute(context: Context, { grant }: Pick<WebParts, 'grant'>): Router {
  const router = Router();
  const throttle = rateLimit({ windowMs: 60_000, limit: loginsAMinute, standardHeaders: 'draft-8', legacyHeaders: false });
  router.post(
    ['/mini-program/login', '/mini-program/:account/login'],
    throttle,
    express.json({ limit: 4096 }),
    async (request, response) => {
      const account = context.accounts.find(({ kind, id }) => kind === 'mini-program' && id === (request.params.account ?? 'default'));
      if (!account) return void response.status(404).json({ error: { code: 'NotFound', message: 'there is no such mini-program' } });
      const body = bodySchema.safeParse(request.body);
      if (!body.success)
        return void response.status(400).json({ error: { code: 'BadArgument', message: 'code: send the code of wx.login' } });
      try {
        const { openid, unionId } = await context.api.login(account, body.data.code);
        const citizen = await citizenOf(context, account, openid, unionId);
        response.json({ conversationId: citizen.conversationId, ...grant(citizen.conversationId) });
      } catch (error) {
        if (!(error instanceof WechatApiError)) throw error;
        context.log.warn({ err: error }, 'a mini-program login was refused');
        const status = [40029, 40163].includes(error.code) ? 401 : error.code === 40226 ? 403 : 502;
        response.status(status).json({ error: { code: 'LoginRefused', message: 'the login code was not accepted' } });
      }
    },
  );
  return router;
}
