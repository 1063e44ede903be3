import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Remembered } from './remembered.ts';

it('always gives the answer, asks once while it fits, and forgets the oldest', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 })), fc.integer({ min: 1, max: 40 }), (questions, most) => {
      const memory = new Remembered(most);
      for (const question of questions) expect(memory.get(question, (text) => `${text}!`)).toBe(`${question}!`);
    }),
  );
  const memory = new Remembered(8);
  let asked = 0;
  const ask = (question: string) => memory.get(question, (text) => `${text}${++asked}`);
  expect([ask('a'), ask('a'), ask('b'), ask('a')]).toEqual(['a1', 'a1', 'b2', 'a1']);
  for (const question of 'cdefgh') ask(question);
  expect(ask('a')).toBe('a9');
});

it('what fails is asked again', () => {
  const memory = new Remembered(100);
  expect(() =>
    memory.get('a', () => {
      throw new Error('lost');
    }),
  ).toThrow('lost');
  expect(memory.get('a', () => 'found')).toBe('found');
});
