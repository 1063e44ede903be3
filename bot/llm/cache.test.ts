import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ModelCache, openModelCache } from './cache.ts';
import { OpenAIModel } from './client.ts';
import { type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';

const schema = z.object({ answer: z.string() });
const ask = (cache: ModelCache, user: string, stream = false) =>
  new OpenAIModel({ baseUrl: cache.baseUrl, apiKey: 'k', model: 'm', mask: (text) => ({ text, originals: new Map() }) }).complete({
    prompt: 'test@1',
    system: 's',
    user,
    name: 'result',
    schema,
    ...(stream ? { stream: { property: 'sentences', onElement: () => undefined } } : {}),
  });

describe('[R-154] answers of models are kept', () => {
  let folder = '';
  let server: ScriptedServer;
  const open: ModelCache[] = [];
  const cacheOf = async (more: { prices?: { input: number; output: number } } = {}) => {
    const cache = await openModelCache({ upstream: server.baseUrl, folder, ...more });
    open.push(cache);
    return cache;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wenban-cache-'));
    server = await scriptedServer();
  });
  afterEach(async () => {
    for (const cache of open.splice(0)) await cache.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a repeated run asks nothing again, and repeats within a run are kept apart', async () => {
    server.script({ kind: 'say', content: { answer: 'first' } }, { kind: 'say', content: { answer: 'second' } });
    for (const round of [1, 2]) {
      const cache = await cacheOf();
      expect(await ask(cache, 'q')).toEqual({ ok: true, value: { answer: 'first' } });
      expect(await ask(cache, 'q')).toEqual({ ok: true, value: { answer: 'second' } });
      expect(server.requests).toHaveLength(2);
      expect(cache.totals()).toMatchObject({ calls: 2, kept: round === 1 ? 0 : 2, failed: 0, inputTokens: 2000, outputTokens: 100 });
    }
  });

  it('another request is another entry; money is counted by the prices, kept or not', async () => {
    server.script({ kind: 'say', content: { answer: 'a' } }, { kind: 'say', content: { answer: 'b' } });
    const cache = await cacheOf({ prices: { input: 1, output: 2 } });
    expect(await ask(cache, 'one')).toMatchObject({ value: { answer: 'a' } });
    expect(await ask(cache, 'two')).toMatchObject({ value: { answer: 'b' } });
    expect(cache.totals().cost).toBeCloseTo((2 * (1000 + 100)) / 1e6, 12);
    const again = await cacheOf({ prices: { input: 1, output: 2 } });
    await ask(again, 'two');
    expect(again.totals()).toMatchObject({ kept: 1, cost: expect.closeTo(1100 / 1e6, 12) });
  });

  it('failures are not kept: the next run asks again', async () => {
    server.script({ kind: 'status', status: 401 }, { kind: 'say', content: { answer: 'now' } });
    expect((await ask(await cacheOf(), 'q')).ok).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    expect(await ask(await cacheOf(), 'q')).toMatchObject({ value: { answer: 'now' } });
  });

  it('streamed answers are kept whole, with their counts; a file cut short by a crash counts as none', async () => {
    server.script({ kind: 'say', content: { answer: 'streamed' }, pieces: 4 });
    const first = await cacheOf();
    expect(await ask(first, 'q', true)).toMatchObject({ value: { answer: 'streamed' } });
    const [part = ''] = await readdir(folder);
    const [name = ''] = await readdir(join(folder, part));
    const file = join(folder, part, name);
    expect(name).toMatch(/-0\.json$/);
    const second = await cacheOf();
    expect(await ask(second, 'q', true)).toMatchObject({ value: { answer: 'streamed' } });
    expect(second.totals()).toMatchObject({ kept: 1, inputTokens: first.totals().inputTokens });
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 20));
    const third = await cacheOf();
    expect(await ask(third, 'q', true)).toMatchObject({ value: { answer: 'streamed' } });
    expect(third.totals().kept).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('Bearer');
  });
});
