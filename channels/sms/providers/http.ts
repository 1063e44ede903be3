/** One HTTP request of a provider: its answer, or why there is none. */
import type { Fetch, SendResult } from './provider.ts';

export type Answer =
  | { readonly ok: true; readonly status: number; readonly json: unknown }
  | { readonly ok: false; readonly result: SendResult };

const timeoutMs = 10_000;

/**
 * Posts and reads JSON. Nothing connected means nothing was sent; a cut or silent connection after that is uncertain. 429 asks for
 * slower, 5xx is uncertain too: the provider may have failed after taking the message.
 */
export async function request(fetch: Fetch, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const text = await response.text();
    if (response.status === 429) return failed('slower', '429');
    if (response.status === 503) return failed('down', String(response.status));
    if (response.status >= 500) return failed('uncertain', String(response.status));
    try {
      return { ok: true, status: response.status, json: JSON.parse(text) };
    } catch {
      return failed(response.ok ? 'uncertain' : 'down', `${response.status} without JSON`);
    }
  } catch (error) {
    const code = causeOf(error);
    return failed(notConnected.has(code) ? 'down' : 'uncertain', code);
  }
}

const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

function causeOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : typeof code === 'string' ? code : (name ?? 'Error');
}

const failed = (why: 'slower' | 'down' | 'uncertain', code: string): Answer => ({ ok: false, result: { ok: false, why, code } });
