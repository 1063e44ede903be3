/** Signing in and out, and who is signed in. */
import { z } from 'zod';
import { findStaff } from '../../bot/store/staff.ts';
import { meSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { LoginLimit } from './login-limit.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { anyone } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { loginSchema } from './schemas.ts';
import { cookieToken, defaultSessionLimits, endSession, sessionCookie, startSession } from './sessions.ts';
import { siteOf } from './site.ts';

const waysSchema = z.object({
  password: z.boolean(),
  /** Where single sign-on begins; null: there is none. */
  singleSignOn: z.string().nullable(),
});

/** login, logout, me, ways of signing in. A wrong name or password is 401 with the same words and work for both; too many wrong tries are 429. */
export function sessionRoutes(options: DeskApiOptions): Route[] {
  const { database, now, oidc, publicUrl } = options;
  const { secure } = siteOf(options);
  const limits = options.sessionLimits ?? defaultSessionLimits;
  const passwords = options.passwordLogin ?? true;
  const limit = new LoginLimit(() => database.db, now);
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
        errors: { 401: ['wrong_password'], 403: ['password_login_off'], 429: ['too_many_attempts'] },
      },
      async ({ body: { name, password }, request, response }) => {
        if (!passwords) throw new ApiError(403, 'password_login_off', '这里只能用统一身份登录');
        const address = request.ip ?? '';
        const wait = await limit.begin(name, address);
        if (wait > 0) {
          response.set('retry-after', String(wait));
          throw new ApiError(429, 'too_many_attempts', `尝试次数过多，请 ${wait} 秒后再试`);
        }
        const staff = await findStaff(database.db, name);
        const right = await verifyPassword(password, staff?.passwordHash ?? (await decoy));
        const token = staff && right ? await startSession(database.db, staff.name, now(), limits, staff.passwordHash) : undefined;
        if (token === undefined) throw new ApiError(401, 'wrong_password', '用户名或密码不正确');
        await limit.succeeded(name, address);
        // A session somebody may have planted in this browser ends here.
        await endSession(database.db, cookieToken(request.headers.cookie, secure));
        response.set('set-cookie', sessionCookie(token, secure, limits));
        return undefined;
      },
    ),
    route({ method: 'get', path: '/login/ways', summary: 'How staff sign in here', roles: 'public', response: waysSchema }, () => ({
      password: passwords,
      singleSignOn: oidc && publicUrl ? '/desk/api/oidc/start' : null,
    })),
    route({ method: 'post', path: '/logout', summary: 'Sign out', roles: 'public' }, async ({ request, response }) => {
      await endSession(database.db, cookieToken(request.headers.cookie, secure));
      response.set('set-cookie', sessionCookie(undefined, secure));
      return undefined;
    }),
    route({ method: 'get', path: '/me', summary: 'Who is signed in', roles: anyone, response: meSchema }, ({ staff }) => staff),
    ...(oidc && publicUrl ? oidcRoutes({ ...options, oidc, publicUrl }) : []),
  ];
}
