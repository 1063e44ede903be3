/** `wenban bench search`: the embedded unit store beside plain brute force and hnswlib, on made-up knowledge, in one run. */
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Unit, UnitQuery } from '../../knowledge/index/units.ts';
import { EmbeddedUnits } from '../../knowledge/index/units-embedded.ts';

const dimensions = 256;
const clusters = 2000;
const vocabulary = 50_000;
const termsPerUnit = 60;
const termsPerQuery = 5;
const top = 10;
const queryCount = 200;

interface Row {
  readonly name: string;
  readonly buildSeconds: number;
  /** Of the numbers searched, MB. */
  readonly megabytes: number;
  readonly p50: number;
  readonly p99: number;
  readonly searches: number;
  /** Against exact search in double precision; ties of the tenth place count as found. */
  readonly recall: number | undefined;
}

interface Made {
  readonly units: Unit[];
  readonly queries: UnitQuery[];
}

/** Measures and prints a table. Exit code 2 for bad flags. */
export async function benchSearchCommand(flags: { units?: string; seconds?: string; json?: boolean }): Promise<number> {
  const count = Number(flags.units ?? 100_000);
  const seconds = Number(flags.seconds ?? 5);
  if (!(Number.isInteger(count) && count >= 100 && count <= 1_000_000 && seconds > 0 && seconds <= 600)) {
    console.error('usage: wenban bench search [--units 100–1000000] [--seconds 1–600] [--json]');
    return 2;
  }
  const say = (text: string) => void (flags.json || console.log(text));
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, Node ${process.version}`;
  say(
    `${machine}; ${count} units: ${dimensions} numbers in ${clusters} clusters, ${termsPerUnit} Zipf terms of ${vocabulary}; best ${top} of ${termsPerQuery} terms and a vector`,
  );
  const made = makeUnits(count);
  const exact = exactTop(made);
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    say(describe(row));
  };
  const embedded = await measureEmbedded(made, exact, seconds);
  embedded.rows.forEach(add);
  say(
    `embedded store: the process grew by ${embedded.grownMegabytes.toFixed(0)} MB; while building, the longest wait of anything else was ${embedded.longestWait.toFixed(0)} ms`,
  );
  add(await measureBrute(made, exact, seconds));
  const hnsw = await loadHnswlib();
  if (hnsw) add(await measureHnsw(hnsw, made, exact, seconds));
  else say('hnswlib is not measured: `npm install hnswlib-node` in any folder (it needs a C++ compiler), and run this from there.');
  const rss = megabytes(process.memoryUsage().rss);
  if (flags.json)
    console.log(
      JSON.stringify({
        machine,
        units: count,
        dimensions,
        seconds,
        rssMegabytes: rss,
        grownMegabytes: embedded.grownMegabytes,
        longestWaitMs: embedded.longestWait,
        hnswlib: hnsw !== undefined,
        results: rows,
      }),
    );
  else say(`whole process ${rss.toFixed(0)} MB, of it the made-up units and their terms`);
  return 0;
}

const describe = (row: Row): string =>
  `${row.name.padEnd(34)} build ${row.buildSeconds.toFixed(1).padStart(6)} s  ${row.megabytes.toFixed(0).padStart(5)} MB   p50 ${row.p50.toFixed(2).padStart(7)} ms   p99 ${row.p99.toFixed(2).padStart(7)} ms   ${
    row.recall === undefined ? '' : `recall@${top} ${row.recall.toFixed(4)}`
  }`;

const megabytes = (bytes: number): number => bytes / 1e6;

interface Embedded {
  readonly rows: Row[];
  /** Resident memory, MB, before and after building. */
  readonly grownMegabytes: number;
  /** Of the event loop while building, milliseconds. */
  readonly longestWait: number;
}

async function measureEmbedded({ units, queries }: Made, exact: readonly (readonly number[])[], seconds: number): Promise<Embedded> {
  const store = new EmbeddedUnits({ k1: 1.2, b: 0.75 });
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.reset();
  const start = performance.now();
  await store.replace({ revision: 'bench', units, embedderId: 'bench' });
  const buildSeconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  const longestWait = delay.max / 1e6;
  const grownMegabytes = Math.max(0, megabytes(process.memoryUsage().rss - before));
  const { sparse, dense } = store.bytes;
  const filter = { on: '2026-06-15' };
  const kinds: [string, number, (query: UnitQuery) => UnitQuery][] = [
    ['embedded, sparse', sparse, ({ terms }) => ({ terms, denseWeight: 0 })],
    ['embedded, dense (exact)', dense, ({ vector }) => ({ terms: [], vector, denseWeight: 1 })],
    ['embedded, both fused', sparse + dense, (query) => query],
  ];
  const rows: Row[] = [];
  for (const [name, bytes, form] of kinds) {
    const asked = queries.map(form);
    const one = (i: number) => store.search(asked[i] as UnitQuery, 'passage', filter, top);
    const timed = await measure(seconds, one);
    let found = 0;
    if (name.includes('dense'))
      for (let i = 0; i < asked.length; i++)
        found += overlap(
          (await one(i)).map((hit) => hit.cosine),
          exact[i] ?? [],
        );
    rows.push({
      name,
      buildSeconds,
      megabytes: megabytes(bytes),
      ...timed,
      recall: name.includes('dense') ? found / asked.length : undefined,
    });
  }
  await store.close();
  return { rows, grownMegabytes, longestWait };
}

/** What one writes first: an array of vectors, a dot product for each, the whole list sorted. */
async function measureBrute({ units, queries }: Made, exact: readonly (readonly number[])[], seconds: number): Promise<Row> {
  const vectors = units.map((unit) => unit.vector as Float32Array);
  const one = async (i: number) => {
    const query = queries[i]?.vector as Float32Array;
    const scores = vectors.map((vector, place) => ({ place, score: dot(vector, query) }));
    return scores.sort((a, b) => b.score - a.score).slice(0, top);
  };
  const timed = await measure(seconds, one);
  let found = 0;
  for (let i = 0; i < 20; i++)
    found += overlap(
      (await one(i)).map((hit) => hit.score),
      exact[i] ?? [],
    );
  return {
    name: 'plain brute force, sorted',
    buildSeconds: 0,
    megabytes: megabytes(vectors.length * dimensions * 4),
    ...timed,
    recall: found / 20,
  };
}

interface HnswIndex {
  initIndex(count: number, m?: number, efConstruction?: number): void;
  addPoint(vector: number[], label: number): void;
  setEf(ef: number): void;
  searchKnn(query: number[], count: number): { neighbors: number[]; distances: number[] };
}
type Hnswlib = { HierarchicalNSW: new (space: string, dimensions: number) => HnswIndex };

/** From this package or from the folder the command runs in; it is no dependency. */
async function loadHnswlib(): Promise<Hnswlib | undefined> {
  for (const from of [import.meta.url, pathToFileURL(path.join(process.cwd(), 'package.json')).href]) {
    try {
      const module = await import(pathToFileURL(createRequire(from).resolve('hnswlib-node')).href);
      return (module.default ?? module) as Hnswlib;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

async function measureHnsw(hnsw: Hnswlib, { units, queries }: Made, exact: readonly (readonly number[])[], seconds: number): Promise<Row> {
  const start = performance.now();
  const index = new hnsw.HierarchicalNSW('ip', dimensions);
  index.initIndex(units.length, 16, 200);
  units.forEach((unit, place) => void index.addPoint(Array.from(unit.vector as Float32Array), place));
  index.setEf(64);
  const buildSeconds = (performance.now() - start) / 1000;
  const asked = queries.map((query) => Array.from(query.vector as Float32Array));
  const timed = await measure(seconds, async (i) => index.searchKnn(asked[i] as number[], top));
  let found = 0;
  for (let i = 0; i < asked.length; i++) {
    const { neighbors } = index.searchKnn(asked[i] as number[], top);
    const query = queries[i]?.vector as Float32Array;
    found += overlap(
      neighbors.map((place) => dot(units[place]?.vector as Float32Array, query)),
      exact[i] ?? [],
    );
  }
  // It allocates outside of what the process reports apart: vector, 2·M links of the lowest layer with their count, label, each 4 bytes or 8.
  const bytes = units.length * (dimensions * 4 + (2 * 16 + 1) * 4 + 8);
  return { name: 'hnswlib-node, M 16, ef 200 / 64', buildSeconds, megabytes: megabytes(bytes), ...timed, recall: found / asked.length };
}

async function measure(seconds: number, one: (i: number) => Promise<unknown>): Promise<{ p50: number; p99: number; searches: number }> {
  for (let i = 0; i < 20; i++) await one(i);
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < until || times.length < 20; i++) {
    const start = performance.now();
    await one(i % queryCount);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), searches: times.length };
}

/** Best cosines of each query, in double precision. */
function exactTop({ units, queries }: Made): number[][] {
  return queries.map((query) => {
    const scores = Float64Array.from(units, (unit) => dot(unit.vector as Float32Array, query.vector as Float32Array));
    return [...scores.sort().subarray(-top)].reverse();
  });
}

/** Share of the exact best that was found: those whose cosine reaches the tenth. */
const overlap = (found: readonly number[], exact: readonly number[]): number =>
  found.filter((cosine) => cosine >= (exact.at(-1) ?? 0) - 1e-6).length / Math.max(1, exact.length);

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

/** The same units every time: clustered directions, terms by Zipf's law; a query is near a unit and takes some of its terms. */
function makeUnits(count: number): Made {
  const random = mulberry(20_260_615);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const direction = (near: Float32Array | undefined, noise: number) => {
    const vector = Float32Array.from({ length: dimensions }, (_, j) => (near?.[j] ?? 0) + noise * gauss());
    const length = Math.sqrt(dot(vector, vector));
    return vector.map((value) => value / length);
  };
  const cumulative = new Float64Array(vocabulary);
  for (let rank = 0; rank < vocabulary; rank++) cumulative[rank] = (cumulative[rank - 1] ?? 0) + 1 / (rank + 1);
  const names = Array.from({ length: vocabulary }, (_, rank) => `t${rank}`);
  const term = () => {
    const wanted = random() * (cumulative[vocabulary - 1] as number);
    let low = 0;
    let high = vocabulary - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return names[low] as string;
  };
  const centres = Array.from({ length: Math.min(clusters, count) }, () => direction(undefined, 1));
  const units = Array.from({ length: count }, (_, i): Unit => {
    const centre = centres[Math.floor(random() * centres.length)];
    const terms = Array.from({ length: termsPerUnit }, term);
    return { id: `u${i}`, itemId: `i${i >> 2}`, level: 'passage', terms, vector: direction(centre, 0.05), filter: { audience: [] } };
  });
  const queries = Array.from({ length: queryCount }, (): UnitQuery => {
    const unit = units[Math.floor(random() * count)] as Unit;
    const terms = Array.from({ length: termsPerQuery }, () => unit.terms[Math.floor(random() * termsPerUnit)] as string);
    return { terms, vector: direction(unit.vector, 0.03), denseWeight: 0.5 };
  });
  return { units, queries };
}

/** Mulberry32: a small seeded generator (public domain, T. Ettinger). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
