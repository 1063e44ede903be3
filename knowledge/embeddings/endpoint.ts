/** Embeddings of any OpenAI-compatible endpoint: batched, at most a few requests at once, retried, cached by content. */
import { createHash } from 'node:crypto';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { z } from 'zod';
import type { Embedder } from './embedder.ts';
import { makeLimiter } from './limiter.ts';
import { toUnitLength } from './static.ts';

/** Where vectors are kept between runs. Keys are hexadecimal digests that name model and content. */
export interface EmbeddingCache {
  /** One place for each key, in order; undefined where nothing is kept. */
  get(keys: readonly string[]): Promise<readonly (Float32Array | undefined)[]>;
  set(entries: readonly { readonly key: string; readonly vector: Float32Array }[]): Promise<void>;
}

export interface EndpointSettings {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** Asked of the endpoint and checked; without it the first answer decides. */
  readonly dimensions?: number | undefined;
  /** Texts in one request; some services take no more than 10. */
  readonly batchSize?: number | undefined;
  /** Requests at once. */
  readonly concurrency?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Further attempts after 408, 409, 429, 5xx, a timeout or a broken connection; the wait doubles, Retry-After is obeyed. */
  readonly retries?: number | undefined;
  /** Put before every query, for models that want an instruction. */
  readonly queryPrefix?: string | undefined;
  readonly passagePrefix?: string | undefined;
}

const blank = (value: unknown): unknown => (value === '' ? undefined : value);
const environment = z.object({
  EMBEDDING_BASE_URL: z.preprocess(blank, z.url().optional()),
  EMBEDDING_API_KEY: z.preprocess(blank, z.string().optional()),
  EMBEDDING_MODEL: z.preprocess(blank, z.string().optional()),
  EMBEDDING_DIMENSIONS: z.preprocess(blank, z.coerce.number().int().min(1).max(16384).optional()),
  EMBEDDING_BATCH: z.preprocess(blank, z.coerce.number().int().min(1).max(64).optional()),
  EMBEDDING_QUERY_PREFIX: z.preprocess(blank, z.string().optional()),
});

/** The endpoint the environment names; none when EMBEDDING_BASE_URL is empty. Problems name the key that is wrong or missing. */
export function endpointSettings(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; endpoint: EndpointSettings | undefined } | { ok: false; problems: string[] } {
  const parsed = environment.safeParse(env);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const found = parsed.data;
  if (!found.EMBEDDING_BASE_URL) return { ok: true, endpoint: undefined };
  if (!found.EMBEDDING_MODEL) return { ok: false, problems: ['EMBEDDING_MODEL: must name a model, because EMBEDDING_BASE_URL is set'] };
  const endpoint = {
    baseUrl: found.EMBEDDING_BASE_URL,
    // Servers of one's own often want no key; the SDK insists on one.
    apiKey: found.EMBEDDING_API_KEY ?? 'none',
    model: found.EMBEDDING_MODEL,
    dimensions: found.EMBEDDING_DIMENSIONS,
    batchSize: found.EMBEDDING_BATCH,
    queryPrefix: found.EMBEDDING_QUERY_PREFIX,
  };
  return { ok: true, endpoint };
}

/** What the endpoint did wrong, after all attempts; never holds the key or the texts. */
export class EmbeddingEndpointError extends Error {
  override readonly name = 'EmbeddingEndpointError';
}

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().optional(), embedding: z.array(z.number()) })),
});

export class EndpointEmbedder implements Embedder {
  readonly id: string;
  readonly dimensions: number;
  readonly #request: Requester;
  readonly #settings: EndpointSettings;
  readonly #cache: EmbeddingCache | undefined;

  private constructor(request: Requester, settings: EndpointSettings, dimensions: number, cache: EmbeddingCache | undefined) {
    this.#request = request;
    this.#settings = settings;
    this.#cache = cache;
    this.dimensions = dimensions;
    // The prefixes belong to the model: with others, the same text has another vector.
    const { baseUrl, model, queryPrefix = '', passagePrefix = '' } = settings;
    this.id = `${model}@${digest(JSON.stringify([baseUrl, model, dimensions, queryPrefix, passagePrefix])).slice(0, 12)}`;
  }

  /** Asks the endpoint for its dimensions when the settings don't give them. Errors: EmbeddingEndpointError. */
  static async connect(settings: EndpointSettings, cache?: EmbeddingCache): Promise<EndpointEmbedder> {
    const request = requester(settings);
    const [first] = settings.dimensions ? [] : await request(['你好']);
    return new EndpointEmbedder(request, settings, settings.dimensions ?? first?.length ?? 0, cache);
  }

  /** Vectors in the order of `texts`; a blank text has the zero vector and costs nothing. Errors: EmbeddingEndpointError, the cache's own. */
  async embed(texts: readonly string[], kind: 'query' | 'passage'): Promise<Float32Array[]> {
    const prefix = (kind === 'query' ? this.#settings.queryPrefix : this.#settings.passagePrefix) ?? '';
    const wanted = [...new Set(texts.filter((text) => text.trim() !== '').map((text) => prefix + text))];
    const keys = wanted.map((text) => digest(`${this.id}\n${text}`));
    const kept = this.#cache && keys.length > 0 ? await this.#cache.get(keys) : [];
    const vectors = new Map<string, Float32Array>();
    wanted.forEach((text, i) => {
      const vector = kept[i];
      if (vector?.length === this.dimensions) vectors.set(text, vector);
    });
    const missing = wanted.filter((text) => !vectors.has(text));
    const size = this.#settings.batchSize ?? 64;
    const batches = Array.from({ length: Math.ceil(missing.length / size) }, (_, i) => missing.slice(i * size, (i + 1) * size));
    await settleAll(batches, async (batch) => {
      const found = await this.#request(batch);
      const entries = batch.map((text, i) => ({ text, vector: this.#checked(found[i]) }));
      for (const { text, vector } of entries) vectors.set(text, vector);
      // Kept batch by batch: what follows a failure need not be paid for twice. Questions are not kept: there is no end of them.
      if (kind === 'passage') await this.#cache?.set(entries.map(({ text, vector }) => ({ key: digest(`${this.id}\n${text}`), vector })));
    });
    return texts.map((text) => vectors.get(prefix + text) ?? new Float32Array(this.dimensions));
  }

  #checked(numbers: readonly number[] | undefined): Float32Array {
    if (numbers?.length !== this.dimensions) {
      throw new EmbeddingEndpointError(
        `The embedding endpoint (${this.#settings.model}) gave ${numbers?.length ?? 0} dimensions, expected ${this.dimensions}. ` +
          'Was the model changed? Vectors of different models cannot be compared.',
      );
    }
    return toUnitLength(Float32Array.from(numbers));
  }
}

type Requester = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

/** One request, in turn: the vectors in the order of the texts. */
function requester(settings: EndpointSettings): Requester {
  const { baseUrl, apiKey, model, dimensions, concurrency = 4, timeoutMs = 30_000, retries = 5 } = settings;
  const client = new OpenAI({ baseURL: baseUrl, apiKey, timeout: timeoutMs, maxRetries: retries, logLevel: 'off' });
  const limit = makeLimiter(concurrency);
  return (texts) =>
    limit(async () => {
      const answer = await client.embeddings
        // Asked for plain numbers: the SDK's own default is base64, which many servers don't know.
        .create({ model, input: [...texts], encoding_format: 'float', ...(dimensions ? { dimensions } : {}) })
        .catch((error: unknown) => {
          throw new EmbeddingEndpointError(explain(error, settings), { cause: error });
        });
      return inOrder(answer, texts.length, model);
    });
}

function inOrder(answer: unknown, count: number, model: string): readonly (readonly number[])[] {
  const fail = (problem: string) => new EmbeddingEndpointError(`The embedding endpoint (${model}) ${problem}`);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw fail(`gave an answer that is not a list of embeddings: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed.data;
  if (data.length !== count) throw fail(`gave ${data.length} vectors for ${count} texts`);
  const ordered = new Array<readonly number[] | undefined>(count).fill(undefined);
  data.forEach((row, i) => {
    const place = row.index ?? i;
    if (place < 0 || place >= count || ordered[place]) throw fail(`numbered its vectors wrongly (index ${place})`);
    ordered[place] = row.embedding;
  });
  return ordered.map((vector) => vector ?? []);
}

function explain(error: unknown, { baseUrl, apiKey, model, timeoutMs = 30_000, retries = 5 }: EndpointSettings): string {
  const where = `The embedding endpoint ${baseUrl} (${model})`;
  if (error instanceof APIConnectionTimeoutError) return `${where} did not answer within ${timeoutMs} ms, tried ${retries + 1} times`;
  if (error instanceof APIConnectionError)
    return `${where} cannot be reached: ${error.cause instanceof Error ? error.cause.message : error.message}`;
  if (error instanceof APIError) {
    const hint =
      error.status === 401 || error.status === 403
        ? ' Check EMBEDDING_API_KEY.'
        : error.status === 404
          ? ' Check EMBEDDING_BASE_URL and EMBEDDING_MODEL.'
          : '';
    // Some servers repeat the key in what they say.
    const said = error.message.replaceAll(apiKey, '…').slice(0, 300);
    return `${where} answered ${said}.${hint}`;
  }
  return `${where} gave an answer that cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** Runs all, waits for all, then throws the first error: no request is left running behind the caller's back. */
async function settleAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
