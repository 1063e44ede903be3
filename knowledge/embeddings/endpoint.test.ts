import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmbeddingCache, EmbeddingEndpointError, EndpointEmbedder, type EndpointSettings, endpointSettings } from './endpoint.ts';

interface Asked {
  readonly input: string[];
  readonly model: string;
  readonly dimensions?: number;
  readonly encoding_format?: string;
}
type Script = (body: Asked, response: Response, count: number, request: Request) => void | Promise<void>;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that answers as scripted; `asked` holds the bodies it got. */
async function serve(script: Script): Promise<{ settings: EndpointSettings; asked: Asked[] }> {
  const asked: Asked[] = [];
  const app = express();
  app.post('/v1/embeddings', express.json(), async (request, response) => {
    asked.push(request.body);
    await script(request.body, response, asked.length, request);
  });
  const server = app.listen(0);
  await new Promise((ready) => server.once('listening', ready));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { settings: { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: 'sk-secret', model: 'm', dimensions: 2 }, asked };
}

/** [length of the text, 1], so that each text is known by its vector. */
const row = (text: string, index: number) => ({ object: 'embedding', index, embedding: [text.length, 1] });
const good = (body: Asked) => ({ object: 'list', model: body.model, data: body.input.map(row) });
const unit = (text: string) => [text.length / Math.hypot(text.length, 1), 1 / Math.hypot(text.length, 1)];
const fails = (response: Response, status: number) =>
  response
    .status(status)
    .set('retry-after-ms', '5')
    .json({ error: { message: `no: ${status}` } });

function expectVectors(found: Float32Array[], texts: string[]): void {
  expect(found.map((vector) => [...vector].map((value) => value.toFixed(5)))).toEqual(
    texts.map((text) => unit(text).map((value) => value.toFixed(5))),
  );
}

function memory(): EmbeddingCache & { kept: Map<string, Float32Array> } {
  const kept = new Map<string, Float32Array>();
  return {
    kept,
    get: async (keys) => keys.map((key) => kept.get(key)),
    set: async (entries) => {
      for (const { key, vector } of entries) kept.set(key, vector);
    },
  };
}

describe('an embedding endpoint', () => {
  it('gives unit vectors in the order of the texts, in batches, a few at once', async () => {
    let open = 0;
    let most = 0;
    const { settings, asked } = await serve(async (body, response) => {
      most = Math.max(most, ++open);
      await new Promise((later) => setTimeout(later, 20));
      open--;
      response.json(good(body));
    });
    const embedder = await EndpointEmbedder.connect({ ...settings, batchSize: 3, concurrency: 2 });
    const texts = Array.from({ length: 20 }, (_, i) => '字'.repeat(i + 1));
    expectVectors(await embedder.embed(texts, 'passage'), texts);
    expect(asked.map((body) => body.input.length).sort()).toEqual([2, 3, 3, 3, 3, 3, 3]);
    expect(asked[0]).toMatchObject({ model: 'm', encoding_format: 'float' });
    expect(most).toBe(2);
  });

  it('asks no more than 64 texts at once unless told, each text once, and nothing for blank ones', async () => {
    const { settings, asked } = await serve((body, response) => void response.json(good(body)));
    const embedder = await EndpointEmbedder.connect(settings);
    const texts = Array.from({ length: 130 }, (_, i) => `${i}`);
    const found = await embedder.embed([...texts, ...texts, '', '  '], 'query');
    expect(asked.map((body) => body.input.length).sort((a, b) => a - b)).toEqual([2, 64, 64]);
    expect([...(found.at(-1) ?? [])]).toEqual([0, 0]);
    expect(await embedder.embed([], 'query')).toEqual([]);
  });

  it('tries again after 429 and 5xx', async () => {
    const { settings, asked } = await serve((body, response, count) => {
      if (count === 1) fails(response, 429);
      else if (count < 4) fails(response, 503);
      else response.json(good(body));
    });
    const embedder = await EndpointEmbedder.connect(settings);
    expectVectors(await embedder.embed(['身份证'], 'query'), ['身份证']);
    expect(asked.length).toBe(4);
  });

  it('gives up after its attempts and says where and why', async () => {
    const { settings, asked } = await serve((_, response) => void fails(response, 500));
    const embedder = await EndpointEmbedder.connect({ ...settings, retries: 2 });
    await expect(embedder.embed(['一'], 'query')).rejects.toThrow(EmbeddingEndpointError);
    expect(asked.length).toBe(3);
    await expect(embedder.embed(['一'], 'query')).rejects.toThrow(/127\.0\.0\.1:\d+\/v1 \(m\) answered 500 no: 500/);
  });

  it('does not repeat what cannot succeed, and never shows the key', async () => {
    const { settings, asked } = await serve(
      (_, response) => void response.status(401).json({ error: { message: 'Incorrect API key: sk-secret' } }),
    );
    const embedder = await EndpointEmbedder.connect(settings);
    const error: Error = await embedder.embed(['一'], 'query').then(
      () => new Error('no error'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/401 Incorrect API key: ….*Check EMBEDDING_API_KEY/);
    expect(asked.length).toBe(1);
  });

  it('tries again after a timeout', async () => {
    const { settings } = await serve(async (body, response, count) => {
      if (count > 1) response.json(good(body));
    });
    const embedder = await EndpointEmbedder.connect({ ...settings, timeoutMs: 200 });
    expectVectors(await embedder.embed(['一二'], 'query'), ['一二']);
    const silent = await serve(() => {});
    const waiting = await EndpointEmbedder.connect({ ...silent.settings, timeoutMs: 50, retries: 1 });
    await expect(waiting.embed(['一'], 'query')).rejects.toThrow(/did not answer within 50 ms, tried 2 times/);
  });

  it('says when nobody is there', async () => {
    const embedder = await EndpointEmbedder.connect({
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'k',
      model: 'm',
      dimensions: 2,
      retries: 0,
    });
    await expect(embedder.embed(['一'], 'query')).rejects.toThrow(/127\.0\.0\.1:9.*cannot be reached/);
  });

  it('sorts answers that come out of order', async () => {
    const { settings } = await serve((body, response) => void response.json({ data: body.input.map(row).reverse() }));
    const embedder = await EndpointEmbedder.connect(settings);
    const texts = ['一', '一二', '一二三'];
    expectVectors(await embedder.embed(texts, 'query'), texts);
  });

  it.each<[string, (body: Asked) => unknown, RegExp]>([
    [
      'other dimensions',
      (body) => ({ data: body.input.map((_, index) => ({ index, embedding: [1, 2, 3] })) }),
      /gave 3 dimensions, expected 2/,
    ],
    ['too few vectors', (body) => ({ data: body.input.slice(1).map(row) }), /gave 1 vectors for 2 texts/],
    ['the same index twice', (body) => ({ data: body.input.map((text) => row(text, 0)) }), /numbered its vectors wrongly/],
    ['an index beyond the texts', (body) => ({ data: body.input.map((text, i) => row(text, i + 5)) }), /numbered its vectors wrongly/],
    [
      'words for numbers',
      (body) => ({ data: body.input.map((_, index) => ({ index, embedding: ['x', 'y'] })) }),
      /not a list of embeddings/,
    ],
    ['something else', () => ({ ok: true }), /not a list of embeddings/],
  ])('refuses %s', async (_, answer, message) => {
    const { settings } = await serve((body, response) => void response.json(answer(body)));
    const embedder = await EndpointEmbedder.connect(settings);
    await expect(embedder.embed(['一', '二'], 'query')).rejects.toThrow(message);
  });

  it('refuses a page that is not JSON', async () => {
    const { settings } = await serve((_, response) => void response.type('html').send('<h1>hello</h1>'));
    const embedder = await EndpointEmbedder.connect(settings);
    await expect(embedder.embed(['一'], 'query')).rejects.toThrow(EmbeddingEndpointError);
  });

  it('keeps vectors by content: the same text is asked once, also over a failure of another batch', async () => {
    let broken = true;
    const { settings, asked } = await serve((body, response) => {
      if (broken && body.input.includes('坏')) fails(response, 400);
      else response.json(good(body));
    });
    const cache = memory();
    const embedder = await EndpointEmbedder.connect({ ...settings, batchSize: 1 }, cache);
    await expect(embedder.embed(['好', '坏'], 'passage')).rejects.toThrow(/400/);
    expect(cache.kept.size).toBe(1);
    broken = false;
    asked.length = 0;
    expectVectors(await embedder.embed(['好', '坏', '好'], 'passage'), ['好', '坏', '好']);
    expect(asked.map((body) => body.input)).toEqual([['坏']]);
  });

  it('never takes a vector of another model, prefix or length from the cache', async () => {
    const { settings, asked } = await serve((body, response) => void response.json(good(body)));
    const cache = memory();
    await (await EndpointEmbedder.connect(settings, cache)).embed(['一'], 'query');
    await (await EndpointEmbedder.connect({ ...settings, model: 'n' }, cache)).embed(['一'], 'query');
    await (await EndpointEmbedder.connect({ ...settings, queryPrefix: '问：' }, cache)).embed(['一'], 'query');
    expect(asked.map((body) => `${body.model} ${body.input}`)).toEqual(['m 一', 'n 一', 'm 问：一']);
    for (const key of cache.kept.keys()) cache.kept.set(key, new Float32Array(7));
    expect((await (await EndpointEmbedder.connect(settings, cache)).embed(['一'], 'query'))[0]?.length).toBe(2);
  });

  it('learns the dimensions from the endpoint when they are not given, and its id changes with the model', async () => {
    const { settings, asked } = await serve((body, response) => void response.json(good(body)));
    const { dimensions: _, ...open } = settings;
    const embedder = await EndpointEmbedder.connect(open);
    expect(embedder.dimensions).toBe(2);
    expect(asked[0]).not.toHaveProperty('dimensions');
    const other = await EndpointEmbedder.connect({ ...open, model: 'n' });
    expect(embedder.id).toMatch(/^m@[0-9a-f]{12}$/);
    expect(other.id).not.toBe(embedder.id);
  });
});

describe('the settings of an endpoint', () => {
  it('are read from the environment; empty means none', () => {
    expect(endpointSettings({ EMBEDDING_BASE_URL: '', EMBEDDING_MODEL: '' })).toEqual({ ok: true, endpoint: undefined });
    expect(
      endpointSettings({ EMBEDDING_BASE_URL: 'http://x/v1', EMBEDDING_MODEL: 'bge', EMBEDDING_API_KEY: '', EMBEDDING_DIMENSIONS: '512' }),
    ).toMatchObject({ ok: true, endpoint: { baseUrl: 'http://x/v1', model: 'bge', apiKey: 'none', dimensions: 512 } });
  });

  it('name the key that is wrong', () => {
    const problem = (env: Record<string, string>) => {
      const settings = endpointSettings(env);
      return settings.ok ? '' : settings.problems.join();
    };
    expect(problem({ EMBEDDING_BASE_URL: 'x' })).toContain('EMBEDDING_BASE_URL');
    expect(problem({ EMBEDDING_BASE_URL: 'http://x/v1' })).toContain('EMBEDDING_MODEL');
    expect(problem({ EMBEDDING_BASE_URL: 'http://x/v1', EMBEDDING_MODEL: 'm', EMBEDDING_BATCH: '100' })).toContain('EMBEDDING_BATCH');
  });
});
