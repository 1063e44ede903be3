import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SampleBackends } from './backends.ts';
import { now } from './testing.ts';

const dir = fileURLToPath(new URL('../../knowledge/packs/anlan/backends/', import.meta.url));
const lookup = async (receipt: string, phoneTail: string) =>
  (await SampleBackends.load(dir, { now })).call('progress.lookup', { receipt, phoneTail });

describe('[R-066] progress of a case', () => {
  it('tells stage, next step, date and department', async () => {
    expect(await lookup('AL2026000101', '1101')).toEqual({
      ok: true,
      values: {
        found: true,
        sample: true,
        itemName: '居民身份证丢失补领',
        stage: '受理',
        stageText: expect.any(String),
        nextStep: expect.any(String),
        dueDate: '2026年3月31日',
        department: '安澜市公安局',
      },
    });
    expect(await lookup('al 2026-000101', '1101')).toMatchObject({ values: { found: true } });
  });

  it('a wrong phone tail and an unknown receipt look the same', async () => {
    const unknown = await lookup('AL2026009999', '1101');
    expect(unknown).toEqual({ ok: true, values: { found: false } });
    expect(await lookup('AL2026000101', '9999')).toEqual(unknown);
    expect(await lookup('AL2026000101', '')).toEqual(unknown);
  });

  it('the sample cases cover every stage', async () => {
    const tails = ['1101', '1102', '1103', '1104', '1105', '1106'];
    const found = await Promise.all(tails.map((tail) => lookup(`AL202600${String(Number(tail) - 1000).padStart(4, '0')}`, tail)));
    expect(found.map((one) => (one.ok ? one.values.stage : undefined))).toEqual(['受理', '审查', '补正', '决定', '制证', '办结']);
  });
});

describe('a pack’s folder', () => {
  it('an unknown back end, or none at all, is refused in words', async () => {
    expect(await (await SampleBackends.load(dir, { now })).call('weather.today', {})).toMatchObject({
      ok: false,
      message: expect.stringContaining('查不到'),
    });
    expect(await (await SampleBackends.load(path.join(dir, 'missing'), { now })).call('progress.lookup', {})).toMatchObject({ ok: false });
  });

  it('a wrong file is named with its field', async () => {
    const made = await mkdtemp(path.join(tmpdir(), 'backends-'));
    const one = "{receipt: AL2026000101, phoneTail: '1101', itemName: 证, stage: 没有, nextStep: 等, dueInDays: 1, department: 局}";
    try {
      await writeFile(path.join(made, 'progress.yaml'), `sample: true\nstages: {受理: 收下}\ncases: [${one}, ${one}]\n`);
      await expect(SampleBackends.load(made, { now })).rejects.toThrow(/progress\.yaml[\s\S]*unknown stage 没有[\s\S]*appears twice/);
    } finally {
      await rm(made, { recursive: true });
    }
  });
});
