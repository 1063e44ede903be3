/** One function that turns whatever a call throws into an error of ours. */
import type OpenAI from 'openai';
import type { ModelError } from './model.ts';
import { IdentifierInRequest } from './privacy.ts';

type Sdk = typeof OpenAI;

/** Status the endpoint answered with, if it did. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}

/** `timedOut`: our own clock ended the attempt. Messages never hold text of a request. */
export function modelErrorOf(error: unknown, sdk: Sdk, timedOut: boolean, aborted: boolean): ModelError {
  if (causes(error).some((one) => one instanceof IdentifierInRequest))
    return { kind: 'identifier', message: new IdentifierInRequest().message };
  if (aborted) return { kind: 'aborted', message: 'the caller gave up' };
  if (timedOut || error instanceof sdk.APIConnectionTimeoutError || statusOf(error) === 408)
    return { kind: 'timeout', message: 'no answer in time' };
  const status = statusOf(error);
  if (status === 429) return { kind: 'rate_limited', message: 'the endpoint limits our rate (429)' };
  if (status !== undefined && status < 500) return { kind: 'rejected', message: `the endpoint refused the request (${status})` };
  if (status !== undefined) return { kind: 'unavailable', message: `the endpoint failed (${status})` };
  return { kind: 'unavailable', message: `the endpoint could not be reached (${error instanceof Error ? error.name : 'unknown'})` };
}

function causes(error: unknown): unknown[] {
  const list: unknown[] = [];
  for (let one = error; one instanceof Error && list.length < 6; one = one.cause) list.push(one);
  return list;
}

/** Milliseconds the endpoint asks us to wait, if it says. */
export function retryAfter(error: unknown): number | undefined {
  const headers = (error as { headers?: { get?: (name: string) => string | null } } | null)?.headers;
  const seconds = Number(headers?.get?.('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
