/** An optional cross-encoder: any endpoint in the common /rerank shape (Jina, Cohere, TEI, Xinference, vLLM). Off by default. */
import { z } from 'zod';
import { assertNoIdentifier, type Mask, protect } from './privacy.ts';

export interface Reranker {
  /** Indices of `documents`, best first. Never rejects: trouble of any kind leaves the order as it was. */
  rerank(query: string, documents: readonly string[], signal?: AbortSignal): Promise<Reranked>;
}

export interface Reranked {
  readonly order: readonly number[];
  /** Relevance by document index; empty when nothing was reranked. */
  readonly scores: ReadonlyMap<number, number>;
  /** Why the order is the old one. */
  readonly error?: string;
}

export interface EndpointRerankerOptions {
  /** With or without /rerank at its end. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly mask: Mask;
  readonly timeoutMs?: number;
}

const replySchema = z.object({ results: z.array(z.object({ index: z.int().min(0), relevance_score: z.number() })) });
const defaultTimeoutMs = 1500;

export class EndpointReranker implements Reranker {
  readonly #options: EndpointRerankerOptions;
  readonly #url: string;

  constructor(options: EndpointRerankerOptions) {
    this.#options = options;
    const base = options.baseUrl.replace(/\/+$/, '');
    this.#url = base.endsWith('/rerank') ? base : `${base}/rerank`;
  }

  async rerank(query: string, documents: readonly string[], signal?: AbortSignal): Promise<Reranked> {
    const unchanged = documents.map((_, i) => i);
    if (documents.length < 2) return { order: unchanged, scores: new Map() };
    try {
      const scores = await this.#scores(query, documents, signal);
      // What the endpoint did not score keeps its place behind what it did.
      const order = [...unchanged].sort(
        (a, b) => (scores.get(b) ?? Number.NEGATIVE_INFINITY) - (scores.get(a) ?? Number.NEGATIVE_INFINITY) || a - b,
      );
      return { order, scores };
    } catch (error) {
      return { order: unchanged, scores: new Map(), error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' };
    }
  }

  async #scores(query: string, documents: readonly string[], signal: AbortSignal | undefined): Promise<Map<number, number>> {
    const { apiKey, model, mask, timeoutMs = defaultTimeoutMs } = this.#options;
    const [masked = '', ...texts] = protect([query, ...documents], mask).texts;
    const body = JSON.stringify({ model, query: masked, documents: texts, top_n: texts.length });
    assertNoIdentifier(body, mask);
    const clock = AbortSignal.timeout(timeoutMs);
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
      body,
      signal: signal ? AbortSignal.any([clock, signal]) : clock,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the reranker answered ${response.status}`);
    }
    const { results } = replySchema.parse(await response.json());
    return new Map(results.filter((one) => one.index < documents.length).map((one) => [one.index, one.relevance_score]));
  }
}
