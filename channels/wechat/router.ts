/** The callback addresses: `/official-account[/:id]` and `/mini-program[/:id]`. */
import { setTimeout as delay } from 'node:timers/promises';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { turnIsOver } from '../../bot/store/wechat-pushes.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import { WechatApiError } from './api/errors.ts';
import { checkQuery, closeReply, openBody, type PushQuery } from './codec/envelope.ts';
import { pageRoutes } from './login.ts';
import { MediaFetcher } from './media.ts';
import type { Context, FileAt, SaveMedia } from './options.ts';
import { readPush } from './push.ts';
import type { Replies } from './replies.ts';
import { type Taken, type Turn, takePush } from './take.ts';

/** What the routes need that only exists once the web server is being built. */
export interface WebParts {
  readonly saveMedia: SaveMedia;
  readonly fileAt: FileAt;
  /** A Direct Line token for one conversation, as the mini-program's own page uses it. */
  readonly grant: (conversationId: string) => { token: string; expiresIn: number };
}

export interface RouterParts extends WebParts {
  /** Where citizens are sent while nothing can be stored. */
  readonly hotline: string;
}

/** Platform pushes stay far below it. */
const bodyLimit = 64 * 1024;
/** The platform has hung up by then. */
const holdAtMostMs = 6000;

/** What the query of a push has shown. */
interface Checked {
  readonly account: WechatAccount;
  readonly query: PushQuery;
}

/** Builds the router; mount it at WECHAT_PATH. */
export function createRouter(context: Context, replies: Replies, web: RouterParts): Router {
  const router = Router();
  const media = new MediaFetcher(context, web.saveMedia);
  router.use(pageRoutes(context, web));
  for (const kind of ['official-account', 'mini-program'] as const) {
    const paths = [`/${kind}`, `/${kind}/:account`];
    const find = (request: Request): WechatAccount | undefined =>
      context.accounts.find((one) => one.kind === kind && one.id === (request.params.account ?? 'default'));
    router.get(paths, (request, response) => {
      const account = find(request);
      if (!account) return void refuse(context, response, undefined, 404, 'there is no such account');
      const checked = checkQuery(account, request.query, context.now());
      if (!checked.ok) return void refuse(context, response, account, checked.status, checked.reason);
      const { echostr } = checked.query;
      if (echostr === undefined) return void refuse(context, response, account, 403, 'there is no echostr');
      // As it came, and as text: a browser must not read it as a page.
      response.status(200).type('text/plain').send(echostr);
    });
    router.post(paths, (request, response, next) => {
      // Before the body is read: strangers can make nobody read five megabytes.
      const account = find(request);
      if (!account) return void refuse(context, response, undefined, 404, 'there is no such account');
      const checked = checkQuery(account, request.query, context.now());
      if (!checked.ok) return void refuse(context, response, account, checked.status, checked.reason);
      if (Number(request.headers['content-length'] ?? 0) > bodyLimit) {
        response.set('Connection', 'close');
        return void refuse(context, response, account, 413, 'the body is too large');
      }
      response.locals.push = { account, query: checked.query } satisfies Checked;
      next();
    });
    router.post(paths, express.raw({ type: () => true, limit: bodyLimit }), async (request, response) => {
      const { account, query } = response.locals.push as Checked;
      const opened = openBody(account, query, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      if (!opened.ok) return void refuse(context, response, account, opened.status, opened.reason);
      const push = readPush(opened.fields);
      if (!push) return void refuse(context, response, account, 400, 'fields that every push has are missing');
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const taken = await takePush(context, { replies, media, hotline: web.hotline }, account, push, gone.signal);
      await answer(context, response, account, taken, (text) =>
        closeReply(account, { to: push.openid, from: push.to, at: Math.floor(context.now() / 1000), text }, opened.encrypted),
      );
      if (taken.kind === 'ack' && taken.turn)
        context.afterwards(showTyping(context, replies, account, push.openid, taken.turn, taken.held ?? false));
    });
  }
  router.use((error: unknown, request: Request, response: Response, next: express.NextFunction) => {
    const status = z.object({ status: z.number().int().min(400).max(499) }).safeParse(error);
    if (!status.success) context.log.error({ err: error, path: request.path }, 'a WeChat push could not be taken');
    if (response.headersSent) return next(error);
    // Without an acknowledgement the platform delivers again.
    response.status(status.data?.status ?? 500).end();
  });
  return router;
}

/** What came is not logged: it may hold what a citizen wrote. */
function refuse(context: Context, response: Response, account: WechatAccount | undefined, status: number, reason: string): void {
  context.log.warn({ account: account && accountKey(account), reason }, 'a WeChat request was refused');
  response.status(status).end();
}

async function answer(
  context: Context,
  response: Response,
  account: WechatAccount,
  taken: Taken,
  close: (text: string) => string,
): Promise<void> {
  if (taken.kind === 'ack') return void response.type('text/plain').send('success');
  if (taken.kind === 'hold') {
    const timer = setTimeout(() => response.destroy(), holdAtMostMs);
    response.once('close', () => clearTimeout(timer));
    return;
  }
  const delivered = await written(response, close(taken.text));
  if (!delivered) context.log.warn({ account: accountKey(account) }, 'the platform hung up before the answer');
  await taken.settle(delivered);
}

/** Whether the body left for a connection that was still open. */
function written(response: Response, body: string): Promise<boolean> {
  if (response.destroyed || response.closed) return Promise.resolve(false);
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    response.type('application/xml').send(body);
  });
}

/** The citizen sees that something happens, when it takes long; of no consequence when that fails. */
async function showTyping(
  context: Context,
  replies: Replies,
  account: WechatAccount,
  openid: string,
  turn: Turn,
  held: boolean,
): Promise<void> {
  if (!context.standing(account).messages) return;
  if (!held) await delay(context.waits.replyMs, undefined, { ref: false });
  try {
    const over = await turnIsOver(context.database().db, turn.conversationId, turn.seq);
    if (!held) replies.noteTurn(over);
    if (!over) await context.api.typing(account, openid);
  } catch (error) {
    if (!(error instanceof WechatApiError)) context.log.warn({ err: error, account: accountKey(account) }, 'the typing indicator failed');
  }
}
