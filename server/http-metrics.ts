/** Requests by route template, and open WebSockets. */
import type { Server } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { Gauge, Histogram, type Registry } from 'prom-client';

/** The template of the route that answered (`/desk/api/conversations/:id`), never the address itself: that holds ids. Call when the response is done. */
export function routeOf(request: Request): string {
  const path: unknown = request.route?.path;
  const own = Array.isArray(path) ? path[0] : path;
  return typeof own === 'string' ? (request.baseUrl + own).replace(/(.)\/$/, '$1') : 'other';
}

export interface HttpMetrics {
  /** Goes before every route. */
  readonly handler: RequestHandler;
  /** Counts the WebSockets of a server. */
  watch(server: Server): void;
}

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const time = new Histogram({
    name: 'wenban_http_request_duration_seconds',
    help: 'Requests by method, route and kind of status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const sockets = new Gauge({ name: 'wenban_websocket_connections', help: 'WebSockets that are open now', registers });
  return {
    handler: (request, response, next) => {
      const start = performance.now();
      response.once('close', () => {
        // What a stranger makes up must not become a label of its own.
        const method = methods.has(request.method) ? request.method : 'other';
        const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
        time.observe({ method, route: routeOf(request), status }, (performance.now() - start) / 1000);
      });
      next();
    },
    watch: (server) => {
      server.on('upgrade', (_request, socket) => {
        sockets.inc();
        socket.once('close', () => sockets.dec());
      });
    },
  };
}
