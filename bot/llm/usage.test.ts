import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mask } from '../safety/mask.ts';
import { OpenAIModel } from './client.ts';
import { probeEndpoint, probeWords } from './probe.ts';
import { type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';
import { ModelTotals } from './totals.ts';
import { withModelUsage } from './turn-usage.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const request = { prompt: 'test@1', system: '规则', user: '问题', name: 'test', schema: z.object({ ok: z.boolean() }) };

describe('what calls cost', () => {
  it('is counted for each prompt and outcome, with money', async () => {
    const totals = new ModelTotals();
    const model = new OpenAIModel({
      baseUrl: server.baseUrl,
      model: 'm',
      mask,
      prices: { input: 10, cachedInput: 1, output: 20 },
      onUsage: (usage) => totals.add(usage),
    });
    server.script({ kind: 'say', content: { ok: true } });
    for (let i = 0; i < 2; i++) await model.complete(request);
    await model.complete({ ...request, prompt: 'other@2' });
    server.script({ kind: 'refusal', text: '不行' });
    await model.complete(request);
    const list = totals.list();
    expect(list.map(({ prompt, outcome, calls }) => [prompt, outcome, calls])).toEqual([
      ['test@1', 'ok', 2],
      ['other@2', 'ok', 1],
      ['test@1', 'refused', 1],
    ]);
    expect(list[0]).toMatchObject({ inputTokens: 2000, cachedTokens: 1200, outputTokens: 100, attempts: 2 });
    expect(list[0]?.cost).toBeCloseTo((2 * (400 * 10 + 600 + 50 * 20)) / 1e6);
  });

  it('belongs to the turn that made the call, also when turns run side by side', async () => {
    const model = new OpenAIModel({ baseUrl: server.baseUrl, model: 'm', mask });
    server.script({ kind: 'slow', content: { ok: true }, ms: 20 });
    const figures: Record<string, number>[] = [{}, {}, {}];
    const turn = (i: number, calls: number) =>
      withModelUsage(figures[i] as Record<string, number>, async () => {
        for (let n = 0; n < calls; n++) await model.complete(request);
      });
    await Promise.all([turn(0, 2), turn(1, 1), turn(2, 0)]);
    expect(figures.map((one) => one.modelCalls)).toEqual([2, 1, undefined]);
    expect(figures[0]).toMatchObject({ modelInputTokens: 2000, modelCachedTokens: 1200, modelOutputTokens: 100 });
    expect(figures[0]).not.toHaveProperty('modelCost');
  });
});

describe('what doctor says about an endpoint', () => {
  it.each([
    [[], 'json_schema', 'strict JSON schema'],
    [['json_schema'], 'tool', 'tool calls'],
    [['json_schema', 'tool'], 'json_object', 'JSON mode'],
    [['json_schema', 'tool', 'json_object'], 'text', 'plain text'],
  ] as const)('one that refuses %j is asked by %s', async (refused, format, words) => {
    server.refuseFormats(...refused);
    server.script({ kind: 'say', content: { ready: true } });
    const probe = await probeEndpoint({ baseUrl: server.baseUrl, model: 'm', mask });
    expect(probe).toEqual({ ok: true, format });
    expect(probeWords(probe)).toContain(words);
    server.refuseFormats();
  });

  it('one that fails is named with its trouble', async () => {
    server.script({ kind: 'status', status: 401 });
    const probe = await probeEndpoint({ baseUrl: server.baseUrl, model: 'm', mask });
    expect(probe).toEqual({ ok: false, error: 'rejected' });
    expect(probeWords(probe)).toBe('a trial call failed (rejected)');
  });
});
