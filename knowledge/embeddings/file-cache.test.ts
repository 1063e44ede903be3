import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileCache } from './file-cache.ts';

const key = (digit: string) => digit.repeat(64);

describe('the file cache of embeddings', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wenban-cache-'));
    file = join(folder, 'deep', 'vectors.bin');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back after a restart what was put in, in the order asked', async () => {
    const cache = await openFileCache(file);
    await Promise.all([
      cache.set([{ key: key('a'), vector: Float32Array.of(0.5, -0.25) }]),
      cache.set([{ key: key('b'), vector: Float32Array.of(1, 0) }]),
    ]);
    const again = await openFileCache(file);
    expect(await again.get([key('b'), key('c'), key('a')])).toEqual([Float32Array.of(1, 0), undefined, Float32Array.of(0.5, -0.25)]);
  });

  it('writes a vector once', async () => {
    const cache = await openFileCache(file);
    const entry = { key: key('a'), vector: Float32Array.of(1) };
    await cache.set([entry]);
    const size = (await readFile(file)).length;
    await cache.set([entry]);
    expect((await readFile(file)).length).toBe(size);
  });

  it.each([1, 20, 35, 37])('drops a record cut off %i bytes before its end, and goes on from there', async (cut) => {
    const cache = await openFileCache(file);
    await cache.set([{ key: key('a'), vector: Float32Array.of(1) }]);
    await cache.set([{ key: key('b'), vector: Float32Array.of(2) }]);
    await truncate(file, (await readFile(file)).length - cut);
    const again = await openFileCache(file);
    expect(await again.get([key('a'), key('b')])).toEqual([Float32Array.of(1), undefined]);
    await again.set([{ key: key('b'), vector: Float32Array.of(3) }]);
    expect(await (await openFileCache(file)).get([key('b')])).toEqual([Float32Array.of(3)]);
  });

  it('a damaged length does not bring it down', async () => {
    const cache = await openFileCache(file);
    await cache.set([{ key: key('a'), vector: Float32Array.of(1) }]);
    await appendFile(file, Buffer.alloc(40, 0xff));
    expect(await (await openFileCache(file)).get([key('a')])).toEqual([Float32Array.of(1)]);
  });
});
