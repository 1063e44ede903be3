/** What Prometheus collects at /metrics. Each part of the server adds its own to the registry; labels never hold what tells of a person. */
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type HttpMetrics, httpMetrics } from './http-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  /** Answers GET /metrics in Prometheus' text format. */
  readonly handler: RequestHandler;
  /** Times requests and counts WebSockets. */
  readonly http: HttpMetrics;
}

/** A registry of its own for each server, with the metrics of the process in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    http: httpMetrics(registry),
    handler: async (_request, response) => {
      response.set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).send(await registry.metrics());
    },
  };
}
