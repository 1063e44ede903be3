/** What every request must show before a route sees it. */
import type { Request, RequestHandler } from 'express';
import type { OpenDatabase } from '../../bot/store/database.ts';
import type { StaffRole } from '../../bot/store/staff.ts';
import { ApiError } from './errors.ts';
import { cookieToken, type SessionLimits, type SignedIn, signedIn } from './sessions.ts';

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Refuses writes that another site's page could have sent: a foreign `Origin` or `Sec-Fetch-Site`, or a body that is not JSON (an HTML form can't send JSON).
 * With the SameSite=Strict cookie this is the CSRF defence. Programs that send no `Origin` pass: no browser is riding along.
 */
export function sameOrigin(publicOrigin: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (!writes.has(request.method)) return next();
    const { origin, host } = request.headers;
    // Every present browser says from where a request comes, also where it leaves Origin out (Fetch Metadata, W3C).
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return next(new ApiError(403, 'foreign_origin', '不接受其他网站发来的请求'));
    if (origin !== undefined && origin !== publicOrigin && hostOf(origin) !== host) {
      return next(new ApiError(403, 'foreign_origin', '不接受其他网站发来的请求'));
    }
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    const hasType = request.headers['content-type'] !== undefined;
    // a form can't send this type either: files come as it
    if (request.is('application/octet-stream')) return next();
    if ((hasBody || hasType) && !request.is('application/json') && !(hasType && !hasBody && isJsonType(request))) {
      return next(new ApiError(415, 'unsupported_media_type', '请求内容应当是 application/json'));
    }
    next();
  };
}

/** `request.is` says null for a request without a body, whatever its type. */
const isJsonType = (request: Request): boolean => /^application\/json\b/i.test(request.headers['content-type'] ?? '');

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const people = new WeakMap<Request, SignedIn>();

/** Lets through whoever is signed in with one of the roles: 401 without a session, 403 with another role. */
export function allow(
  roles: readonly StaffRole[],
  database: OpenDatabase,
  now: () => number,
  { secure, limits }: { secure: boolean; limits?: SessionLimits | undefined } = { secure: false },
): RequestHandler {
  return async (request, _response, next) => {
    const staff = await signedIn(database.db, cookieToken(request.headers.cookie, secure), now(), limits);
    if (staff === undefined) throw new ApiError(401, 'signed_out', '请先登录');
    if (!roles.includes(staff.role)) throw new ApiError(403, 'forbidden', '您的账号没有这项权限');
    people.set(request, staff);
    next();
  };
}

/** Who sends this request; only behind `allow`. */
export function staffOf(request: Request): SignedIn {
  const staff = people.get(request);
  if (staff === undefined) throw new Error('staffOf needs allow() before it');
  return staff;
}
