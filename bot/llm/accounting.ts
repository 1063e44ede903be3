/** Counts tokens and money of a call. */
import type OpenAI from 'openai';

export interface Prices {
  /** Per million tokens, in any one currency. */
  readonly input: number;
  readonly cachedInput?: number;
  readonly output: number;
}

export interface Tokens {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly estimated: boolean;
}

/** Some tenths of a token a Chinese character in today's vocabularies; good enough for a budget. */
const tokensPerCharacter = 0.7;

/** The endpoint's own counts, else a guess from the length. */
export function tokensOf(usage: OpenAI.CompletionUsage | null | undefined, input: string, output: string): Tokens {
  if (!usage)
    return {
      inputTokens: Math.ceil(input.length * tokensPerCharacter),
      cachedTokens: 0,
      outputTokens: Math.ceil(output.length * tokensPerCharacter),
      estimated: true,
    };
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    estimated: false,
  };
}

export function costOf(tokens: Tokens, prices: Prices | undefined): number | undefined {
  if (!prices) return undefined;
  const fresh = tokens.inputTokens - tokens.cachedTokens;
  return (fresh * prices.input + tokens.cachedTokens * (prices.cachedInput ?? prices.input) + tokens.outputTokens * prices.output) / 1e6;
}
