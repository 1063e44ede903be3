/** Who is asking: the holder of the secret (a server) or of a token (one conversation's client). */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { DirectLineError } from './errors.ts';
import type { Context } from './options.ts';
import { type Claims, type ReadToken, readToken, sameText } from './token.ts';

export type Caller = { kind: 'secret' } | { kind: 'token'; claims: Claims };

/** The credential of `Authorization: Bearer …`, or undefined when there is none. */
export function bearer(request: IncomingMessage): string | undefined {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  return match?.[1];
}

/** Whether the credential is the server-to-server secret. */
export function isSecret(context: Context, credential: string | undefined): boolean {
  return credential !== undefined && context.secret !== undefined && context.secret !== '' && sameText(credential, context.secret);
}

/** Tokens whose signature held: a client shows its own with every request. */
const signed = new WeakMap<Context, Map<string, Claims>>();
const remembered = 5000;

function tokenRead(context: Context, token: string): ReadToken {
  const known = signed.get(context) ?? new Map<string, Claims>();
  signed.set(context, known);
  const claims = known.get(token);
  if (claims) {
    if (claims.exp * 1000 > context.now()) return { ok: true, claims };
    known.delete(token);
  }
  const read = readToken(context.signingKey, token, context.now());
  if (!read.ok) return read;
  const oldest = known.size >= remembered ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  known.set(token, read.claims);
  return read;
}

/**
 * Reads a token for one use. Throws DirectLineError: 401 for what we did not sign, 403 TokenExpired (the code
 * botframework-directlinejs waits for), 403 when the page is not the one the token was given to.
 */
export function readClaims(context: Context, request: IncomingMessage, token: string | undefined, use: Claims['use']): Claims {
  if (token === undefined) throw new DirectLineError(401, 'MissingToken', 'send Authorization: Bearer <token>');
  const read = tokenRead(context, token);
  if (!read.ok && read.reason === 'expired') throw new DirectLineError(403, 'TokenExpired', 'the token has expired');
  if (!read.ok || read.claims.use !== use) throw new DirectLineError(401, 'BadToken', 'the token is not valid here');
  const { origin } = request.headers;
  if (read.claims.origin !== undefined && origin !== undefined && origin !== read.claims.origin) {
    throw new DirectLineError(403, 'OriginMismatch', 'the token was given to a page of another origin');
  }
  return read.claims;
}

/** The caller of a request. Throws as {@link readClaims}. */
export function identify(context: Context, request: IncomingMessage): Caller {
  const credential = bearer(request);
  if (isSecret(context, credential)) return { kind: 'secret' };
  return { kind: 'token', claims: readClaims(context, request, credential, 'talk') };
}

/** Throws DirectLineError 403 when a token is another conversation's. */
export function requireOwn(claims: Claims, conversationId: string): void {
  if (claims.conv !== conversationId) throw new DirectLineError(403, 'OtherConversation', 'the token belongs to another conversation');
}

/** Middleware of every `/conversations/:conversationId` route: refuses strangers before anything else is done, keeps the caller for {@link callerOf}. */
export function authorize(context: Context): RequestHandler {
  return (request, response, next) => {
    const caller = identify(context, request);
    if (caller.kind === 'token') requireOwn(caller.claims, String(request.params.conversationId));
    response.locals.caller = caller;
    next();
  };
}

/** The caller that {@link authorize} let in. */
export const callerOf = (response: Response): Caller => response.locals.caller as Caller;
