import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseInline, parseMarkdown, plainText } from './markdown.ts';

const none: ReadonlySet<number> = new Set();
const known: ReadonlySet<number> = new Set([1, 2]);

/** All the words of a tree, to see that nothing is lost. */
function words(parts: readonly (Inline | Block)[]): string {
  return parts.map(wordsOf).join('');
}

function wordsOf(part: Inline | Block): string {
  switch (part.kind) {
    case 'text':
    case 'link':
      return part.text;
    case 'cite':
      return `${part.after}[${part.position}]`;
    case 'break':
      return '\n';
    case 'bold':
    case 'paragraph':
      return words(part.children);
    case 'list':
      return part.items.map(words).join('');
  }
}

describe('parseMarkdown', () => {
  it('reads bold, breaks and paragraphs', () => {
    expect(parseMarkdown('第一行\n**第二**行\n\n另一段', none)).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'text', text: '第一行' },
          { kind: 'break' },
          { kind: 'bold', children: [{ kind: 'text', text: '第二' }] },
          { kind: 'text', text: '行' },
        ],
      },
      { kind: 'paragraph', children: [{ kind: 'text', text: '另一段' }] },
    ]);
  });

  it('reads numbered and bulleted lists, keeps the first number, and keeps items apart by a blank line together', () => {
    const blocks = parseMarkdown('3. 三\n\n4. 四\n\n- 甲\n- 乙', none);
    expect(blocks.map((block) => block.kind === 'list' && [block.ordered, block.start, block.items.length])).toEqual([
      [true, 3, 2],
      [false, 1, 2],
    ]);
  });

  it('reads the Chinese way of numbering and nested lists', () => {
    const [list] = parseMarkdown('1、户口簿\n  - 原件\n  - 复印件\n2、照片', none);
    expect(list).toMatchObject({
      kind: 'list',
      ordered: true,
      items: [[{ kind: 'paragraph' }, { kind: 'list', ordered: false }], [{ kind: 'paragraph' }]],
    });
  });

  it('takes a line that begins with a date, a decimal or a telephone number for text', () => {
    for (const line of ['2024.5 起施行', '12345 热线', '1.5 倍', '-5 度'])
      expect(parseMarkdown(line, none)).toMatchObject([{ kind: 'paragraph' }]);
  });

  it('makes a citation mark only of a source that exists', () => {
    expect(parseInline('补领 [1]换领[9]', known)).toEqual([
      { kind: 'text', text: '补' },
      { kind: 'cite', position: 1, after: '领' },
      { kind: 'text', text: '换领[9]' },
    ]);
  });

  it('links http and https only', () => {
    expect(parseInline('[看](https://a.example/x)', none)).toEqual([{ kind: 'link', text: '看', url: 'https://a.example/x' }]);
    for (const target of ['javascript:alert(1)', 'data:text/html,x', '/relative', 'JaVaScRiPt:1', 'vbscript:x', 'file:///etc/passwd']) {
      expect(parseInline(`[看](${target})`, none)).toEqual([{ kind: 'text', text: `[看](${target})` }]);
    }
  });

  it('ends a bare address before Chinese punctuation and a final dot', () => {
    expect(parseInline('见https://a.example/b?c=1，或 https://b.example/.', none)).toMatchObject([
      { kind: 'text', text: '见' },
      { kind: 'link', text: 'https://a.example/b?c=1' },
      { kind: 'text', text: '，或 ' },
      { kind: 'link', text: 'https://b.example/' },
      { kind: 'text', text: '.' },
    ]);
  });

  it('leaves markup as text', () => {
    const text = '<img src=x onerror=alert(1)> &lt;b&gt; <script>1</script>';
    expect(words(parseMarkdown(text, none))).toBe(text);
  });

  it('loses no letter of any text, and ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('*', '[', ']', '(', ')', '1', '.', ' ', '\n', '-', '字', 'http://', 'a') }), (text) => {
        const letters = (value: string) => value.replace(/[^字a]/g, '');
        expect(letters(words(parseMarkdown(text, known)))).toBe(letters(text));
      }),
    );
  });

  it('reads a hostile text of 20,000 marks in no time', () => {
    const started = performance.now();
    for (const unit of ['**', '[', '[[', '*a', '](', '1. ', '  - ', 'http://', '[a](']) parseMarkdown(unit.repeat(10_000), known);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('plainText', () => {
  it('drops bold marks and writes out addresses', () => {
    expect(plainText('**40 元** [1]，[预约](https://a.example)')).toBe('40 元 [1]，预约（https://a.example）');
  });
});
