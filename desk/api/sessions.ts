/** Who is at the desk: a random cookie, kept only as a hash, that ends after eight idle hours. */
import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../bot/store/database.ts';
import { createSession, deleteSession, findSession, type StaffRole } from '../../bot/store/staff.ts';

export const COOKIE = 'wenban_desk';
const IDLE_MS = 8 * 3_600_000;
/** The expiry moves on at most this often: not every request should write. */
const EXTEND_MS = 60_000;

export interface SignedIn {
  readonly name: string;
  readonly role: StaffRole;
}

/** Starts a session and returns the cookie's value (256 random bits). */
export async function startSession(db: Db, name: string, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await createSession(db, { tokenHash: hashOf(token), staffName: name, expiresAt: now + IDLE_MS }, now);
  return token;
}

/** Who holds this cookie value; undefined when nobody (any more). Every use moves the idle expiry on. */
export async function signedIn(db: Db, token: string | undefined, now: number): Promise<SignedIn | undefined> {
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
  const tokenHash = hashOf(token);
  const found = await findSession(db, tokenHash, now);
  if (found === undefined) return undefined;
  if (found.session.expiresAt < now + IDLE_MS - EXTEND_MS) {
    await db
      .updateTable('sessions')
      .set({ expires_at: now + IDLE_MS })
      .where('token_hash', '=', tokenHash)
      .execute();
  }
  return { name: found.staff.name, role: found.staff.role };
}

/** Ends the session of this cookie value. */
export async function endSession(db: Db, token: string | undefined): Promise<void> {
  if (token !== undefined) await deleteSession(db, hashOf(token));
}

/** The value of our cookie in a `Cookie` header. */
export function cookieToken(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** The `Set-Cookie` header: with a token it signs in, without one it signs out. */
export function sessionCookie(token: string | undefined, secure: boolean): string {
  const lifetime = token === undefined ? 0 : IDLE_MS / 1000;
  return `${COOKIE}=${token ?? ''}; Path=/desk; HttpOnly; SameSite=Strict; Max-Age=${lifetime}${secure ? '; Secure' : ''}`;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
