import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Unit } from '../units.ts';
import { UnitsUnavailable } from '../units-rank.ts';
import { anyDay, k1b, normal, unit } from '../units-testing.ts';
import { Connection } from './connection.ts';
import { qdrantHealth } from './health.ts';
import { termIndex } from './term-index.ts';
import { type StandIn, startStandIn } from './testing/stand-in.ts';
import { QdrantUnits, type QdrantUnitsSettings } from './units.ts';

let server: StandIn;
let pauses: number[];

beforeEach(async () => {
  server = await startStandIn();
  pauses = [];
});
afterEach(async () => {
  expect(server.refused).toEqual([]);
  await server.close();
});

const make = (settings: Partial<QdrantUnitsSettings> = {}) =>
  new QdrantUnits({ url: server.url, sleep: async (ms) => void pauses.push(ms), ...settings }, k1b);
const content = (revision: string, units: readonly Unit[] = [unit(`${revision}#1`, '办理 材料', { vector: normal([1, 2]) })]) => ({
  revision,
  units,
  embedderId: 'm',
});
const found = async (store: QdrantUnits) =>
  (await store.search({ terms: ['办理'], vector: normal([1, 2]), denseWeight: 0.5 }, 'passage', anyDay, 10)).map((hit) => hit.id);
const uploads = () => server.requests.filter((line) => /^PUT .*\/points$/.test(line)).length;

describe('the server’s collections', () => {
  it('hold one content; aliases name it; the one before is dropped', async () => {
    const store = make({ prefix: 'city' });
    await store.replace(content('r1'));
    const first = [...server.collections.keys()];
    expect([...server.aliases.keys()].sort()).toEqual(['city-item', 'city-name', 'city-passage']);
    await store.replace(content('r2'));
    expect([...server.collections.keys()].filter((name) => first.includes(name))).toEqual([]);
    expect([...server.aliases.values()].sort()).toEqual([...server.collections.keys()].sort());
    expect(await found(store)).toEqual(['r2#1']);
  });

  it('hold the numbers, ids and filter fields of a unit, and no text', async () => {
    const one = unit('a#1', '办理 办理 材料', {
      vector: normal([3, 4]),
      filter: { audience: ['enterprise'], region: '110000', department: '公安', validFrom: '2026-01-01', validTo: '2026-12-31' },
    });
    await make().replace(content('r1', [one, unit('b#1', '')]));
    const collection = server.collections.get(server.aliases.get('wenban-passage') ?? '');
    expect(collection?.config).toMatchObject({
      shard_number: 1,
      vectors: { dense: { size: 2, distance: 'Cosine', hnsw_config: { m: 0 } } },
      sparse_vectors: { text: { modifier: 'idf' } },
    });
    expect([...(collection?.indexes ?? [])].sort()).toEqual([
      ['audience', 'keyword'],
      ['department', 'keyword'],
      ['region', 'keyword'],
      ['validFrom', 'integer'],
      ['validTo', 'integer'],
    ]);
    const [first, second] = [...(collection?.points.values() ?? [])];
    const payload = {
      id: 'a#1',
      itemId: 'a',
      audience: ['enterprise'],
      region: '110000',
      department: '公安',
      validFrom: 20260101,
      validTo: 20261231,
    };
    expect(first?.payload).toEqual(payload);
    // Length 3 of average 1.5: 1 − b + b·2 = 1.75.
    const value = (tf: number) => (tf * 2.2) / (tf + 1.2 * 1.75);
    const indices = [termIndex('办理'), termIndex('材料')].sort((a, b) => a - b);
    expect(first?.vector.text).toEqual({ indices, values: indices.map((i) => expect.closeTo(value(i === termIndex('办理') ? 2 : 1), 6)) });
    expect(first?.vector.dense).toEqual([0.6, 0.8].map((x) => expect.closeTo(x, 7)));
    expect(second?.vector).toEqual({ text: { indices: [0], values: [1] } });
  });

  it('are asked for scalar quantisation when configured; the candidates are then rescored with whole vectors', async () => {
    const store = make({ quantisation: 'int8' });
    await store.replace(content('r1'));
    const collection = server.collections.get(server.aliases.get('wenban-passage') ?? '');
    expect(collection?.config.vectors?.dense?.quantization_config).toEqual({ scalar: { type: 'int8', quantile: 0.99, always_ram: true } });
    expect(await found(store)).toEqual(['r1#1']);
  });

  it('are filled in batches of 256 at most', async () => {
    await make().replace(
      content(
        'r1',
        Array.from({ length: 600 }, (_, i) => unit(`u${i}#1`, '办理')),
      ),
    );
    expect(uploads()).toBe(3);
  });

  it('are not uploaded twice: a second start with the same content only counts', async () => {
    await make().replace(content('r1'));
    const before = uploads();
    const again = make();
    await again.replace(content('r1'));
    expect(uploads()).toBe(before);
    expect(await found(again)).toEqual(['r1#1']);
    expect(again.known(['办理', '没见'], 'passage')).toBe(0.5);
  });

  it('are built anew when texts are cut otherwise under the same revision, or k1 changes', async () => {
    await make().replace(content('r1'));
    await make().replace(content('r1', [unit('r1#1', '办理', { vector: normal([1, 2]) })]));
    expect(uploads()).toBe(2);
    const other = new QdrantUnits({ url: server.url }, { k1: 0.9, b: 0.4 });
    await other.replace(content('r1', [unit('r1#1', '办理', { vector: normal([1, 2]) })]));
    expect(uploads()).toBe(3);
  });

  it('that a broken run left are dropped after an hour, others’ never', async () => {
    let now = 1_000_000;
    const broken = make({ now: () => now });
    server.trouble = (line) => (/PUT .*\/points$/.test(line) ? 400 : undefined);
    await expect(broken.replace(content('r1'))).rejects.toThrow(/400/);
    server.trouble = undefined;
    const [orphan] = [...server.collections.keys()];
    const others = await make({ prefix: 'wenban-passage' })
      .replace(content('x'))
      .then(() => [...server.collections.keys()]);
    await broken.replace(content('r2'));
    expect([...server.collections.keys()]).toContain(orphan);
    now += 3_600_001;
    await broken.replace(content('r3'));
    expect([...server.collections.keys()]).not.toContain(orphan);
    expect([...server.collections.keys()]).toEqual(expect.arrayContaining(others.filter((name) => name !== orphan)));
  });
});

describe('when the connection breaks', () => {
  it('during an upload, the old content goes on serving, and the next try finishes', async () => {
    const store = make();
    await store.replace(content('r1'));
    server.trouble = (line) => (/PUT .*\/points$/.test(line) ? 'drop' : undefined);
    await expect(store.replace(content('r2'))).rejects.toThrow(/cannot be reached .* is it running.*\(uploading points 1–1 of 1\)/);
    expect(pauses).toEqual([200, 400, 800, 1600]);
    expect(store.revision).toBe('r1');
    expect(await found(store)).toEqual(['r1#1']);
    server.trouble = undefined;
    await store.replace(content('r2'));
    expect(await found(store)).toEqual(['r2#1']);
  });

  it.each(['PUT .*/points$', 'PUT /collections/[^/]+$', 'PUT .*/index$', 'POST /collections/aliases', 'DELETE '])(
    'once, before or after the work of %s, nobody notices',
    async (pattern) => {
      for (const kind of ['drop', 'late', 503] as const) {
        const store = make({ prefix: `p${kind}` });
        await store.replace(content('r1'));
        let left = 1;
        server.trouble = (line) => (new RegExp(pattern).test(line) && left-- > 0 ? kind : undefined);
        await store.replace(content('r2'));
        server.trouble = undefined;
        expect(left).toBeLessThan(1);
        expect(await found(store)).toEqual(['r2#1']);
        expect([...server.collections.keys()].filter((name) => name.startsWith(`p${kind}-`))).toHaveLength(3);
      }
    },
  );

  it('during an upload, the next try goes on where it broke', async () => {
    const store = make();
    const units = Array.from({ length: 700 }, (_, i) => unit(`u${i}#1`, '办理'));
    let left = 2;
    server.trouble = (line) => (/PUT .*\/points$/.test(line) && left-- <= 0 ? 400 : undefined);
    await expect(store.replace(content('r1', units))).rejects.toThrow(/answered 400/);
    server.trouble = undefined;
    const before = uploads();
    await store.replace(content('r1', units));
    expect(uploads() - before).toBe(1);
    expect(server.collections.get(server.aliases.get('wenban-passage') ?? '')?.points.size).toBe(700);
  });

  it('during a search, it is tried once more; a server that is down is an error that says so, and is not asked again for five seconds', async () => {
    let now = 1_000_000;
    const store = make({ now: () => now });
    await store.replace(content('r1'));
    let left = 1;
    server.trouble = () => (left-- > 0 ? 'drop' : undefined);
    expect(await found(store)).toEqual(['r1#1']);
    server.trouble = () => 'drop';
    await expect(found(store)).rejects.toThrow(UnitsUnavailable);
    await expect(found(store)).rejects.toThrow(/cannot be reached/);
    const asked = server.requests.length;
    await expect(found(store)).rejects.toThrow(/cannot be reached/);
    server.trouble = undefined;
    await expect(found(store)).rejects.toThrow(UnitsUnavailable);
    expect(server.requests.length).toBe(asked);
    expect(store.revision).toBe('r1');
    now += 5001;
    expect(await found(store)).toEqual(['r1#1']);
  });

  it('before anything is served, the first content is put in as soon as the server is there', async () => {
    const store = make();
    server.trouble = () => 'drop';
    await expect(store.replace(content('r1'))).rejects.toThrow(UnitsUnavailable);
    expect(await found(store)).toEqual([]);
    server.trouble = undefined;
    await store.replace(content('r1'));
    expect(await found(store)).toEqual(['r1#1']);
  });

  it('while old collections are dropped, the change stands and the warning says what is left', async () => {
    const warnings: string[] = [];
    const store = make({ warn: (message) => void warnings.push(message) });
    await store.replace(content('r1'));
    server.trouble = (line) => (line.startsWith('DELETE') ? 500 : undefined);
    await store.replace(content('r2'));
    expect(await found(store)).toEqual(['r2#1']);
    expect(warnings).toEqual([expect.stringMatching(/answered 500.*dropping an old collection/)]);
  });
});

describe('several processes', () => {
  it('that start together with the same content end with one', async () => {
    const stores = [make(), make(), make()];
    await Promise.all(stores.map((store) => store.replace(content('r1'))));
    expect(server.collections.size).toBe(3);
    for (const store of stores) expect(await found(store)).toEqual(['r1#1']);
  });

  it('whose content another has replaced answer from the new one through the alias', async () => {
    const slow = make();
    await slow.replace(content('r1'));
    await make().replace(content('r2'));
    expect(await found(slow)).toEqual(['r2#1']);
  });
});

describe('what an operator reads', () => {
  it('when the key is wrong; the key itself is not in it', async () => {
    const guarded = await startStandIn({ apiKey: 'right' });
    const store = new QdrantUnits({ url: guarded.url, apiKey: 'wrong-secret' }, k1b);
    const error = await store.replace(content('r1')).catch((reason: Error) => reason);
    expect(String(error)).toMatch(/refuses the key: check QDRANT_API_KEY/);
    expect(String(error)).not.toContain('wrong-secret');
    await new QdrantUnits({ url: guarded.url, apiKey: 'right' }, k1b).replace(content('r1'));
    await guarded.close();
  });

  it('when the server is too old, or silent, or not there', async () => {
    const old = await startStandIn({ version: '1.16.3' });
    await expect(new QdrantUnits({ url: old.url }, k1b).replace(content('r1'))).rejects.toThrow(
      /is version 1\.16\.3; Wenban needs 1\.17 or newer/,
    );
    await old.close();
    await expect(new QdrantUnits({ url: old.url, sleep: async () => undefined }, k1b).replace(content('r1'))).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\)/,
    );
    const store = make({ searchTimeout: 50 });
    await store.replace(content('r1'));
    server.trouble = () => 'drop';
    const { createServer } = await import('node:http');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const port = (silent.address() as { port: number }).port;
    const waiting = new QdrantUnits({ url: `http://127.0.0.1:${port}`, writeTimeout: 50, sleep: async () => undefined }, k1b);
    await expect(waiting.replace(content('r1'))).rejects.toThrow(/did not answer in time/);
    silent.closeAllConnections();
    silent.close();
  });

  it('from doctor: version, contents, and what is wrong, in one line', async () => {
    const health = () => qdrantHealth({ url: server.url, sleep: async () => undefined });
    const { port } = new URL(server.url);
    expect(await health()).toMatchObject({ ok: true, version: '1.17.0', levels: [], problems: [] });
    expect((await health()).summary).toMatch(/nothing stored yet/);
    await make().replace(content('r1'));
    expect(await health()).toMatchObject({
      ok: true,
      summary: `Qdrant 1.17.0 at http://127.0.0.1:${port}: 1 passage, 0 item, 0 name; revision r1, vectors of m.`,
      levels: [{ level: 'passage', points: 1, revision: 'r1', embedder: 'm' }, { level: 'item' }, { level: 'name' }],
    });
    server.trouble = () => 'drop';
    expect(await health()).toMatchObject({ ok: false, version: undefined, problems: [expect.stringMatching(/cannot be reached/)] });
    server.trouble = undefined;
    expect(await qdrantHealth({ url: 'nowhere' })).toMatchObject({
      ok: false,
      summary: expect.stringMatching(/QDRANT_URL must look like/),
    });
    const guarded = await startStandIn({ apiKey: 'right' });
    expect((await qdrantHealth({ url: guarded.url, apiKey: 'wrong' })).problems).toEqual([expect.stringMatching(/refuses the key/)]);
    expect((await qdrantHealth({ url: guarded.url, apiKey: 'right' })).ok).toBe(true);
    await guarded.close();
  });

  it('when the key would travel readable', () => {
    const exposed = (url: string, apiKey?: string) => new Connection({ url, apiKey }).exposesKey;
    expect(exposed('http://qdrant:6333', 'k')).toBe(true);
    expect(exposed('http://qdrant:6333')).toBe(false);
    expect(exposed('https://qdrant:6333', 'k')).toBe(false);
    expect(exposed('http://localhost:6333', 'k')).toBe(false);
  });

  it('when QDRANT_URL is no address', () => {
    for (const url of ['qdrant:6333', 'localhost', '']) expect(() => make({ url })).toThrow(/QDRANT_URL must look like/);
    expect(() => make({ prefix: 'a b' })).toThrow(/cannot begin the name/);
  });

  it('names the address with port and path, as it is used', () => {
    const address = (url: string) => new Connection({ url }).address;
    expect(address('http://qdrant')).toBe('http://qdrant:6333');
    expect(address('https://qdrant.example:443/')).toBe('https://qdrant.example:443');
    expect(address('http://127.0.0.1:80')).toBe('http://127.0.0.1:80');
    expect(address('https://gateway.example/vectors/')).toBe('https://gateway.example:6333/vectors');
  });
});

it('term indexes are 32-bit and of 100,000 bigrams hardly two fall together', () => {
  const seen = new Set<number>();
  for (let a = 0; a < 1000; a++) for (let b = 0; b < 100; b++) seen.add(termIndex(String.fromCharCode(0x4e00 + a, 0x4e00 + b * 7)));
  expect(seen.size).toBeGreaterThan(99_990);
  for (const index of seen) if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) throw new Error(String(index));
});
