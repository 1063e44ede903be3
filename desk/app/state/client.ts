/** Calls the staff API. A failure is a value: the caller shows its message. */

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

const CALL_MS = 15_000;
const UPLOAD_MS = 120_000;

export class DeskClient {
  /** Server time minus browser time, milliseconds: waiting times must not depend on a wrong clock. */
  clockOffset = 0;
  readonly #fetch: typeof fetch;

  constructor(fetcher: typeof fetch = (...input) => fetch(...input)) {
    this.#fetch = fetcher;
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: object = {}): Promise<Answer<T>> {
    return this.#call<T>('POST', path, JSON.stringify(body));
  }

  put<T>(path: string, body: object): Promise<Answer<T>> {
    return this.#call<T>('PUT', path, JSON.stringify(body));
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>('DELETE', path);
  }

  /** Sends a file as it is. */
  upload<T>(path: string, file: Blob): Promise<Answer<T>> {
    return this.#call<T>('POST', path, file);
  }

  async #call<T>(method: string, path: string, body?: string | Blob): Promise<Answer<T>> {
    const sent = Date.now();
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(`/desk/api${path}`, {
        method,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(body instanceof Blob ? UPLOAD_MS : CALL_MS),
        ...(body === undefined
          ? {}
          : { body, headers: { 'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json' } }),
      });
      text = await response.text();
    } catch {
      return { ok: false, status: 0, code: 'offline', message: '连接不上服务器，请检查网络' };
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    // the header has whole seconds: half a second and half the way back are the best guess
    if (!Number.isNaN(date)) this.clockOffset = date + 500 - (sent + Date.now()) / 2;
    const value = parseJson(text);
    if (response.ok) return { ok: true, value: value as T };
    const { error } = (value ?? {}) as { error?: { code?: string; message?: string } };
    return {
      ok: false,
      status: response.status,
      code: error?.code ?? 'unknown',
      message: error?.message ?? '服务器没有正确回应，请稍后再试',
    };
  }
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
