/** One POST to an address somebody configured: https only, no redirects followed, bounded in time and size, never into an inner network unasked. */
import { request } from 'node:https';
import type { AddressGuard } from './address.ts';

export interface PostResult {
  readonly code: number;
  /** What the receiver wants us to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

export interface PostOptions {
  readonly guard: AddressGuard;
  /** Whole exchange, milliseconds. */
  readonly timeoutMs: number;
  /** Certificates trusted besides the usual ones, PEM. */
  readonly ca?: string | undefined;
}

/** Sends a body; answers the status, whatever it is. Rejects when no answer came: forbidden address, no connection, bad certificate, too slow. */
export async function postJson(url: string, body: string, headers: Record<string, string>, options: PostOptions): Promise<PostResult> {
  const target = new URL(url);
  if (target.protocol !== 'https:') throw new Error('only https addresses are called');
  options.guard.checkHost(target.hostname);
  const signal = AbortSignal.timeout(options.timeoutMs);
  return new Promise((resolve, reject) => {
    const late = (error: Error) => reject(signal.aborted ? new Error(`no answer within ${options.timeoutMs / 1000} s`) : error);
    const call = request(
      target,
      {
        method: 'POST',
        // A connection of its own: one that is kept open was checked for another moment.
        agent: false,
        signal,
        lookup: options.guard.resolve,
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Wenban-Webhooks',
          ...headers,
        },
      },
      (response) => {
        // Nobody needs what the receiver says besides its status.
        response.destroy();
        const wait = Number(response.headers['retry-after']);
        resolve({ code: response.statusCode ?? 0, retryAfterMs: Number.isFinite(wait) && wait > 0 ? wait * 1000 : undefined });
      },
    );
    call.once('error', late);
    call.end(body);
  });
}
