import { describe, expect, it } from 'vitest';
import { modelSettings } from './settings.ts';

const problems = (environment: Record<string, string>) => {
  const result = modelSettings(environment);
  return result.ok ? [] : result.problems.map((problem) => problem.split(':')[0]);
};

describe('keys of language model and reranker', () => {
  it('nothing set: nothing on', () => {
    expect(modelSettings({ OPENAI_BASE_URL: '', OPENAI_MODEL: '' })).toEqual({ ok: true, model: undefined, rerank: undefined });
  });

  it('an endpoint of the house needs no key, OpenAI no address', () => {
    expect(modelSettings({ OPENAI_BASE_URL: 'http://llm:8000/v1', OPENAI_MODEL: 'qwen3' })).toMatchObject({
      model: { baseUrl: 'http://llm:8000/v1', apiKey: undefined, model: 'qwen3', timeoutMs: 20_000 },
    });
    expect(modelSettings({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' })).toMatchObject({ model: { baseUrl: 'https://api.openai.com/v1' } });
    expect(modelSettings({ RERANK_BASE_URL: 'http://r/v1', RERANK_MODEL: 'bge' })).toMatchObject({
      model: undefined,
      rerank: { model: 'bge' },
    });
    expect(modelSettings({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', OPENAI_PRICE_INPUT: '2', OPENAI_PRICE_OUTPUT: '8' })).toMatchObject({
      model: { prices: { input: 2, output: 8 } },
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ OPENAI_BASE_URL: 'http://llm/v1' }, ['OPENAI_MODEL']],
    [{ OPENAI_MODEL: 'm' }, ['OPENAI_API_KEY']],
    [{ OPENAI_BASE_URL: 'ftp://x', OPENAI_MODEL: 'm' }, ['OPENAI_BASE_URL']],
    [{ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', OPENAI_PRICE_INPUT: '2' }, ['OPENAI_PRICE_OUTPUT']],
    [{ OPENAI_TIMEOUT_MS: '5' }, ['OPENAI_TIMEOUT_MS']],
    [{ RERANK_BASE_URL: 'http://r' }, ['RERANK_MODEL']],
    [{ RERANK_MODEL: 'r' }, ['RERANK_BASE_URL']],
  ])('half a configuration %j names the key', (environment, keys) => {
    expect(problems(environment)).toEqual(keys);
  });
});
