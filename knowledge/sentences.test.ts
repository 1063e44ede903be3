import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText, sentencesOf } from './sentences.ts';

const anyText = fc.string({ unit: fc.constantFrom('字', '，', '。', '；', '\n', ' ', '”', '!', '𠮷') });

it('sentences end at marks and line ends, with their closing quotes; joined they give the text back', () => {
  const text = '一句。两句！“三句？”四句；\n\n五、列表：\n没有句号';
  expect(sentencesOf(text)).toEqual(['一句。', '两句！', '“三句？”', '四句；\n\n', '五、列表：\n', '没有句号']);
  fc.assert(
    fc.property(anyText, (any) => {
      expect(sentencesOf(any).join('')).toBe(any);
    }),
  );
});

it('what is longer than asked is cut at commas, and only then anywhere, never inside a character', () => {
  expect(cutText(`${'甲'.repeat(15)}，${'乙'.repeat(15)}。`, 20)).toEqual([`${'甲'.repeat(15)}，`, `${'乙'.repeat(15)}。`]);
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 60 }), (any, max) => {
      const parts = cutText(any, max);
      expect(parts.join('')).toBe(any);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(Math.max(20, max));
        expect(part).not.toMatch(/\p{Surrogate}/u);
      }
    }),
  );
});
