/** Rate limits by address and by conversation; 429 in Direct Line shape with Retry-After. */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { DirectLineError } from './errors.ts';
import type { Limits } from './limits.ts';

/** One address; an IPv6 subnet counts as one, since a household owns a whole one. */
export const byAddress = (request: Request): string => ipKeyGenerator(request.ip ?? 'unknown');

/** One conversation; put it behind the token check, or strangers could use up its allowance. */
export const byConversation = (request: Request): string => String(request.params.conversationId);

export interface Throttles {
  readonly starts: RequestHandler;
  readonly posts: RequestHandler[];
  readonly uploads: RequestHandler;
  readonly reads: RequestHandler;
}

function perMinute(limit: number, keyGenerator: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator,
    // A client may count its own requests by these (draft-ietf-httpapi-ratelimit-headers-08).
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => next(new DirectLineError(429, 'TooManyRequests', 'too many requests; wait and try again')),
  });
}

/** One set of counters for one server. They live in this process: with several processes each counts its own share. */
export function createThrottles(limits: Limits): Throttles {
  return {
    starts: perMinute(limits.startsPerIp, byAddress),
    posts: [perMinute(limits.postsPerIp, byAddress), perMinute(limits.postsPerConversation, byConversation)],
    uploads: perMinute(limits.uploadsPerConversation, byConversation),
    reads: perMinute(limits.readsPerConversation, byConversation),
  };
}
