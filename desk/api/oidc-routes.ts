/** Single sign-on at the desk: away to the provider, back again, and out. Mounted only where a provider is configured. */
import type { Response } from 'express';
import { z } from 'zod';
import { isSealed, seal, sealingKey, unseal } from '../../bot/store/sealing/seal.ts';
import { settingOrCreate } from '../../bot/store/settings.ts';
import { OidcLogin, type OidcOutcome, type OidcSettings, type PendingLogin } from './oidc.ts';
import { signInPage } from './oidc-page.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { cookieToken, cookieValue, defaultSessionLimits, endSession, sessionCookie, startSession } from './sessions.ts';
import { siteOf } from './site.ts';

const pendingSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), startedAt: z.number() });
const why: Record<Exclude<OidcOutcome, { ok: true }>['reason'], string> = {
  refused: '您在统一身份认证页面取消了登录。',
  failed: '统一身份认证没有成功，请再试一次；还不行就请联系管理员。',
  no_role: '您的统一身份账号还没有开通问办的权限，请联系管理员。',
  no_name: '统一身份认证没有告诉我们您的用户名，请联系管理员。',
  name_taken: '您的用户名在问办里已经是一个本地账号，请联系管理员处理。',
  expired: '登录等得太久了，请重新登录。',
};

/** GET /oidc/start, /oidc/callback, /oidc/logout; whatever goes wrong becomes a page with a way back. */
export function oidcRoutes(options: DeskApiOptions & { readonly publicUrl: string; readonly oidc: OidcSettings }): Route[] {
  const { database, now, oidc, publicUrl } = options;
  const { secure } = siteOf(options);
  const limits = options.sessionLimits ?? defaultSessionLimits;
  const login = new OidcLogin(oidc, `${publicUrl}/desk/api/oidc/callback`);
  const cookie = secure ? '__Host-wenban_oidc' : 'wenban_oidc';
  const place = secure ? 'Path=/; Secure' : 'Path=/desk/api/oidc';
  // Lax, not Strict: the provider's page sends the browser back to us.
  const setCookie = (value: string, seconds: number) => `${cookie}=${value}; ${place}; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
  const key = async () =>
    sealingKey('oidc', Buffer.from(await settingOrCreate(database.db, 'oidc.state_key', () => options.newId() + options.newId())));
  const remembered = async (header: string | undefined): Promise<PendingLogin | undefined> => {
    const value = cookieValue(header, cookie);
    if (!isSealed(value)) return undefined;
    try {
      return pendingSchema.parse(JSON.parse(unseal(await key(), value)));
    } catch {
      return undefined;
    }
  };
  const refuse = (response: Response, status: number, words: string) => void response.status(status).type('html').send(signInPage(words));
  const page = { roles: 'public', produces: 'text/html', success: 302 } as const;
  return [
    route({ method: 'get', path: '/oidc/start', summary: 'Sign in at the identity provider', ...page }, async ({ response }) => {
      try {
        const { url, pending } = await login.begin(now());
        response.append('set-cookie', setCookie(seal(await key(), JSON.stringify(pending)), 600));
        response.redirect(302, url.href);
      } catch (error) {
        options.onError?.(error);
        refuse(response, 503, '暂时连不上统一身份认证，请稍后再试。');
      }
      return undefined;
    }),
    route(
      {
        method: 'get',
        path: '/oidc/callback',
        summary: 'Back from the identity provider',
        ...page,
        errors: { 403: ['no access'] },
      },
      async ({ request, response }) => {
        const pending = await remembered(request.headers.cookie);
        response.append('set-cookie', setCookie('', 0));
        const outcome = await login.finish(database, new URL(request.originalUrl, publicUrl).search, pending, now());
        if (!outcome.ok) {
          if (outcome.reason === 'failed') options.onError?.(new Error(`single sign-on: ${outcome.detail}`));
          refuse(response, 403, why[outcome.reason]);
          return undefined;
        }
        await endSession(database.db, cookieToken(request.headers.cookie, secure));
        const token = await startSession(database.db, outcome.name, now(), limits);
        response.append('set-cookie', sessionCookie(token, secure, limits));
        response.redirect(302, '/desk/');
        return undefined;
      },
    ),
    route(
      { method: 'get', path: '/oidc/logout', summary: 'End the session at the identity provider too', ...page },
      async ({ request, response }) => {
        await endSession(database.db, cookieToken(request.headers.cookie, secure));
        response.append('set-cookie', sessionCookie(undefined, secure));
        const url = await login.endUrl(`${publicUrl}/desk/`).catch(() => undefined);
        response.redirect(302, url?.href ?? '/desk/');
        return undefined;
      },
    ),
  ];
}
