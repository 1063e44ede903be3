import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trainClassifier } from './classifier.ts';
import { learntFile } from './learnt-file.ts';

const examples = ['身份证', '公积金', '医保'].flatMap((word) =>
  ['怎么办', '多少钱', '要什么材料', '在哪办'].map((asked) => ({ text: `${word}${asked}`, label: word })),
);
const asked = ['身份证怎么补', '公积金能取吗', '医保报销', '今天下雨吗'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-learnt-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A memory that counts what it had to learn. */
function counting(file: string) {
  const kept = learntFile(file);
  const counts = { written: 0 };
  const write = (...args: Parameters<typeof kept.write>) => {
    counts.written++;
    kept.write(...args);
  };
  return { counts, memory: { ...kept, write } };
}

test('what is read back answers as what was learnt, number for number', () => {
  const { counts, memory } = counting(join(folder, 'a.bin'));
  const plain = trainClassifier(examples);
  const [first, second] = [trainClassifier(examples, { memory }), trainClassifier(examples, { memory })];
  expect(counts.written).toBe(1);
  expect(second.oosThreshold).toBe(plain.oosThreshold);
  for (const text of asked) {
    expect(first.classify(text)).toEqual(plain.classify(text));
    expect(second.classify(text)).toEqual(plain.classify(text));
  }
});

test('other examples, a damaged file and a folder that is not there are learnt anew', async () => {
  const file = join(folder, 'a.bin');
  const { counts, memory } = counting(file);
  trainClassifier(examples, { memory });
  trainClassifier([...examples, { text: '医保卡丢了', label: '医保' }], { memory });
  expect(counts.written).toBe(2);
  trainClassifier(examples, { memory });
  const bytes = await readFile(file);
  for (const damaged of [
    bytes.subarray(0, 9),
    Buffer.alloc(0),
    Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) === 1 ? 2 : 1])]),
  ]) {
    await writeFile(file, damaged);
    const before = counts.written;
    trainClassifier(examples, { memory });
    expect(counts.written).toBe(before + 1);
  }
  const nowhere = learntFile(join(folder, 'no', 'such.bin'));
  expect(trainClassifier(examples, { memory: nowhere }).classify('身份证怎么补').label).toBe('身份证');
});
