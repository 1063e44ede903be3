/** What every answer says to the browser, and how patient the server is with slow clients. */
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Node's own defaults are a minute for the headers; a slow upload over a bad line keeps its five minutes. */
export const serverLimits = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
} as const;

const hostName = /^(?:[a-z\d](?:[a-z\d.-]{0,252}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Where the pages' own WebSockets lead, as CSP sources: `publicUrl`, or the host the request was sent to; none for a Host header that
 * is no host. Safari before 15.4 does not count our own WebSocket as 'self'. Source: MDN, connect-src, browser compatibility.
 */
export function socketSources(publicUrl: string | undefined, host: string | undefined): string[] {
  if (publicUrl !== undefined) return [new URL(publicUrl).origin.replace(/^http/, 'ws')];
  return host !== undefined && hostName.test(host) ? [`ws://${host}`, `wss://${host}`] : [];
}

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
      connectSrc: [(request: IncomingMessage) => ["'self'", ...socketSources(publicUrl, request.headers.host)].join(' ')],
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
  const [pages, desk] = [remembering(headers("'self'")), remembering(headers("'none'"))];
  return [(request, response, next) => (/^\/desk(\/|$)/.test(request.path) ? desk : pages)(request, response, next)];
}

/** Anybody can make up a host. */
const hostsRemembered = 50;

/** What helmet sets hangs on the host alone: it is worked out once for each. */
function remembering(helmeted: RequestHandler): RequestHandler {
  const known = new Map<string, readonly (readonly [string, string])[]>();
  return (request, response, next) => {
    const { host = '' } = request.headers;
    const remembered = known.get(host);
    const headers = remembered ?? headersOf(helmeted, request);
    if (!remembered && known.size < hostsRemembered) known.set(host, headers);
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** What helmet, which works at once, would set on an answer to the request. Throws what it has against it. */
function headersOf(helmeted: RequestHandler, request: Request): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  const setHeader = (name: string, value: string) => void headers.push([name, value]);
  const asked = { setHeader, removeHeader: () => undefined } as unknown as Response;
  helmeted(request, asked, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
