/** The staff API, mounted at `/desk/api`. */
import express, { type Router } from 'express';
import { type HandoffDesk, ON_DUTY_MS } from '../../bot/handoff/desk.ts';
import type { ConversationLog } from '../../bot/log.ts';
import type { OpenDatabase } from '../../bot/store/database.ts';
import { findRating, listRatings } from '../../bot/store/ratings.ts';
import { findStaff, staffSeenSince } from '../../bot/store/staff.ts';
import { conversationRoutes } from './conversations.ts';
import { ApiError, errorHandler, notFoundHandler, parse } from './errors.ts';
import { eventStream } from './events.ts';
import { allow, sameOrigin, staffOf } from './guards.ts';
import { LoginLimit } from './login-limit.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { loginSchema, ratingsQuerySchema } from './schemas.ts';
import { cookieToken, endSession, sessionCookie, startSession } from './sessions.ts';
import { activeView, queueView, ratingView } from './views.ts';

export interface DeskApiOptions {
  readonly database: OpenDatabase;
  readonly desk: HandoffDesk;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly newId: () => string;
  /** Where the site is reached; https makes the cookie Secure. */
  readonly publicUrl?: string | undefined;
  /** Skill groups an agent may transfer to, besides `general`. */
  readonly skills?: readonly string[];
  /** Hears of what was answered with 500. */
  readonly onError?: (error: unknown) => void;
  /** Ends the open event streams when the server closes. */
  readonly signal?: AbortSignal;
  /** Between two signs of life on an event stream, milliseconds; default 20 s. */
  readonly heartbeatMs?: number;
}

/** Transfer targets when the knowledge pack names none. Source: R-052. */
const defaultSkills = ['公积金', '人社', '医保', '法律'];

/**
 * Routes: login, logout, me, queue, mine, colleagues, conversations/…, ratings, events.
 * Every error is JSON `{ error: { code, message } }`.
 */
export function createDeskApi(options: DeskApiOptions): Router {
  const { database, desk, now } = options;
  const origin = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).origin;
  const secure = origin?.startsWith('https:') ?? false;
  const anyone = allow(['agent', 'editor', 'analyst', 'admin'], database, now);
  const agents = allow(['agent', 'admin'], database, now);
  const raters = allow(['agent', 'analyst', 'admin'], database, now);
  const skills = [...new Set(['general', ...(options.skills ?? defaultSkills)])];

  const router = express.Router();
  router.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  router.use(sameOrigin(origin));
  router.use(express.json({ limit: '64kb' }));

  router.post('/login', loginHandler(options, secure));
  router.post('/logout', async (request, response) => {
    await endSession(database.db, cookieToken(request.headers.cookie));
    response.set('set-cookie', sessionCookie(undefined, secure)).status(204).end();
  });
  router.get('/me', anyone, (request, response) => {
    response.json(staffOf(request));
  });
  router.get('/queue', agents, async (_request, response) => {
    response.json((await desk.queue()).map(queueView));
  });
  router.get('/mine', agents, async (request, response) => {
    response.json((await desk.mine(staffOf(request).name)).map(activeView));
  });
  router.get('/colleagues', agents, async (request, response) => {
    const seen = await staffSeenSince(database.db, now() - ON_DUTY_MS);
    const me = staffOf(request).name;
    const agentsOnDuty = seen.filter(({ name, role }) => name !== me && (role === 'agent' || role === 'admin')).map(({ name }) => name);
    response.json({ agents: agentsOnDuty, skills });
  });
  router.use('/conversations', agents, conversationRoutes(options));
  router.get('/ratings', raters, async (request, response) => {
    const { conversationId } = parse(ratingsQuerySchema, request.query);
    const { role } = staffOf(request);
    if (conversationId !== undefined) {
      const rating = await findRating(database.db, conversationId);
      if (rating === undefined) throw new ApiError(404, 'not_rated', '这个对话还没有评价');
      response.json(ratingView(rating, role));
      return;
    }
    if (role === 'agent') throw new ApiError(400, 'bad_request', 'conversationId：请指明对话');
    response.json((await listRatings(database.db, { limit: 200 })).map((rating) => ratingView(rating, role)));
  });
  router.get('/events', agents, eventStream(options));

  router.use(notFoundHandler);
  router.use(errorHandler(options.onError ?? ((error) => console.error(error))));
  return router;
}

/** 204 with a cookie; 401 for a wrong name or password (the same words and work for both); 429 after too many wrong tries. */
function loginHandler({ database, now }: DeskApiOptions, secure: boolean): express.RequestHandler {
  const limit = new LoginLimit(now);
  // an unknown name costs as much time as a known one
  const decoy = hashPassword('nobody has this password');
  return async (request, response) => {
    const { name, password } = parse(loginSchema, request.body);
    const address = request.ip ?? '';
    const wait = limit.begin(name, address);
    if (wait > 0) {
      response.set('retry-after', String(wait));
      throw new ApiError(429, 'too_many_attempts', `尝试次数过多，请 ${wait} 秒后再试`);
    }
    const staff = await findStaff(database.db, name);
    const right = await verifyPassword(password, staff?.passwordHash ?? (await decoy));
    if (staff === undefined || !right) throw new ApiError(401, 'wrong_password', '用户名或密码不正确');
    limit.succeeded(name, address);
    const token = await startSession(database.db, staff.name, now());
    response.set('set-cookie', sessionCookie(token, secure)).status(204).end();
  };
}
