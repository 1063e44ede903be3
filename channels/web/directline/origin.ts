/** Which web pages may talk to this server, and the CORS headers that tell their browsers so. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { DirectLineError } from './errors.ts';
import type { Context } from './options.ts';

/**
 * Whether the page that sent the request may talk to us. True without an Origin header: that is no browser page of another
 * site, and a program could write any header it likes.
 */
export function originAllowed(context: Pick<Context, 'publicUrl' | 'allowedOrigins'>, request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (context.allowedOrigins.includes('*') || context.allowedOrigins.includes(origin)) return true;
  if (origin === 'null' || !URL.canParse(origin)) return false;
  return new URL(origin).host === host || origin === new URL(context.publicUrl(request)).origin;
}

/** CORS for allowed origins, preflight included; 403 for all others. Direct Line carries no cookies, so no credentials. */
export function cors(context: Context): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    if (!originAllowed(context, request)) {
      throw new DirectLineError(403, 'OriginNotAllowed', `origin ${request.headers.origin} is not among the allowed origins`);
    }
    if (request.headers.origin !== undefined) {
      response.set('Access-Control-Allow-Origin', request.headers.origin);
      response.set('Access-Control-Expose-Headers', 'Retry-After');
    }
    if (request.method !== 'OPTIONS') return next();
    response.set({
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Content-Disposition, X-Requested-With, x-ms-bot-agent',
      'Access-Control-Max-Age': '600',
    });
    response.status(204).end();
  };
}
