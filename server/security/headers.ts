/** What every answer says to the browser, and how patient the server is with slow clients. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Node's own defaults are a minute for the headers; a slow upload over a bad line keeps its five minutes. */
export const serverLimits = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** Scripts, styles, fonts and connections come from ourselves only, none of them inline; nobody may frame the desk. */
export function pageSecurity(publicUrl: string | undefined): RequestHandler[] {
  const policy = (ancestors: string) => ({
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      // Older Safari doesn't count our own WebSocket as 'self'.
      connectSrc: ["'self'", ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin.replace(/^http/, 'ws')])],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: [ancestors],
    },
  });
  const headers = (ancestors: string) =>
    helmet({
      contentSecurityPolicy: policy(ancestors),
      crossOriginResourcePolicy: { policy: 'same-origin' },
      xFrameOptions: { action: ancestors === "'none'" ? 'deny' : 'sameorigin' },
    });
  const [pages, desk] = [headers("'self'"), headers("'none'")];
  return [(request, response, next) => (/^\/desk(\/|$)/.test(request.path) ? desk : pages)(request, response, next)];
}
