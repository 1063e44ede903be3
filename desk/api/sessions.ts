/** Who is at the desk: a random cookie, kept only as a hash, that ends when it is idle too long, and in any case after half a day. */
import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../bot/store/database.ts';
import { createSession, deleteSession, findSession, type StaffRole } from '../../bot/store/staff.ts';

/** The cookie where the site is reached by http. */
export const COOKIE = 'wenban_desk';
/** Behind https: a browser takes it only with Secure, Path=/ and no Domain, so no neighbouring site can plant one (RFC 6265bis, 4.1.3). */
const hostCookie = `__Host-${COOKIE}`;
/** The expiry moves on at most this often: not every request should write. */
const EXTEND_MS = 60_000;

export interface SessionLimits {
  /** Without a request for this long the session ends. */
  readonly idleMs: number;
  /** So long after signing in it ends, used or not. */
  readonly absoluteMs: number;
}
export const defaultSessionLimits: SessionLimits = { idleMs: 8 * 3_600_000, absoluteMs: 12 * 3_600_000 };

export interface SignedIn {
  readonly name: string;
  readonly role: StaffRole;
}

/**
 * Starts a session and returns the cookie's value (256 random bits). With `verified` (the password hash that was checked) nothing is
 * started, and undefined returned, when the account's password was changed meanwhile.
 */
export async function startSession(db: Db, name: string, now: number, limits?: SessionLimits): Promise<string>;
export async function startSession(db: Db, name: string, now: number, limits: SessionLimits, verified: string): Promise<string | undefined>;
export async function startSession(db: Db, name: string, now: number, limits = defaultSessionLimits, verified?: string) {
  const token = randomBytes(32).toString('base64url');
  const session = { tokenHash: hashOf(token), staffName: name, expiresAt: now + Math.min(limits.idleMs, limits.absoluteMs) };
  return (await createSession(db, session, now, verified)) ? token : undefined;
}

/** Who holds this cookie value; undefined when nobody (any more). Every use moves the idle expiry on, never beyond the absolute end. */
export async function signedIn(
  db: Db,
  token: string | undefined,
  now: number,
  limits: SessionLimits = defaultSessionLimits,
): Promise<SignedIn | undefined> {
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
  const tokenHash = hashOf(token);
  const found = await findSession(db, tokenHash, now);
  if (found === undefined) return undefined;
  const { session, staff } = found;
  const end = session.createdAt + limits.absoluteMs;
  if (now >= end) {
    await deleteSession(db, tokenHash);
    return undefined;
  }
  const extended = Math.min(now + limits.idleMs, end);
  if (session.expiresAt < extended - EXTEND_MS) {
    await db.updateTable('sessions').set({ expires_at: extended }).where('token_hash', '=', tokenHash).execute();
  }
  return { name: staff.name, role: staff.role };
}

/** Ends the session of this cookie value. */
export async function endSession(db: Db, token: string | undefined): Promise<void> {
  if (token !== undefined) await deleteSession(db, hashOf(token));
}

/** The value of our cookie in a `Cookie` header; behind https only the cookie a neighbouring site can't set counts. */
export function cookieToken(header: string | undefined, secure = false): string | undefined {
  return cookieValue(header, secure ? hostCookie : COOKIE);
}

/** The value of a cookie in a `Cookie` header. */
export function cookieValue(header: string | undefined, wanted: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted) return value;
  }
  return undefined;
}

/** The `Set-Cookie` header: with a token it signs in, without one it signs out. */
export function sessionCookie(token: string | undefined, secure: boolean, limits: SessionLimits = defaultSessionLimits): string {
  const lifetime = token === undefined ? 0 : limits.idleMs / 1000;
  const [name, place] = secure ? [hostCookie, 'Path=/; Secure'] : [COOKIE, 'Path=/desk'];
  return `${name}=${token ?? ''}; ${place}; HttpOnly; SameSite=Strict; Max-Age=${lifetime}`;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
