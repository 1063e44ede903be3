import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factSchema } from '../metrics/facts.ts';
import { caseOf, resultOf } from '../testing/results.ts';
import { labelPage } from './page.ts';
import { labelQueue, progressOf } from './queue.ts';
import { factKey, factText, readLabels, writeLabel } from './store.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-labels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('[R-022] labels of people', () => {
  const fact = factSchema.parse('40元/四十块');

  it('one key for a fact in an answer, whatever the spelling and whatever the fact is called', () => {
    expect(factKey('每证 40 元。', fact)).toBe(factKey('每证四十元', fact));
    expect(factKey('每证 40 元。', { ...fact, id: 'fee', required: false })).toBe(factKey('每证 40 元。', fact));
    expect(factKey('每证 20 元。', fact)).not.toBe(factKey('每证 40 元。', fact));
    expect(factText(fact)).toBe('40元 / 四十块');
    expect(factText(factSchema.parse({ value: 20, unit: '工作日' }))).toBe('20 工作日');
  });

  it('the last word counts, taking back included; a last line cut short is left out, a broken one in the middle is told', async () => {
    const file = join(folder, 'deep', 'labels.jsonl');
    expect((await readLabels(file)).size).toBe(0);
    for (const [key, verdict] of [
      ['a', 'yes'],
      ['b', 'no'],
      ['a', 'contradicts'],
      ['b', null],
    ] as const)
      await writeLabel(file, { key, verdict, fact: '', at: '' });
    expect([...(await readLabels(file))]).toEqual([['a', 'contradicts']]);
    await appendFile(file, '{"key":"c","ver');
    expect([...(await readLabels(file))]).toEqual([['a', 'contradicts']]);
    await appendFile(file, '\n');
    await expect(readLabels(file)).rejects.toThrow('labels.jsonl:5');
  });

  it('each answer and fact is asked once, the unknown ones first', async () => {
    const one = (id: string, key: string, stated: boolean) =>
      caseOf(id, stated, { actual: { text: `answer ${key}` }, detail: { facts: [{ key, text: `fact ${key}`, stated }] } });
    const results = [resultOf([one('1', 'x', true), one('2', 'y', false), one('3', 'y', false), caseOf('4', true)])];
    expect(labelQueue(results, { all: false }).map(({ key, caseId }) => [key, caseId])).toEqual([['y', '2']]);
    const all = labelQueue(results, { all: true });
    expect(all.map(({ key }) => key)).toEqual(['y', 'x']);
    await writeFile(join(folder, 'l.jsonl'), '{"key":"x","verdict":"yes"}\n');
    expect(progressOf(all, await readLabels(join(folder, 'l.jsonl')))).toEqual({ done: 1, total: 2 });
  });

  it('the page runs its own script only', () => {
    const html = labelPage('abc');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('nonce="abc"');
    expect(html).not.toMatch(/ style="| onclick=/);
  });
});
