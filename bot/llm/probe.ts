/** Finds out what an endpoint can do by asking it for one word: which way of structured output, which parameters it refuses. */
import { z } from 'zod';
import { OpenAIModel, type OpenAIModelOptions } from './client.ts';
import type { Format } from './formats.ts';
import type { ModelErrorKind } from './model.ts';

export type Probe = { readonly ok: true; readonly format: Format } | { readonly ok: false; readonly error: ModelErrorKind };

const words: Record<Format, string> = {
  json_schema: 'strict JSON schema',
  tool: 'tool calls (no JSON schema)',
  json_object: 'JSON mode (neither schema nor tool calls)',
  text: 'plain text only: JSON is read out of it',
};

/** One small call, some fifty tokens; with its retries at most `timeoutMs`. Never rejects. */
export async function probeEndpoint(options: Omit<OpenAIModelOptions, 'onUsage' | 'breaker'>): Promise<Probe> {
  const model = new OpenAIModel(options);
  const result = await model.complete({
    prompt: 'probe@1',
    system: 'Answer with a JSON object whose only property "ready" is true: {"ready": true}',
    user: 'ready?',
    name: 'probe',
    schema: z.object({ ready: z.boolean() }),
    maxTokens: 200,
  });
  return result.ok ? { ok: true, format: model.format } : { ok: false, error: result.error.kind };
}

/** What a probe found, for `wenban doctor`. */
export function probeWords(probe: Probe): string {
  return probe.ok ? `structured output by ${words[probe.format]}` : `a trial call failed (${probe.error})`;
}
