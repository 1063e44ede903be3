/** What the house expects of a language model: structured output, errors as values, nothing else. */
import type { z } from 'zod';

export interface ModelRequest<T> {
  /** Which prompt asks, e.g. answer@1: for accounting and reports. */
  readonly prompt: string;
  /** The stable part; providers cache it. */
  readonly system: string;
  /** The volatile part. */
  readonly user: string;
  /** Name of the result, letters and _ only. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly maxTokens?: number;
  /** For the whole call with its retry, where less time is worth waiting than the model's own limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears each finished element of one array of the result while the rest is still being written. */
  readonly stream?: { readonly property: string; readonly onElement: (element: unknown, known: Readonly<Record<string, unknown>>) => void };
}

export type ModelErrorKind =
  /** No answer in time. */
  | 'timeout'
  /** The caller gave up. */
  | 'aborted'
  /** The network, or a server that fails. */
  | 'unavailable'
  | 'rate_limited'
  /** The endpoint understood and said no: key, model name, size. */
  | 'rejected'
  /** The model would not answer. */
  | 'refused'
  /** Cut off in the middle. */
  | 'truncated'
  /** Not the structure that was asked for. */
  | 'malformed'
  /** A personal identifier would have left the house: a fault of ours, nothing was sent. */
  | 'identifier'
  /** The endpoint failed so often lately that it is left alone for a while. */
  | 'resting';

export interface ModelError {
  readonly kind: ModelErrorKind;
  readonly message: string;
}

export type ModelResult<T> = { ok: true; value: T } | { ok: false; error: ModelError };

export interface LanguageModel {
  /** Endpoint host and model name. */
  readonly id: string;
  /** Never rejects. */
  complete<T>(request: ModelRequest<T>): Promise<ModelResult<T>>;
}

/** One call, as it is accounted for. Holds no text. */
export interface ModelUsage {
  readonly prompt: string;
  readonly model: string;
  readonly mode: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** The endpoint gave no counts: these are guessed from the length. */
  readonly estimated: boolean;
  /** In the currency of the configured prices; undefined without prices. */
  readonly cost: number | undefined;
  readonly attempts: number;
  readonly ms: number;
  readonly error: ModelErrorKind | undefined;
}
