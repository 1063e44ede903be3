/** OpenTelemetry spans of turns, steps, model calls, deliveries and requests. Loaded only where an endpoint takes them. */
import { createHash } from 'node:crypto';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-node';
import type { RequestHandler } from 'express';
import type { Facts, Observe } from '../../bot/observe.ts';
import { routeOf } from '../http-metrics.ts';
import { passOn } from './outgoing.ts';
import type { TracingSettings } from './settings.ts';

export interface Tracing {
  readonly observe: Observe;
  /** Goes before every route: a request's span, below the caller's when it sent a `traceparent`. */
  readonly handler: RequestHandler;
  /** Sends what is left; at most a few seconds. */
  close(): Promise<void>;
}

/** What a fact is called on a span. A conversation's id opens it, so only its hash leaves the house. */
function attributesOf(facts: Facts): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) =>
      name === 'conversation'
        ? ['wenban.conversation_hash', createHash('sha256').update(String(value)).digest('hex').slice(0, 16)]
        : [`wenban.${name}`, value],
    ),
  );
}

const kinds: Readonly<Record<string, SpanKind>> = { turn: SpanKind.CONSUMER, model: SpanKind.CLIENT, deliver: SpanKind.PRODUCER };

/**
 * Starts sending spans as OTLP over HTTP.
 * @param version of Wenban; @param origins whose requests carry `traceparent` on: the model's, the index's, never a stranger's
 */
export function startTracing(settings: TracingSettings, version: string, origins: readonly string[]): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${settings.endpoint}/v1/traces`, headers: { ...settings.headers } });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.serviceName, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.ratio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  const tracer = trace.getTracer('wenban', version);
  const stopPassingOn = passOn(new Set(origins));

  const observe: Observe = (step, facts, work) =>
    tracer.startActiveSpan(step, { kind: kinds[step] ?? SpanKind.INTERNAL, attributes: attributesOf(facts) }, async (span) => {
      try {
        return await work((more) => void span.setAttributes(attributesOf(more)));
      } catch (error) {
        failed(span, error);
        throw error;
      } finally {
        span.end();
      }
    });

  const handler: RequestHandler = (request, response, next) => {
    const caller = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method } }, caller);
    response.once('close', () => {
      const route = routeOf(request);
      span.updateName(`${request.method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(caller, span), next);
  };

  return {
    observe,
    handler,
    close: async () => {
      stopPassingOn();
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** Only the kind of an error: its words may repeat what somebody wrote. */
function failed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', error instanceof Error ? error.constructor.name : 'unknown');
}
