/** What the language model has cost since the start: for /metrics and reports. Holds no text. */
import type { ModelErrorKind, ModelUsage } from './model.ts';

export interface ModelTotal {
  /** Which prompt asked, e.g. answer@1. */
  readonly prompt: string;
  readonly model: string;
  /** ok, or what went wrong. */
  readonly outcome: 'ok' | ModelErrorKind;
  readonly calls: number;
  /** Requests sent, with retries. */
  readonly attempts: number;
  readonly inputTokens: number;
  /** Of these, from the provider's cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** In the currency of the configured prices; 0 without prices. */
  readonly cost: number;
  readonly ms: number;
}

export class ModelTotals {
  readonly #totals = new Map<string, ModelTotal>();

  add(usage: ModelUsage): void {
    const outcome = usage.error ?? 'ok';
    const key = [usage.prompt, usage.model, outcome].join('\n');
    const known = this.#totals.get(key);
    this.#totals.set(key, {
      prompt: usage.prompt,
      model: usage.model,
      outcome,
      calls: (known?.calls ?? 0) + 1,
      attempts: (known?.attempts ?? 0) + usage.attempts,
      inputTokens: (known?.inputTokens ?? 0) + usage.inputTokens,
      cachedTokens: (known?.cachedTokens ?? 0) + usage.cachedTokens,
      outputTokens: (known?.outputTokens ?? 0) + usage.outputTokens,
      cost: (known?.cost ?? 0) + (usage.cost ?? 0),
      ms: (known?.ms ?? 0) + usage.ms,
    });
  }

  /** One row for each prompt, model and outcome so far. */
  list(): ModelTotal[] {
    return [...this.#totals.values()];
  }
}
