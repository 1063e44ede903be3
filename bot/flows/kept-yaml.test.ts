import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { KeptYaml } from './kept-yaml.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-yaml-'));
});
afterAll(() => rm(folder, { recursive: true }));
const never = () => {
  throw new Error('read again');
};
const packFlows = join(import.meta.dirname, '..', '..', 'knowledge', 'packs', 'anlan', 'flows');

describe('what YAML came to', () => {
  it('is the same at the next start, for every flow of the sample pack', async () => {
    const file = join(folder, 'pack.json');
    const texts = await Promise.all((await readdir(packFlows)).map((name) => readFile(join(packFlows, name), 'utf8')));
    const first = await KeptYaml.open(file, 'yaml 2');
    for (const text of texts) first.value(text, parse);
    await first.keep();
    const next = await KeptYaml.open(file, 'yaml 2');
    for (const text of texts) expect(next.value(text, never)).toEqual(parse(text));
    expect(texts.length).toBeGreaterThan(5);
  });

  it('is the same for any value, also one that JSON has no words for', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), value), async (some) => {
        const file = join(folder, 'any.json');
        const text = stringify(some);
        const first = await KeptYaml.open(file, 'yaml 2');
        expect(first.value(text, parse)).toEqual(parse(text));
        await first.keep();
        expect((await KeptYaml.open(file, 'yaml 2')).value(text, parse)).toEqual(parse(text));
      }),
      { numRuns: 100 },
    );
  });

  it('is read anew from another text, by another reader, and from a damaged file; what is no longer asked for goes', async () => {
    const file = join(folder, 'old.json');
    const first = await KeptYaml.open(file, 'yaml 2');
    first.value('a: 1', parse);
    first.value('a: 2', parse);
    await first.keep();
    const second = await KeptYaml.open(file, 'yaml 2');
    expect(second.value('a: 2', never)).toEqual({ a: 2 });
    expect(() => second.value('a: 3', never)).toThrow('read again');
    await second.keep();
    expect(Object.values(JSON.parse(await readFile(file, 'utf8')).values)).toEqual([{ a: 2 }]);
    expect((await KeptYaml.open(file, 'yaml 3')).value('a: 2', () => 'anew')).toBe('anew');
    await writeFile(file, '{"by":');
    expect((await KeptYaml.open(file, 'yaml 2')).value('a: 2', () => 'anew')).toBe('anew');
  });
});
