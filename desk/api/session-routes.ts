/** Signing in and out, and who is signed in. */
import { findStaff } from '../../bot/store/staff.ts';
import { meSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { LoginLimit } from './login-limit.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { anyone } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { loginSchema } from './schemas.ts';
import { cookieToken, endSession, sessionCookie, startSession } from './sessions.ts';
import { siteOf } from './site.ts';

/** login, logout, me. A wrong name or password is 401 with the same words and work for both; too many wrong tries are 429. */
export function sessionRoutes(options: DeskApiOptions): Route[] {
  const { database, now } = options;
  const { secure } = siteOf(options);
  const limit = new LoginLimit(now);
  // an unknown name costs as much time as a known one
  const decoy = hashPassword('nobody has this password');
  return [
    route(
      {
        method: 'post',
        path: '/login',
        summary: 'Sign in; answers with a cookie',
        roles: 'public',
        body: loginSchema,
        errors: { 401: ['wrong_password'], 429: ['too_many_attempts'] },
      },
      async ({ body: { name, password }, request, response }) => {
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
        response.set('set-cookie', sessionCookie(token, secure));
        return undefined;
      },
    ),
    route({ method: 'post', path: '/logout', summary: 'Sign out', roles: 'public' }, async ({ request, response }) => {
      await endSession(database.db, cookieToken(request.headers.cookie));
      response.set('set-cookie', sessionCookie(undefined, secure));
      return undefined;
    }),
    route({ method: 'get', path: '/me', summary: 'Who is signed in', roles: anyone, response: meSchema }, ({ staff }) => staff),
  ];
}
