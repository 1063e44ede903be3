import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keptSounds, openSounds } from './kept-sounds.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-sounds-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'sounds.json');
const aloud = (text: string) => [...text].map((character) => `~${character}`);

it('asks once for what is asked for at every start, and keeps nothing that comes after it', async () => {
  const close = await openSounds(file(), 'v1');
  expect(keptSounds('社保', aloud)).toEqual(['~社', '~保']);
  expect(keptSounds('', aloud)).toEqual([]);
  await close();
  keptSounds('我叫张三', aloud);
  const work = vi.fn(aloud);
  const again = await openSounds(file(), 'v1');
  expect(keptSounds('社保', work)).toEqual(['~社', '~保']);
  expect(keptSounds('', work)).toEqual([]);
  expect(work).not.toHaveBeenCalled();
  await again();
  expect(await readFile(file(), 'utf8')).not.toContain('张三');
});

it('uses nothing that another version made, and nothing of a broken file', async () => {
  const close = await openSounds(file(), 'v1');
  keptSounds('社保', aloud);
  await close();
  const work = vi.fn(aloud);
  const other = await openSounds(file(), 'v2');
  expect(keptSounds('社保', work)).toEqual(['~社', '~保']);
  expect(work).toHaveBeenCalledOnce();
  await other();
  await writeFile(file(), '{"by":"v2","sounds":');
  const broken = await openSounds(file(), 'v2');
  expect(keptSounds('社保', work)).toEqual(['~社', '~保']);
  expect(work).toHaveBeenCalledTimes(2);
  await broken();
  expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({ by: 'v2', sounds: { 社保: '~社 ~保' } });
});
