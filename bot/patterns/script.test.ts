import { Converter, Locale } from 'opencc-js/cn2t';
import { expect, it } from 'vitest';
import { scriptOf, surelySimplified } from './script.ts';

it('tells the characters of a message, where they show', () => {
  expect(scriptOf('身份证怎么补办')).toBe('hans');
  expect(scriptOf('身份證怎麼補辦')).toBe('hant');
  expect(scriptOf('你好')).toBeUndefined();
  expect(scriptOf('12345')).toBeUndefined();
  // As many of the one as of the other.
  expect(scriptOf('证證')).toBeUndefined();
});

it('calls a character surely simplified only when no word keeps it in traditional writing', () => {
  const convert = Converter({ from: 'cn', to: 'tw' });
  const dictionaries = (part: unknown): string[] => (typeof part === 'string' ? [part] : Object.values(part ?? {}).flatMap(dictionaries));
  const entries = dictionaries((Locale as { configs?: Record<string, unknown> }).configs?.s2tw).flatMap((text) => text.split('|'));
  const words = entries.map((entry) => entry.split(' ')[0] ?? '');
  expect(words.length).toBeGreaterThan(40_000);
  const kept = words.filter((word) => {
    const traditional = convert(word);
    return [...word].some((character, i) => surelySimplified.test(character) && [...traditional][i] === character);
  });
  expect(kept).toEqual([]);
});
