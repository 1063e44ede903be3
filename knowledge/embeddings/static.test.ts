import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtInModel, loadStaticEmbedder, type StaticEmbedder } from './static.ts';
import { modelFile } from './testing.ts';

const length = (vector: Float32Array) => Math.hypot(...vector);
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-embeddings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(bytes: Uint8Array, name = 'small.bin'): Promise<StaticEmbedder> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return loadStaticEmbedder(file);
}

describe('a static model', () => {
  const small = modelFile(
    ['身', '身份', '身份证', '丢', 'a'],
    [
      [100, 0, 0],
      [0, 100, 0],
      [0, 0, 100],
      [100, 0, 0],
      [0, 50, 0],
    ],
  );

  it('reads the longest entry first and skips what it does not know', async () => {
    const embedder = await load(small);
    expect(embedder.entries('身份证丢了，身份A身体')).toEqual(['身份证', '丢', '身份', 'a', '身']);
    expect([...embedder.vector('身份证丢')].map((value) => value.toFixed(4))).toEqual(['0.7071', '0.0000', '0.7071']);
  });

  it('normalises first: traditional, full-width and hidden characters read the same', async () => {
    const embedder = await load(small);
    expect(embedder.vector('身\u200b份證Ａ')).toEqual(embedder.vector('身份证a'));
  });

  it('gives a text without any known entry the zero vector', async () => {
    const embedder = await load(small);
    const vectors = await embedder.embed(['', '？！', '龘', '𠮷'], 'query');
    expect(vectors.map((vector) => [...vector])).toEqual(Array(4).fill([0, 0, 0]));
  });

  it('names itself by the file and its content', async () => {
    const one = await load(small, 'model-a.bin');
    const other = await load(modelFile(['身'], [[1, 2, 3]]), 'model-b.bin');
    expect(one.id).toMatch(/^model-a@[0-9a-f]{12}$/);
    expect(other.id.split('@')[1]).not.toBe(one.id.split('@')[1]);
    expect(one.dimensions).toBe(3);
  });

  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(small);
    bytes[at] = value;
    return bytes;
  };
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', Buffer.alloc(0), /0 bytes long.*cut off or not a model/],
    [
      'another file',
      Buffer.from('{"text": "something that is long enough to hold a whole header and then some more"}'),
      /not a Wenban embedding model/,
    ],
    ['a later format', changed(8, 2), /format version 2, this program reads version 1/],
    ['a file cut off', small.subarray(0, small.length - 3), /its header says \d+: the file is damaged/],
    ['a header that lies', changed(12, 4), /its header says/],
    ['impossible dimensions', changed(14, 255), /dimensions/],
    ['one changed byte', changed(small.length - 1, 9), /checksum/],
    ['entries that are not as many as rows', modelFile(['身', '份\n证'], [[1], [2]]), /3 entries for 2 rows/],
    ['an empty entry', modelFile(['身', ''], [[1], [2]]), /empty or too long/],
  ])('refuses %s and says why', async (_, bytes, message) => {
    await expect(load(bytes, 'broken.bin')).rejects.toThrow(message);
    await expect(load(bytes, 'broken.bin')).rejects.toThrow(/broken\.bin/);
  });

  it('says which file is missing', async () => {
    await expect(loadStaticEmbedder(join(folder, 'none.bin'))).rejects.toThrow(/none\.bin: the embedding model cannot be read/);
  });
});

describe('the built-in model', () => {
  let embedder: StaticEmbedder;
  beforeAll(async () => {
    embedder = await loadStaticEmbedder(builtInModel);
  });

  it('is one file of at most 16 MB with 256 dimensions, named by its content', async () => {
    const bytes = await readFile(builtInModel);
    expect(bytes.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(embedder.dimensions).toBe(256);
    expect(embedder.id).toMatch(/^wenban-zh-256@[0-9a-f]{12}$/);
  });

  it('segments and embeds exactly as the script that made it', async () => {
    const vectorFile = z.object({
      model: z.string(),
      samples: z.array(z.object({ text: z.string(), entries: z.array(z.string()), first: z.array(z.number()) })),
    });
    const { model, samples } = vectorFile.parse(JSON.parse(await readFile(new URL('model/test-vectors.json', import.meta.url), 'utf8')));
    expect(embedder.id).toBe(model);
    expect(samples.length).toBeGreaterThanOrEqual(20);
    for (const { text, entries, first } of samples) {
      expect(embedder.entries(text)).toEqual(entries);
      const vector = embedder.vector(text);
      first.forEach((value, i) => {
        expect(vector[i], text).toBeCloseTo(value, 5);
      });
    }
  });

  it('gives unit vectors (or zero), the same each time, whatever the string', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('社保卡丢了')), (text) => {
        const vector = embedder.vector(text);
        const known = embedder.entries(text).length > 0;
        expect(length(vector)).toBeCloseTo(known ? 1 : 0, 5);
        expect(embedder.vector(text)).toEqual(vector);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives vectors in the order of the texts, of their own', async () => {
    const texts = ['身份证丢了', '公积金提取', '身份证丢了'];
    const vectors = await embedder.embed(texts, 'passage');
    expect(vectors).toEqual(texts.map((text) => embedder.vector(text)));
    vectors[0]?.fill(0);
    expect(length(embedder.vector('身份证丢了'))).toBeCloseTo(1, 5);
  });

  it.each([
    ['娃的出生证搞丢了', '出生医学证明补发', '道路运输证核发'],
    ['老板不给工资', '拖欠农民工工资投诉', '企业名称变更登记'],
    ['房本过户', '不动产转移登记', '机动车驾驶证换证'],
    ['开个小饭馆要什么手续', '食品经营许可', '护士执业注册'],
  ])('%s is nearer to %s than to %s: meaning without shared words', (query, near, far) => {
    const [asked, right, wrong] = [query, near, far].map((text) => embedder.vector(text));
    if (!asked || !right || !wrong) throw new Error('no vector');
    expect(cosine(asked, right)).toBeGreaterThan(cosine(asked, wrong) + 0.1);
  });
});
