/** One HTTP exchange with the WeChat API. Addresses hold tokens and secrets, so errors name the path only. */
import { WechatApiError, WechatUnreachableError } from './errors.ts';

export interface Transport {
  /** https://api.weixin.qq.com, or what stands in for it. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** GET, or POST with a JSON body or a form with files. Rejects with WechatUnreachableError when nothing usable came back. */
export async function exchange(transport: Transport, path: string, query: Record<string, string>, body?: unknown): Promise<Response> {
  const url = `${transport.baseUrl}${path}?${new URLSearchParams(query)}`;
  let response: Response;
  try {
    response = await transport.fetch(url, {
      signal: AbortSignal.timeout(transport.timeoutMs),
      redirect: 'error',
      ...posted(body),
    });
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    const sent = !(typeof cause === 'string' && notConnected.has(cause));
    throw new WechatUnreachableError(`${path}: ${sent ? 'no answer' : 'not reachable'} (${String(cause ?? (error as Error).name)})`, sent);
  }
  if (!response.ok) throw new WechatUnreachableError(`${path}: HTTP ${response.status}`, false);
  return response;
}

function posted(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (body instanceof FormData) return { method: 'POST', body };
  return { method: 'POST', headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

/** The JSON of an answer, whatever its content type. Rejects with WechatApiError for an error code. */
export async function answerOf(response: Response, path: string): Promise<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse((await response.text()).replace(/("msgid"\s*:\s*)(\d+)/gi, '$1"$2"'));
  } catch {
    throw new WechatUnreachableError(`${path}: the answer is not JSON`, true);
  }
  if (typeof answer !== 'object' || answer === null) throw new WechatUnreachableError(`${path}: the answer is not an object`, true);
  const { errcode, errmsg } = answer as { errcode?: unknown; errmsg?: unknown };
  if (typeof errcode === 'number' && errcode !== 0) throw new WechatApiError(errcode, String(errmsg ?? ''));
  return answer as Record<string, unknown>;
}
