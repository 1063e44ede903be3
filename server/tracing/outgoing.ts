/** Puts `traceparent` on requests to our own back ends. Source: undici's diagnostics channel `undici:request:create`, W3C Trace Context. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, propagation } from '@opentelemetry/api';

interface UndiciRequest {
  readonly origin: string | URL;
  addHeader(name: string, value: string): void;
}

/** Every request that fetch or undici sends to one of `origins` carries the running span. Returns how to stop. */
export function passOn(origins: ReadonlySet<string>): () => void {
  const listener = (message: unknown): void => {
    const { request } = message as { request: UndiciRequest };
    if (!origins.has(String(request.origin).replace(/\/$/, ''))) return;
    propagation.inject(context.active(), request, { set: (carrier, name, value) => carrier.addHeader(name, value) });
  };
  subscribe('undici:request:create', listener);
  return () => void unsubscribe('undici:request:create', listener);
}
