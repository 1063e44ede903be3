/** Whether an OpenAI-compatible endpoint is there and accepts the key, asked without spending a token. */

export interface Endpoint {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
}

const patienceMs = 5000;

/** What is wrong, in words without the key; undefined: it answers. Servers that don't list their models count as answering. */
export async function unreachable({ baseUrl, apiKey }: Endpoint, keyName: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.body?.cancel();
    if (response.status === 401 || response.status === 403) return `refuses the key (HTTP ${response.status}): ${keyName}`;
    return response.status >= 500 ? `answers HTTP ${response.status}` : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return `cannot be reached (silent for ${patienceMs / 1000} s)`;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as { code?: unknown }).code;
    return `cannot be reached (${typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause)})`;
  }
}
