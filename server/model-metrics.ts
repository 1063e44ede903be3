/** The language model's counters for Prometheus. */
import { Counter, type Registry } from 'prom-client';
import type { ModelTotal } from '../bot/llm/totals.ts';

const counters: readonly (readonly [name: string, help: string, of: (total: ModelTotal) => number])[] = [
  ['calls_total', 'Calls of the language model, by what came of them', (total) => total.calls],
  ['requests_total', 'Requests sent to the endpoint, retries counted', (total) => total.attempts],
  ['input_tokens_total', 'Tokens sent', (total) => total.inputTokens],
  ['cached_tokens_total', 'Tokens sent that the provider had cached', (total) => total.cachedTokens],
  ['output_tokens_total', 'Tokens received', (total) => total.outputTokens],
  ['cost_total', 'What the calls cost, in the currency of OPENAI_PRICE_*', (total) => total.cost],
  ['seconds_total', 'Time spent in calls', (total) => total.ms / 1000],
];

/** Counters of this process. @param totals asked at each collection, so the house may be built later */
export function modelMetrics(registry: Registry, totals: () => readonly ModelTotal[]): void {
  for (const [name, help, of] of counters)
    new Counter({
      name: `wenban_model_${name}`,
      help,
      labelNames: ['prompt', 'model', 'outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const total of totals()) this.inc({ prompt: total.prompt, model: total.model, outcome: total.outcome }, of(total));
      },
    });
}
