/** A language model behind any OpenAI-compatible endpoint. Protocol: Chat Completions, https://platform.openai.com/docs/api-reference/chat. */
import type OpenAI from 'openai';
import { costOf, type Prices, tokensOf } from './accounting.ts';
import { Breaker } from './breaker.ts';
import { modelErrorOf, retryAfter, statusOf } from './errors.ts';
import { adapted, bodyOf, type Dialect, type Format, freshDialect } from './formats.ts';
import { finishedParts, readObject } from './json.ts';
import type { LanguageModel, ModelError, ModelRequest, ModelResult, ModelUsage } from './model.ts';
import { assertNoIdentifier, type Mask, type Protected, protect } from './privacy.ts';
import { BrokenReply, type Reply, readReply } from './reply.ts';
import { noteUsage } from './turn-usage.ts';

export interface OpenAIModelOptions {
  readonly baseUrl: string;
  /** Endpoints inside the house often need none. */
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly mask: Mask;
  /** For the whole call with its retry; the first attempt gets at most 60 % of it. */
  readonly timeoutMs?: number;
  readonly prices?: Prices | undefined;
  /** Hears of every call; must not throw. */
  readonly onUsage?: (usage: ModelUsage) => void;
  readonly breaker?: { readonly failures?: number; readonly restMs?: number };
  readonly now?: () => number;
}

const firstShare = 0.6;
const defaultTimeoutMs = 20_000;
const longestRetryPause = 3000;
const worthRetrying: ReadonlySet<ModelError['kind']> = new Set(['timeout', 'unavailable', 'rate_limited', 'malformed', 'truncated']);
/** These say nothing about the endpoint's health. */
const notItsFault: ReadonlySet<ModelError['kind']> = new Set(['aborted', 'identifier', 'refused']);

interface Attempt<T> {
  readonly result: ModelResult<T>;
  readonly reply: Reply;
  readonly dialect: Dialect;
  readonly cause?: unknown;
}

export class OpenAIModel implements LanguageModel {
  readonly id: string;
  readonly #options: OpenAIModelOptions;
  readonly #breaker: Breaker;
  readonly #now: () => number;
  #client: Promise<{ sdk: typeof OpenAI; client: OpenAI }> | undefined;
  #dialect: Dialect = freshDialect();

  constructor(options: OpenAIModelOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.id = `${URL.canParse(options.baseUrl) ? new URL(options.baseUrl).host : options.baseUrl}/${options.model}`;
    this.#breaker = new Breaker({ failures: options.breaker?.failures ?? 5, restMs: options.breaker?.restMs ?? 30_000, now: this.#now });
  }

  /** The format found out so far; for `doctor` and tests. */
  get format(): Format {
    return this.#dialect.format;
  }

  /** One structured answer. Never rejects; text of the request is masked before it leaves and put back in the result. */
  async complete<T>(request: ModelRequest<T>): Promise<ModelResult<T>> {
    if (request.signal?.aborted) return { ok: false, error: { kind: 'aborted', message: 'the caller gave up' } };
    if (!this.#breaker.allows())
      return { ok: false, error: { kind: 'resting', message: 'the endpoint failed repeatedly and is left alone for a while' } };
    // The first call loads the SDK; that is not the endpoint's time.
    await this.#load().catch(() => undefined);
    const start = this.#now();
    let attempts = 0;
    let last: Attempt<T> | undefined;
    try {
      const texts = protect([request.system, request.user], this.#options.mask);
      const total = Math.min(request.timeoutMs ?? Number.POSITIVE_INFINITY, this.#options.timeoutMs ?? defaultTimeoutMs);
      for (const share of [firstShare, 1]) {
        const left = total - (this.#now() - start);
        if (attempts > 0 && left < total * 0.1) break;
        attempts++;
        // An endpoint that takes a format and does not keep to it is asked in the next one.
        const malformed = last && !last.result.ok && last.result.error.kind === 'malformed';
        const dialect = (malformed && adapted(last?.dialect ?? this.#dialect, '')) || this.#dialect;
        last = await this.#attempt(request, texts, share === 1 ? left : total * share, dialect);
        if (last.result.ok || !worthRetrying.has(last.result.error.kind)) break;
        // Sentences were shown already: a second try would tell another story.
        if (request.stream && finishedParts(last.reply.text, request.stream.property).elements.length > 0) break;
        if (!(await pause(pauseBefore(last, total - (this.#now() - start)), request.signal))) break;
      }
    } catch (error) {
      last = {
        result: {
          ok: false,
          error: { kind: 'unavailable', message: `the call broke (${error instanceof Error ? error.name : 'unknown'})` },
        },
        reply: noReply,
        dialect: this.#dialect,
      };
    }
    const result: ModelResult<T> = last?.result ?? { ok: false, error: { kind: 'timeout', message: 'no answer in time' } };
    this.#note(result);
    this.#account(request, result, last?.reply ?? noReply, attempts, this.#now() - start);
    return result;
  }

  /** One try; an endpoint that doesn't know a way of asking is asked in the next, and the way that works is kept. */
  async #attempt<T>(request: ModelRequest<T>, texts: Protected, timeoutMs: number, first: Dialect): Promise<Attempt<T>> {
    const clock = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs)));
    const signal = request.signal ? AbortSignal.any([clock, request.signal]) : clock;
    const { sdk, client } = await this.#load();
    const [system = '', user = ''] = texts.texts;
    for (let dialect = first; ; ) {
      let reply: Reply = noReply;
      try {
        const body = bodyOf(this.#options.model, request, { system, user }, dialect);
        reply = await readReply(client, body, signal, elementListener(request, texts));
        const result = resultOf(request, texts, reply);
        if (result.ok) this.#dialect = dialect;
        return { result, reply, dialect };
      } catch (cause) {
        const status = statusOf(cause);
        const unknown = status === 400 || status === 404 || status === 415 || status === 422 || status === 501;
        const next: Dialect | undefined = unknown ? adapted(dialect, cause instanceof Error ? cause.message : '') : undefined;
        if (next && !signal.aborted) {
          dialect = next;
          continue;
        }
        const partial = cause instanceof BrokenReply ? cause.reply : reply;
        const original = cause instanceof BrokenReply ? cause.cause : cause;
        const error = modelErrorOf(original, sdk, clock.aborted, request.signal?.aborted ?? false);
        return { result: { ok: false, error }, reply: partial, dialect, cause: original };
      }
    }
  }

  #load(): Promise<{ sdk: typeof OpenAI; client: OpenAI }> {
    const { baseUrl, apiKey, mask } = this.#options;
    this.#client ??= import('openai').then(({ default: sdk }) => ({
      sdk,
      client: new sdk({
        baseURL: baseUrl,
        apiKey: apiKey ?? 'none',
        maxRetries: 0,
        // Request logging of the SDK would write texts to the console.
        logLevel: 'off',
        fetch: (url, init) => {
          if (typeof init?.body === 'string') assertNoIdentifier(init.body, mask);
          return fetch(url, init);
        },
      }),
    }));
    return this.#client;
  }

  #note(result: ModelResult<unknown>): void {
    if (result.ok) this.#breaker.succeeded();
    else if (notItsFault.has(result.error.kind)) this.#breaker.undecided();
    else this.#breaker.failed();
  }

  #account(request: ModelRequest<unknown>, result: ModelResult<unknown>, reply: Reply, attempts: number, ms: number): void {
    const tokens = tokensOf(reply.usage, request.system + request.user, reply.text);
    const usage: ModelUsage = {
      prompt: request.prompt,
      model: this.#options.model,
      mode: this.#dialect.format,
      ...tokens,
      cost: costOf(tokens, this.#options.prices),
      attempts,
      ms,
      error: result.ok ? undefined : result.error.kind,
    };
    noteUsage(usage);
    this.#options.onUsage?.(usage);
  }
}

const noReply: Reply = { text: '', finish: undefined, refusal: undefined, usage: undefined };

/** Hands finished elements on, each once, with identifiers put back. */
function elementListener<T>(request: ModelRequest<T>, texts: Protected): ((text: string) => void) | undefined {
  const { stream } = request;
  if (!stream) return undefined;
  let told = 0;
  return (text) => {
    const { elements, known } = finishedParts(text, stream.property);
    for (const element of elements.slice(told)) stream.onElement(texts.restore(element), known);
    told = elements.length;
  };
}

function resultOf<T>(request: ModelRequest<T>, texts: Protected, reply: Reply): ModelResult<T> {
  if (reply.refusal || reply.finish === 'content_filter')
    return { ok: false, error: { kind: 'refused', message: 'the model would not answer' } };
  const parsed = request.schema.safeParse(texts.restore(readObject(reply.text)));
  if (parsed.success) return { ok: true, value: parsed.data };
  if (reply.finish === 'length') return { ok: false, error: { kind: 'truncated', message: 'the answer was cut off' } };
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || '(root)').slice(0, 5);
  return { ok: false, error: { kind: 'malformed', message: `not the structure asked for: ${where.join(', ')}` } };
}

/** A slow endpoint has been waited for already; a busy one says how long it wants. */
function pauseBefore({ result, cause }: Attempt<unknown>, left: number): number {
  if (!result.ok && (result.error.kind === 'timeout' || result.error.kind === 'malformed')) return 0;
  return Math.min(retryAfter(cause) ?? 200, longestRetryPause, left / 2);
}

/** False when the caller gave up meanwhile. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (ms <= 0) return Promise.resolve(!signal?.aborted);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve(!signal?.aborted);
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
