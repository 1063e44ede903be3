/** One contract, every unit store: embedded, and Qdrant — a real server with QDRANT_URL (and QDRANT_API_KEY), else a stand-in that checks every request. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { QdrantClient } from '@qdrant/js-client-rest';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from './qdrant/testing/stand-in.ts';
import { QdrantUnits } from './qdrant/units.ts';
import { type Unit, type UnitStore, unitLevels } from './units.ts';
import { EmbeddedUnits } from './units-embedded.ts';
import { anyDay, difference, filterArb, k1b, naiveSearch, normal, queryArb, unit, unitsArb } from './units-testing.ts';

const realUrl = process.env.QDRANT_URL;
const apiKey = process.env.QDRANT_API_KEY;
let standIn: StandIn | undefined;
const prefixes: string[] = [];

beforeAll(async () => {
  if (realUrl) return console.log(`unit stores: the contract runs on the Qdrant at ${new URL(realUrl).host}`);
  standIn = await startStandIn();
  console.log('unit stores: no QDRANT_URL, the contract runs on the stand-in (every request checked against the client’s own types)');
});

afterAll(async () => {
  expect(standIn?.refused ?? []).toEqual([]);
  await standIn?.close();
  if (!realUrl) return;
  const client = new QdrantClient({ url: realUrl, ...(apiKey ? { apiKey } : {}) });
  const { collections } = await client.getCollections();
  for (const { name } of collections) if (prefixes.some((prefix) => name.startsWith(`${prefix}-`))) await client.deleteCollection(name);
});

function newQdrant(prefix = `test${randomBytes(6).toString('hex')}`): QdrantUnits {
  prefixes.push(prefix);
  return new QdrantUnits({ url: realUrl ?? standIn?.url ?? '', apiKey, prefix }, k1b);
}

const stores: [string, () => UnitStore][] = [
  ['embedded', () => new EmbeddedUnits(k1b)],
  ['qdrant', () => newQdrant()],
];

describe.each(stores)('unit store contract: %s', (_name, make) => {
  let store: UnitStore;
  beforeEach(() => {
    store = make();
  });
  afterEach(() => store.close());

  const put = (units: readonly Unit[], revision = 'r1', embedderId: string | undefined = 'model-a') =>
    store.replace({ revision, units, embedderId });
  const ids = async (terms: string[], limit = 10, level: Unit['level'] = 'passage') =>
    (await store.search({ terms, denseWeight: 0 }, level, anyDay, limit)).map((hit) => hit.id);

  it('is empty before anything is put in, and with nothing in it', async () => {
    expect(store.revision).toBe('');
    expect(await ids(['办理'])).toEqual([]);
    expect(store.known(['办理'], 'passage')).toBe(0);
    await put([]);
    expect(store.revision).toBe('r1');
    expect(await ids(['办理'])).toEqual([]);
  });

  it('[R-023] ranks by share plus weighted cosine and gives all three numbers', async () => {
    const units = [
      unit('a#1', '居住 住证 办理', { vector: normal([1, 0, 0]) }),
      unit('b#1', '居住 住证 费用 费用', { vector: normal([0, 1, 0]) }),
      unit('c#1', '公积 积金 提取', { vector: normal([0.6, 0.8, 0]) }),
      unit('d#1', '没有 向量 居住'),
    ];
    await put(units);
    for (const denseWeight of [0, 0.3, 2]) {
      const query = { terms: ['居住', '费用', '没见'], vector: normal([0.8, 0.6, 0]), denseWeight };
      expect(
        difference(await store.search(query, 'passage', anyDay, 10), naiveSearch(units, query, 'passage', anyDay, 10)),
      ).toBeUndefined();
    }
  });

  it('finds by meaning alone what shares no word', async () => {
    await put([unit('a#1', '居住 住证', { vector: normal([1, 0]) }), unit('b#1', '提取', { vector: normal([0, 1]) })]);
    const [hit, ...rest] = await store.search({ terms: ['暂住'], vector: normal([1, 0]), denseWeight: 0.5 }, 'passage', anyDay, 10);
    expect(hit).toMatchObject({ id: 'a#1', itemId: 'a', share: 0 });
    expect(hit?.cosine).toBeCloseTo(1, 6);
    expect(rest).toEqual([]);
  });

  it('a cosine below nought takes nothing away, and what has neither words nor direction in common is no hit', async () => {
    await put([unit('a#1', '办理', { vector: normal([-1, 0]) }), unit('b#1', '提取', { vector: normal([-1, 0.1]) })]);
    const hits = await store.search({ terms: ['办理'], vector: normal([1, 0]), denseWeight: 1 }, 'passage', anyDay, 10);
    expect(hits.map((hit) => hit.id)).toEqual(['a#1']);
    expect(hits[0]?.cosine).toBeCloseTo(-1, 6);
    expect(hits[0]?.score).toBeCloseTo(hits[0]?.share ?? 0, 6);
  });

  it('levels are counted and searched apart', async () => {
    await put([
      unit('a#1', '办理'),
      unit('a', '办理 提取', { level: 'item' }),
      unit('a~1', '提取', { level: 'name' }),
      unit('b', '提取', { level: 'name' }),
    ]);
    expect(await ids(['办理', '提取'])).toEqual(['a#1']);
    expect(await ids(['办理', '提取'], 10, 'item')).toEqual(['a']);
    expect(await ids(['办理', '提取'], 10, 'name')).toEqual(['a~1', 'b']);
    expect(store.known(['办理', '提取'], 'name')).toBe(0.5);
    expect(store.known(['办理', '提取'], 'passage')).toBe(0.5);
    expect(store.known(['办理', '提取', '办理'], 'item')).toBe(1);
  });

  it('no terms, unseen terms, terms said twice', async () => {
    await put([unit('a#1', '办理 材料'), unit('b#1', '')]);
    expect(await ids([])).toEqual([]);
    expect(await ids(['没见'])).toEqual([]);
    expect(store.known([], 'passage')).toBe(0);
    const once = await store.search({ terms: ['办理', '没见'], denseWeight: 0 }, 'passage', anyDay, 10);
    expect(await store.search({ terms: ['没见', '办理', '办理'], denseWeight: 0 }, 'passage', anyDay, 10)).toEqual(once);
    expect(once[0]?.share).toBeLessThan(0.5);
  });

  it('[R-023] coverage is the share of the question that a unit speaks of, rare words weighing more, however often it says them', async () => {
    await put([
      unit('a#1', '办理 办理 办理 材料'),
      unit('b#1', '材料 费用', { vector: normal([1, 0]) }),
      unit('c#1', '无关', { vector: normal([1, 0]) }),
    ]);
    const [rare, common] = [Math.log(1 + 2.5 / 1.5), Math.log(1 + 1.5 / 2.5)];
    const unseen = Math.log(1 + 3.5 / 0.5);
    const hits = await store.search({ terms: ['办理', '材料', '没见'], vector: normal([1, 0]), denseWeight: 1 }, 'passage', anyDay, 10);
    const coverage = new Map(hits.map((hit) => [hit.id, hit.coverage]));
    expect(coverage.get('a#1')).toBeCloseTo((rare + common) / (rare + common + unseen), 6);
    expect(coverage.get('b#1')).toBeCloseTo(common / (rare + common + unseen), 6);
    expect(coverage.get('c#1')).toBe(0);
  });

  it('ties fall to the id, also where the limit cuts through hundreds of them', async () => {
    await put(
      Array.from({ length: 700 }, (_, i) => unit(`t${String((i * 367) % 700).padStart(3, '0')}#1`, '办理', { vector: normal([1, 1]) })),
    );
    const expected = ['t000#1', 't001#1', 't002#1'];
    expect(await ids(['办理'], 3)).toEqual(expected);
    for (const terms of [['办理'], []]) {
      const hits = await store.search({ terms, vector: normal([1, 0]), denseWeight: 0.5 }, 'passage', anyDay, 3);
      expect(hits.map((hit) => hit.id)).toEqual(expected);
    }
  });

  it('a unit that leads in neither half but is best in both together comes first', async () => {
    const tilted = (degrees: number) => normal([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
    const wordy = Array.from({ length: 150 }, (_, i) => unit(`s${i}#1`, '办理 材料 费用', { vector: tilted(-90) }));
    const near = Array.from({ length: 150 }, (_, i) => unit(`n${i}#1`, '无关', { vector: tilted(5) }));
    const units = [...wordy, ...near, unit('z#1', '办理 材料 费用 别的 别的 别的', { vector: tilted(15) })];
    await put(units);
    const query = { terms: ['办理', '材料', '费用'], vector: tilted(0), denseWeight: 1 };
    const hits = await store.search(query, 'passage', anyDay, 5);
    expect(hits[0]?.id).toBe('z#1');
    expect(difference(hits, naiveSearch(units, query, 'passage', anyDay, 5))).toBeUndefined();
  });

  it('[R-102] filters: days count on both ends, what names no region, audience or department is for all', async () => {
    const one = (id: string, filter: Partial<Unit['filter']>) => unit(id, '办理', { filter: { audience: [], ...filter } });
    await put([
      one('all', {}),
      one('bj', { region: '110000' }),
      one('firm', { audience: ['enterprise', 'institution'] }),
      one('gone', { validTo: '2026-06-14' }),
      one('last-day', { validTo: '2026-06-15' }),
      one('first-day', { validFrom: '2026-06-15' }),
      one('soon', { validFrom: '2026-06-16' }),
      one('police', { department: '公安' }),
    ]);
    const found = async (filter: object) =>
      (await store.search({ terms: ['办理'], denseWeight: 0 }, 'passage', { ...anyDay, ...filter }, 20)).map((hit) => hit.id).join(' ');
    expect(await found({})).toBe('all bj firm first-day last-day police');
    expect(await found({ region: '310000' })).toBe('all firm first-day last-day police');
    expect(await found({ region: '110000', audience: 'natural_person' })).toBe('all bj first-day last-day police');
    expect(await found({ audience: 'institution' })).toBe('all bj firm first-day last-day police');
    expect(await found({ department: '人社' })).toBe('all bj firm first-day last-day');
    expect(await found({ on: '2026-06-16', department: '公安' })).toBe('all bj firm first-day police soon');
  });

  it('[R-087] a new content takes the place of the old at once', async () => {
    await put([unit('old#1', '办理'), unit('old', '办理', { level: 'item' })]);
    let searching = true;
    const seen = new Set<string>();
    const searches = (async () => {
      while (searching) {
        seen.add((await ids(['办理'])).join(' '));
        await nextTick();
      }
    })();
    await put([unit('new#1', '办理'), unit('new#2', '办理 材料')], 'r2');
    expect(await ids(['办理'])).toEqual(['new#1', 'new#2']);
    searching = false;
    await searches;
    expect([...seen].filter((one) => one !== 'old#1' && one !== 'new#1 new#2')).toEqual([]);
    expect(store.revision).toBe('r2');
    expect(await ids(['办理'], 10, 'item')).toEqual([]);
  });

  it('another model means another index; vectors of two models never stand in one', async () => {
    await put([unit('a#1', '办理', { vector: normal([1, 0, 0]) })]);
    await expect(
      put([unit('a#1', '办理', { vector: normal([1, 0, 0]) }), unit('b#1', '办理', { vector: normal([1, 0]) })], 'r2', 'model-b'),
    ).rejects.toThrow(/vectors of different models are never mixed/);
    await expect(
      store.replace({ revision: 'r2', units: [unit('a#1', '办理', { vector: normal([1, 0]) })], embedderId: undefined }),
    ).rejects.toThrow(/no embedding model is named/);
    expect(store.revision).toBe('r1');
    // The same revision of the knowledge, embedded anew.
    await put([unit('a#1', '办理', { vector: normal([0, 1]) })], 'r1', 'model-b');
    const hits = await store.search({ terms: [], vector: normal([0, 1]), denseWeight: 1 }, 'passage', anyDay, 10);
    expect(hits[0]?.cosine).toBeCloseTo(1, 6);
    await expect(store.search({ terms: [], vector: normal([0, 1, 0]), denseWeight: 1 }, 'passage', anyDay, 10)).rejects.toThrow(
      /another model/,
    );
    await store.replace({ revision: 'r1', units: [unit('a#1', '办理')], embedderId: undefined });
    expect(await store.search({ terms: ['办理'], vector: normal([0, 1]), denseWeight: 1 }, 'passage', anyDay, 10)).toMatchObject([
      { id: 'a#1', cosine: 0 },
    ]);
  });

  it('the same id twice in a level is an error, and the old content stays', async () => {
    await put([unit('a#1', '办理')]);
    await expect(put([unit('b#1', '办理'), unit('b#1', '材料')], 'r2')).rejects.toThrow(/Two units of level passage have the id b#1/);
    expect(await ids(['办理'])).toEqual(['a#1']);
  });
});

it('[R-023] both stores rank alike: 300 random queries over random contents', async () => {
  await fc.assert(
    fc.asyncProperty(
      unitsArb,
      fc.array(fc.tuple(queryArb, filterArb, fc.integer({ min: 1, max: 12 })), { minLength: 20, maxLength: 20 }),
      async (units, asked) => {
        const embedded = new EmbeddedUnits(k1b);
        const qdrant = newQdrant();
        for (const store of [embedded, qdrant]) await store.replace({ revision: 'r', units, embedderId: 'm' });
        for (const [i, [query, filter, limit]] of asked.entries()) {
          const level = unitLevels[i % 3] as Unit['level'];
          const here = await embedded.search(query, level, filter, limit);
          expect(difference(await qdrant.search(query, level, filter, limit), here)).toBeUndefined();
          expect(qdrant.known(query.terms, level)).toBe(embedded.known(query.terms, level));
        }
        await qdrant.close();
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
}, 300_000);
