/** The environment keys of language model and reranker, checked; half a configuration is an error that names the key. */
import { z } from 'zod';
import type { Prices } from './accounting.ts';

const blank = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blank, schema.optional());
const address = z.url({ protocol: /^https?$/ });
const price = z.coerce.number().min(0);

export const modelEnvironmentSchema = z.object({
  OPENAI_BASE_URL: optional(address),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_MODEL: optional(z.string()),
  /** Milliseconds for one call with its retry. */
  OPENAI_TIMEOUT_MS: z.preprocess(blank, z.coerce.number().int().min(1000).max(120_000).default(20_000)),
  /** Prices per million tokens: input, output, and input from the provider's cache. */
  OPENAI_PRICE_INPUT: optional(price),
  OPENAI_PRICE_OUTPUT: optional(price),
  OPENAI_PRICE_CACHED: optional(price),
  RERANK_BASE_URL: optional(address),
  RERANK_API_KEY: optional(z.string()),
  RERANK_MODEL: optional(z.string()),
});

export interface ModelSettings {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly timeoutMs: number;
  readonly prices: Prices | undefined;
}

export interface RerankSettings {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
}

/** OpenAI's own address, used when only key and model are given. */
const openai = 'https://api.openai.com/v1';

/** Settings of what is configured; undefined for what is not. Problems name the key and what it should be. */
export function modelSettings(
  environment: NodeJS.ProcessEnv,
): { ok: true; model: ModelSettings | undefined; rerank: RerankSettings | undefined } | { ok: false; problems: string[] } {
  const parsed = modelEnvironmentSchema.safeParse(environment);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const {
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: apiKey,
    OPENAI_MODEL: model,
    OPENAI_PRICE_INPUT: input,
    OPENAI_PRICE_OUTPUT: output,
    OPENAI_PRICE_CACHED: cachedInput,
    RERANK_BASE_URL: rerankUrl,
    RERANK_API_KEY: rerankKey,
    RERANK_MODEL: rerankModel,
    OPENAI_TIMEOUT_MS: timeoutMs,
  } = parsed.data;
  const problems: string[] = [];
  if ((baseUrl || apiKey) && !model) problems.push('OPENAI_MODEL: must be set together with OPENAI_BASE_URL or OPENAI_API_KEY');
  if (model && !baseUrl && !apiKey) problems.push('OPENAI_API_KEY: must be set (or OPENAI_BASE_URL of an endpoint that needs no key)');
  if ((input === undefined) !== (output === undefined)) problems.push('OPENAI_PRICE_OUTPUT: set both prices or none');
  if (rerankUrl && !rerankModel) problems.push('RERANK_MODEL: must be set together with RERANK_BASE_URL');
  if ((rerankModel || rerankKey) && !rerankUrl) problems.push('RERANK_BASE_URL: must be set together with RERANK_MODEL');
  if (problems.length > 0) return { ok: false, problems };
  const prices =
    input === undefined || output === undefined ? undefined : { input, output, ...(cachedInput === undefined ? {} : { cachedInput }) };
  return {
    ok: true,
    model: model ? { baseUrl: baseUrl ?? openai, apiKey, model, timeoutMs, prices } : undefined,
    rerank: rerankUrl && rerankModel ? { baseUrl: rerankUrl, apiKey: rerankKey, model: rerankModel } : undefined,
  };
}
