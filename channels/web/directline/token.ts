/**
 * Tokens: what lets a browser speak in one conversation, and in no other.
 *
 * A token is a JWT (RFC 7519) signed with HS256, because Microsoft's clients read its `user` claim. Two uses exist:
 * - `talk`, 30 minutes: the Direct Line token. Refreshed before it expires (POST tokens/refresh).
 * - `resume`, 30 days: our addition. A widget keeps it and exchanges it (POST tokens/resume) for a fresh `talk` token after
 *   the page was closed for longer than a token lives, so that the citizen finds the conversation again. It opens nothing else.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export const TALK_SECONDS = 30 * 60;
export const RESUME_SECONDS = 30 * 24 * 60 * 60;

const claimsSchema = z.strictObject({
  use: z.enum(['talk', 'resume']),
  /** The one conversation it opens. */
  conv: z.string().min(1),
  /** Replaces `from.id` of every activity; named as in Microsoft's tokens. */
  user: z.string().min(1),
  /** Web origin it was handed to; a request from another origin is refused. */
  origin: z.string().optional(),
  /** Epoch seconds. */
  exp: z.int(),
});
export type Claims = z.infer<typeof claimsSchema>;

export type ReadToken = { ok: true; claims: Claims } | { ok: false; reason: 'invalid' | 'expired' };

// The only header ever accepted, compared as text: there is no algorithm for an attacker to choose.
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

const sign = (signingKey: string, text: string): Buffer => createHmac('sha256', signingKey).update(text).digest();

/** Whether two strings are equal, in time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Signs claims into a token. */
export function writeToken(signingKey: string, claims: Claims): string {
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${sign(signingKey, signed).toString('base64url')}`;
}

/** Reads a token; `invalid` for anything this key did not sign, `expired` for what it signed and is over at `now` (ms). */
export function readToken(signingKey: string, token: string, now: number): ReadToken {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header !== HEADER || !payload || !signature || rest.length > 0) return { ok: false, reason: 'invalid' };
  const expected = sign(signingKey, `${header}.${payload}`).toString('base64url');
  if (!sameText(signature, expected)) return { ok: false, reason: 'invalid' };
  const claims = claimsSchema.safeParse(parseJson(Buffer.from(payload, 'base64url').toString()));
  if (!claims.success) return { ok: false, reason: 'invalid' };
  return claims.data.exp * 1000 > now ? { ok: true, claims: claims.data } : { ok: false, reason: 'expired' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
