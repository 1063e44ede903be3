/** The Direct Line 3.0 calls the widget makes, one method each. Times out, and turns every failure into a DirectLineError. */
import type { Activity } from '../../../../bot/activity.ts';

/** What the server says of a conversation; `resumeToken` is Wenban's addition: it reopens a conversation after its token expired. */
export interface Grant {
  conversationId?: string;
  token: string;
  expires_in: number;
  streamUrl?: string;
  resumeToken?: string;
}

export interface ActivitySet {
  activities: Activity[];
  watermark?: string;
}

/** `status` 0 means that the server was not reached. `retryAfter` is in milliseconds. */
export class DirectLineError extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.name = 'DirectLineError';
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later: unreachable, overloaded, or broken for the moment. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Whether the token was not good enough. */
  get unauthorised(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT = 20_000;
const UPLOAD_TIMEOUT = 120_000;

export class DirectLineApi {
  readonly #base: string;
  readonly #fetch: Fetch;

  constructor(endpoint: string, fetch: Fetch) {
    this.#base = `${endpoint.replace(/\/+$/, '')}/v3/directline`;
    this.#fetch = fetch;
  }

  generate(userId: string, locale: string): Promise<Grant> {
    return this.#json('POST', '/tokens/generate', undefined, { user: { id: userId }, locale });
  }

  refresh(token: string): Promise<Grant> {
    return this.#json('POST', '/tokens/refresh', token);
  }

  resume(resumeToken: string): Promise<Grant> {
    return this.#json('POST', '/tokens/resume', resumeToken, { resumeToken });
  }

  start(token: string, userId: string, locale: string): Promise<Grant> {
    return this.#json('POST', '/conversations', token, { user: { id: userId }, locale });
  }

  reconnect(token: string, conversationId: string, watermark: string | undefined): Promise<Grant> {
    return this.#json('GET', `${conversationPath(conversationId)}${query({ watermark })}`, token);
  }

  activities(token: string, conversationId: string, watermark: string | undefined): Promise<ActivitySet> {
    return this.#json('GET', `${conversationPath(conversationId)}/activities${query({ watermark })}`, token);
  }

  post(token: string, conversationId: string, activity: Activity): Promise<{ id?: string }> {
    return this.#json('POST', `${conversationPath(conversationId)}/activities`, token, activity);
  }

  /** The citizen is done: the server ends the conversation. Goes out even when the page is being left. */
  end(token: string, conversationId: string, userId: string): Promise<unknown> {
    const activity: Activity = { type: 'endOfConversation', from: { id: userId, role: 'user' } };
    const headers = { 'content-type': 'application/json' };
    const path = `${conversationPath(conversationId)}/activities`;
    return this.#send('POST', path, token, JSON.stringify(activity), headers, TIMEOUT, true);
  }

  upload(token: string, conversationId: string, activity: Activity, file: File): Promise<{ id?: string }> {
    const form = new FormData();
    form.append('activity', new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }));
    form.append('file', file, file.name);
    const path = `${conversationPath(conversationId)}/upload${query({ userId: activity.from.id })}`;
    return this.#send('POST', path, token, form, {}, UPLOAD_TIMEOUT);
  }

  #json<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.#send(method, path, token, body === undefined ? undefined : JSON.stringify(body), headers, TIMEOUT);
  }

  async #send<T>(
    method: string,
    path: string,
    token: string | undefined,
    body: string | FormData | undefined,
    headers: Record<string, string>,
    timeout: number,
    keepalive = false,
  ): Promise<T> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    try {
      const response = await this.#fetch(this.#base + path, {
        method,
        headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
        credentials: 'omit',
        cache: 'no-store',
        signal: abort.signal,
        keepalive,
        ...(body === undefined ? {} : { body }),
      });
      const answer = await readBody(response);
      if (!response.ok) throw new DirectLineError(response.status, errorMessage(answer), retryAfter(response));
      return answer as T;
    } catch (error) {
      if (error instanceof DirectLineError) throw error;
      throw new DirectLineError(0, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

const conversationPath = (id: string): string => `/conversations/${encodeURIComponent(id)}`;

function query(values: Record<string, string | undefined>): string {
  const pairs = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]));
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    // A proxy's HTML page in place of the server's JSON: no answer we can use, worth another try.
    if (response.ok) throw new DirectLineError(502, 'The server did not answer in JSON');
    return {};
  }
}

function errorMessage(body: unknown): string {
  const error = (body as { error?: { message?: unknown } } | null)?.error;
  return typeof error?.message === 'string' ? error.message : '';
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : undefined;
}
