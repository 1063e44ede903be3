/** A Qdrant server: address, key, time limits, retries, and errors in plain words. */
import { setTimeout as pause } from 'node:timers/promises';
import { QdrantClient, QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest';
import { z } from 'zod';

export interface QdrantSettings {
  /** http(s)://host[:port][/path]; without a port 6333. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** For one search, milliseconds (default 5,000). */
  readonly searchTimeout?: number | undefined;
  /** For one batch of points or one change of a collection, milliseconds (default 60,000). */
  readonly writeTimeout?: number | undefined;
  /** Waits between tries; for tests. */
  readonly sleep?: ((milliseconds: number) => Promise<unknown>) | undefined;
}

/** Something went wrong with the server; the message is a sentence for the operator and names no key. */
export class QdrantError extends Error {
  override readonly name = 'QdrantError';
  readonly status: number | undefined;
  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const searchTries = 2;
const writeTries = 5;
const firstPause = 200;
/** A server that asks for more patience than this is told of, not waited for. */
const longestPause = 10_000;

export class Connection {
  /** Host and port: what messages name. */
  readonly address: string;
  readonly #searching: QdrantClient;
  readonly #writing: QdrantClient;
  readonly #sleep: (milliseconds: number) => Promise<unknown>;

  /** Errors: `QdrantError` when the URL is none. Does not connect yet. */
  constructor(settings: QdrantSettings) {
    const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      throw new QdrantError(`QDRANT_URL must look like http://host:6333, not “${settings.url}”.`);
    // The client takes a URL's standard port (80, 443) for none: it is read from the text.
    const written = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):(\d+)/i.exec(settings.url)?.[1];
    const port = written === undefined ? 6333 : Number(written);
    const prefix = url.pathname.replace(/\/+$/, '');
    this.address = `${url.protocol}//${url.hostname}:${port}${prefix}`;
    const client = (timeout: number) =>
      new QdrantClient({
        url: `${url.protocol}//${url.hostname}:${port}`,
        port,
        ...(prefix ? { prefix } : {}),
        ...(settings.apiKey ? { apiKey: settings.apiKey } : {}),
        timeout,
        checkCompatibility: false,
      });
    this.#searching = client(settings.searchTimeout ?? 5_000);
    this.#writing = client(settings.writeTimeout ?? 60_000);
    this.#sleep = settings.sleep ?? ((milliseconds) => pause(milliseconds));
  }

  /** One search, tried twice at most. Errors: `QdrantError`. */
  search<T>(doing: string, work: (client: QdrantClient) => Promise<T>): Promise<T> {
    return this.#retrying(doing, searchTries, () => work(this.#searching));
  }

  /** One change that may be repeated without harm, tried five times with growing pauses. Errors: `QdrantError`. */
  write<T>(doing: string, work: (client: QdrantClient) => Promise<T>): Promise<T> {
    return this.#retrying(doing, writeTries, () => work(this.#writing));
  }

  async #retrying<T>(doing: string, tries: number, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const failure = explain(error, this.address, doing);
        const wait = Math.max(firstPause * 2 ** (attempt - 1), failure.retryAfter ?? 0);
        if (!failure.transient || attempt >= tries || wait > longestPause) throw failure.error;
        await this.#sleep(wait);
      }
    }
  }
}

interface Failure {
  readonly error: QdrantError;
  readonly transient: boolean;
  readonly retryAfter?: number;
}

/** What the client throws for an answer that is none: its `ApiError` is not exported, so its shape is read. */
const answerSchema = z.object({
  status: z.number(),
  data: z
    .object({ status: z.object({ error: z.string() }) })
    .optional()
    .catch(undefined),
});

function explain(error: unknown, address: string, doing: string): Failure {
  const failure = (sentence: string, transient: boolean, status?: number): Failure => ({
    error: new QdrantError(`${sentence} (${doing})`, status, error),
    transient,
  });
  if (error instanceof QdrantClientTimeoutError) return failure(`Qdrant at ${address} did not answer in time.`, true);
  if (error instanceof QdrantClientResourceExhaustedError)
    return { ...failure(`Qdrant at ${address} is asked too much and wants a pause.`, true, 429), retryAfter: error.retry_after * 1000 };
  const answer = answerSchema.safeParse(error);
  if (answer.success) {
    const { status, data } = answer.data;
    const said = data?.status.error.slice(0, 300) ?? '';
    if (status === 401 || status === 403) return failure(`Qdrant at ${address} refuses the key: check QDRANT_API_KEY.`, false, status);
    if (status === 404)
      return failure(`Qdrant at ${address} does not find it: ${said || 'is QDRANT_URL the address of a Qdrant?'}`, false, status);
    const transient = status === 408 || status === 429 || status >= 500;
    return failure(`Qdrant at ${address} answered ${status}${said ? `: ${said}` : ''}.`, transient, status);
  }
  // undici's "fetch failed" has the reason (ECONNREFUSED, ENOTFOUND …) in its cause.
  if (error instanceof TypeError)
    return failure(`Qdrant at ${address} cannot be reached (${reasonOf(error.cause)}): is it running, and is QDRANT_URL right?`, true);
  return failure(`Qdrant at ${address}: ${error instanceof Error ? error.message : String(error)}`, false);
}

function reasonOf(cause: unknown): string {
  const read = z.object({ code: z.string() }).safeParse(cause);
  if (read.success) return read.data.code;
  return cause instanceof Error ? cause.message : 'no connection';
}
