/** A Qdrant server: address, key, time limits, retries, and errors in plain words. */
import { setTimeout as pause } from 'node:timers/promises';
import { QdrantClient, QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest';
import { z } from 'zod';
import { UnitsError, UnitsUnavailable } from '../units-rank.ts';

export interface QdrantSettings {
  /** http(s)://host[:port][/path]; without a port 6333. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** For one search, milliseconds (default 3,000). */
  readonly searchTimeout?: number | undefined;
  /** For one batch of points or one change of a collection, milliseconds (default 60,000). */
  readonly writeTimeout?: number | undefined;
  /** Waits between tries, and milliseconds since 1970; for tests. */
  readonly sleep?: ((milliseconds: number) => Promise<unknown>) | undefined;
  readonly now?: (() => number) | undefined;
}

/** What went wrong with the server; the message is a sentence for the operator and names no key. */
export class QdrantError extends UnitsUnavailable {
  override readonly name = 'QdrantError';
  readonly status: number | undefined;
  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const oldest = [1, 17] as const;
const searchTries = 2;
const writeTries = 5;
const firstPause = 200;
/** A server that asks for more patience than this is told of, not waited for. */
const longestPause = 10_000;
/** After a search that got no answer, the next ones are refused at once for this long: no citizen waits for a server that is down. */
const restAfterFailure = 5_000;

export class Connection {
  /** Host and port: what messages name. */
  readonly address: string;
  /** The key would travel readable for anybody on the way. */
  readonly exposesKey: boolean;
  readonly #searching: QdrantClient;
  readonly #writing: QdrantClient;
  readonly #sleep: (milliseconds: number) => Promise<unknown>;
  readonly #now: () => number;
  readonly #writeTries: number;
  #resting: { readonly until: number; readonly because: QdrantError } | undefined;

  /** Errors: `UnitsError` when the URL is none. Does not connect yet. */
  constructor(settings: QdrantSettings, tries = writeTries) {
    this.#writeTries = tries;
    const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw new UnitsError(`QDRANT_URL must look like http://host:6333, not “${settings.url}”.`);
    // The client takes a URL's standard port (80, 443) for none: it is read from the text.
    const written = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):(\d+)/i.exec(settings.url)?.[1];
    const port = written === undefined ? 6333 : Number(written);
    const prefix = url.pathname.replace(/\/+$/, '');
    this.address = `${url.protocol}//${url.hostname}:${port}${prefix}`;
    this.exposesKey = Boolean(settings.apiKey) && url.protocol === 'http:' && !/^(?:localhost|127\..*|\[::1\])$/.test(url.hostname);
    const client = (timeout: number) =>
      new QdrantClient({
        url: `${url.protocol}//${url.hostname}:${port}`,
        port,
        ...(prefix ? { prefix } : {}),
        // As a header: given as a key, the client writes to the console when the server speaks plain HTTP. `qdrantHealth` says it instead.
        ...(settings.apiKey ? { headers: { 'api-key': settings.apiKey } } : {}),
        timeout,
        checkCompatibility: false,
      });
    this.#searching = client(settings.searchTimeout ?? 3_000);
    this.#writing = client(settings.writeTimeout ?? 60_000);
    this.#sleep = settings.sleep ?? ((milliseconds) => pause(milliseconds));
    this.#now = settings.now ?? Date.now;
  }

  /** One search, tried twice at most, once where the server let it wait. Errors: `QdrantError`, at once while the server rests. */
  async search<T>(doing: string, work: (client: QdrantClient) => Promise<T>): Promise<T> {
    if (this.#resting && this.#now() < this.#resting.until) throw this.#resting.because;
    try {
      const answer = await this.#retrying(doing, searchTries, () => work(this.#searching));
      this.#resting = undefined;
      return answer;
    } catch (error) {
      if (error instanceof QdrantError && (error.status === undefined || error.status >= 500))
        this.#resting = { until: this.#now() + restAfterFailure, because: error };
      throw error;
    }
  }

  /** One change that may be repeated without harm, tried five times (or as the constructor was told) with growing pauses. Errors: `QdrantError`. */
  write<T>(doing: string, work: (client: QdrantClient) => Promise<T>): Promise<T> {
    return this.#retrying(doing, this.#writeTries, () => work(this.#writing));
  }

  /** Errors: `QdrantError`, also when the server is too old for fusion by formula with defaults and idf over sparse vectors as used here. */
  async version(): Promise<string> {
    const { version } = await this.write('asking for the version', (client) => client.versionInfo());
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
      throw new QdrantError(`Qdrant at ${this.address} is version ${version}; Wenban needs ${oldest.join('.')} or newer.`);
    return version;
  }

  async #retrying<T>(doing: string, tries: number, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const failure = explain(error, this.address, doing);
        const wait = Math.max(firstPause * 2 ** (attempt - 1), failure.retryAfter ?? 0);
        const patient = tries > searchTries || !failure.slow;
        if (!failure.transient || !patient || attempt >= tries || wait > longestPause) throw failure.error;
        await this.#sleep(wait);
      }
    }
  }
}

interface Failure {
  readonly error: QdrantError;
  readonly transient: boolean;
  /** The whole time was waited for already. */
  readonly slow?: boolean;
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
  if (error instanceof QdrantClientTimeoutError) return { ...failure(`Qdrant at ${address} did not answer in time.`, true), slow: true };
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
