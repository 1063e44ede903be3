/** Rate limits by address and by conversation; 429 in Direct Line shape with Retry-After. */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
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

/** Counts a use of a key for all processes: how many there are in its window, and when that ends (epoch milliseconds). */
export type CountUse = (key: string, allowance: { limit: number; windowMs: number }) => Promise<{ used: number; until: number }>;

const windowMs = 60_000;

/** Counters kept elsewhere, as express-rate-limit asks for them. */
function counters(name: string, limit: number, use: CountUse): Store {
  const prefix = `directline ${name} `;
  return {
    // Tells the limits of one request apart.
    prefix,
    increment: async (key) => {
      // Who can't be counted because the store is out of order hears that from the request itself.
      const counted = await use(prefix + key, { limit, windowMs }).catch(() => undefined);
      return counted ? { totalHits: counted.used, resetTime: new Date(counted.until) } : { totalHits: 1, resetTime: undefined };
    },
    // Nothing is taken back here: no limit leaves out requests that failed.
    decrement: () => undefined,
    resetKey: () => undefined,
  };
}

/** One set of counters for one server; without `use` they live in this process alone. */
export function createThrottles(limits: Limits, use?: CountUse): Throttles {
  const perMinute = (name: string, limit: number, keyGenerator: (request: Request) => string): RequestHandler =>
    rateLimit({
      windowMs,
      limit,
      keyGenerator,
      ...(use ? { store: counters(name, limit, use) } : {}),
      // A client may count its own requests by these (draft-ietf-httpapi-ratelimit-headers-08).
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: (_request, _response, next) => next(new DirectLineError(429, 'TooManyRequests', 'too many requests; wait and try again')),
    });
  return {
    starts: perMinute('starts', limits.startsPerIp, byAddress),
    posts: [perMinute('posts from', limits.postsPerIp, byAddress), perMinute('posts in', limits.postsPerConversation, byConversation)],
    uploads: perMinute('uploads', limits.uploadsPerConversation, byConversation),
    reads: perMinute('reads', limits.readsPerConversation, byConversation),
  };
}
