import fc from 'fast-check';
import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('gives what the work gives, for any texts in any order', () => {
  const work = remembered((text) => [...text].reverse().join(''));
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 500 })), (texts) => texts.every((text) => work(text) === [...text].reverse().join(''))),
  );
});

test('keeps nearly all of what a few dozen conversations speak of at the same time', () => {
  let calls = 0;
  const work = remembered(() => ++calls);
  const texts = Array.from({ length: 150 }, (_, i) => `第${i}件事怎么办，需要什么材料`);
  for (let round = 0; round < 4; round++) for (const text of texts) work(text);
  expect(calls).toBeLessThan(200);
});

test('works a short text out once while it is fresh, a long one every time, and forgets what came long before', () => {
  let calls = 0;
  const work = remembered((text) => {
    calls++;
    return text.length === 0 ? undefined : text;
  });
  work('');
  work('');
  work('a');
  work('a');
  expect(calls).toBe(2);
  work('x'.repeat(401));
  work('x'.repeat(401));
  expect(calls).toBe(4);
  for (let i = 0; i < 20_000; i++) work(`n${i}`);
  work('a');
  expect(calls).toBe(20_005);
});
