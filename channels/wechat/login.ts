/** What the mini-program's own chat page asks of the server: its login, and the phone a citizen wants to be told by. */
import express, { type Request, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { giveConsent } from '../../bot/store/sms-numbers.ts';
import { bindWechatPhone, type WechatCitizen } from '../../bot/store/wechat-citizens.ts';
import type { WechatAccount } from './accounts.ts';
import { WechatApiError } from './api/errors.ts';
import { citizenOf } from './conversation.ts';
import type { Context } from './options.ts';
import type { WebParts } from './router.ts';

const code = z.string().min(1).max(256);
const loginSchema = z.object({ code });
const phoneSchema = z.object({ code, phoneCode: code });
/** From one address: a whole office may share one. */
const callsAMinute = 120;

/**
 * - POST /mini-program[/:id]/login {code} → {conversationId, token, expiresIn}. `code` is that of wx.login. The same person gets the same
 *   conversation on every device, and the one of the official account when both belong to one WeChat Open Platform account.
 * - POST /mini-program[/:id]/phone {code, phoneCode} → 204. `phoneCode` is that of a getPhoneNumber button the citizen has pressed: from now on
 *   they are told by SMS when an answer waits that WeChat does not take. 404 where no SMS can be sent.
 *
 * 401: a code is used up, ask for a new one.
 */
export function pageRoutes(context: Context, { grant }: Pick<WebParts, 'grant'>): Router {
  const router = Router();
  const throttle = rateLimit({ windowMs: 60_000, limit: callsAMinute, standardHeaders: 'draft-8', legacyHeaders: false });
  const post = <Body extends { code: string }>(
    name: string,
    schema: z.ZodType<Body>,
    work: (account: WechatAccount, citizen: WechatCitizen, body: Body, response: Response) => Promise<unknown>,
  ) =>
    router.post(
      [`/mini-program/${name}`, `/mini-program/:account/${name}`],
      throttle,
      express.json({ limit: 4096 }),
      async (request: Request, response: Response) => {
        const account = context.accounts.find(({ kind, id }) => kind === 'mini-program' && id === (request.params.account ?? 'default'));
        if (!account) return refuse(response, 404, 'NotFound', 'there is no such mini-program');
        const body = schema.safeParse(request.body);
        if (!body.success) return refuse(response, 400, 'BadArgument', z.prettifyError(body.error));
        try {
          const { openid, unionId } = await context.api.login(account, body.data.code);
          await work(account, await citizenOf(context, account, openid, unionId), body.data, response);
        } catch (error) {
          if (!(error instanceof WechatApiError)) throw error;
          context.log.warn({ err: error }, `a mini-program ${name} was refused`);
          const status = [40029, 40163].includes(error.code) ? 401 : error.code === 40226 ? 403 : 502;
          refuse(response, status, 'LoginRefused', 'the code was not accepted');
        }
      },
    );

  post('login', loginSchema, async (_account, { conversationId }, _body, response) =>
    response.json({ conversationId, ...grant(conversationId) }),
  );
  if (context.tellBySms)
    post('phone', phoneSchema, async (account, citizen, { phoneCode }, response) => {
      const phone = await context.api.phone(account, phoneCode);
      const { db } = context.database();
      await bindWechatPhone(db, citizen.account, citizen.openid, phone);
      await giveConsent(db, phone, 'WeChat mini-program', context.now());
      response.status(204).end();
    });
  return router;
}

function refuse(response: Response, status: number, name: string, message: string): void {
  response.status(status).json({ error: { code: name, message } });
}
