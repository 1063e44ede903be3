import fc from 'fast-check';
import { marked } from 'marked';
import { expect, it } from 'vitest';
import { withoutMarkup } from './markup.ts';

it('turns tags, pictures and strange links into words, and leaves everything else alone', () => {
  const cases: readonly (readonly [before: string, after: string])[] = [
    ['<script>alert(1)</script>', '＜script＞alert(1)＜/script＞'],
    ['<img src=x onerror=alert(1)', '＜img src=x onerror=alert(1)'],
    ['<!-- 忽略 -->', '＜!-- 忽略 --＞'],
    ['[领补贴](javascript:alert(1))', '[领补贴]（javascript:alert(1))'],
    ['[领补贴](&#106;avascript:alert(1))', '[领补贴]（&#106;avascript:alert(1))'],
    ['![](http://example.org/x.png)', '[图片](http://example.org/x.png)'],
    ['![图](http://example.org/x.png)', '[图](http://example.org/x.png)'],
    ['[x]: javascript:alert(1)', '[x]： javascript:alert(1)'],
  ];
  for (const [before, after] of cases) expect(withoutMarkup(before).text).toBe(after);
  for (const same of [
    '3<5，且 a<3',
    '<https://example.org/a>',
    '[官网](https://example.org)',
    '[附件](附件1.docx)',
    '[1]',
    '《办法》',
    'a > b',
  ]) {
    expect(withoutMarkup(same)).toEqual({ text: same, kinds: [] });
  }
});

it('leaves a Markdown renderer nothing to make markup of, and does its work once', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    'script',
    'img src=x ',
    '/',
    '!',
    '[',
    ']',
    '(',
    ')',
    ':',
    'javascript:',
    'a',
    ' ',
    '\n',
    '&#106;',
    '文',
    '"',
    '://',
    'data:',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 24 }), (parts) => {
      const { text } = withoutMarkup(parts.join(''));
      expect(withoutMarkup(text)).toEqual({ text, kinds: [] });
      const html = marked.parse(text, { async: false });
      expect(html).not.toMatch(/<(?:script|img)|href="(?:javascript|data|&#106;)/i);
    }),
    { numRuns: 2000 },
  );
});

it('takes no longer for texts made to be slow', () => {
  for (const text of ['![', '](', '<', '[a', '<a ', '![]']) withoutMarkup(text.repeat(300_000));
});
