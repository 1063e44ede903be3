import { expect, it } from 'vitest';
import { scriptOf } from './script.ts';

it('tells the characters of a message, where they show', () => {
  expect(scriptOf('身份证怎么补办')).toBe('hans');
  expect(scriptOf('身份證怎麼補辦')).toBe('hant');
  expect(scriptOf('你好')).toBeUndefined();
  expect(scriptOf('12345')).toBeUndefined();
  // As many of the one as of the other.
  expect(scriptOf('证證')).toBeUndefined();
});
