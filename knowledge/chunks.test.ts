import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chunk, chunkDocument } from './chunks.ts';
import { sentencesOf } from './sentences.ts';

const brief = (chunks: readonly Chunk[]) => chunks.map(({ heading, path, text }) => [path.join('>'), heading, text]);
const long = (words: string, times: number) =>
  Array.from({ length: times }, (_, index) => `${words}第${index}句话说的是这一件事情`).join('。');

describe('chunkDocument', () => {
  it('[R-107] cuts along headings and clauses: each piece knows its clause and where it stands', () => {
    const body =
      '# 租房补贴办法\n\n安政办〔2025〕12号\n\n## 第一章 总则\n\n第一条 为了保障，制定本办法。\n第二条 本办法所称补贴，是指货币补贴。\n依照第五条规定执行。\n\n第二章 申请\n第三条之一 可以申请。';
    expect(brief(chunkDocument(body))).toEqual([
      ['租房补贴办法', '租房补贴办法', '安政办〔2025〕12号'],
      ['租房补贴办法>第一章 总则>第一条', '第一条', '第一条 为了保障，制定本办法。'],
      ['租房补贴办法>第一章 总则>第二条', '第二条', '第二条 本办法所称补贴，是指货币补贴。\n依照第五条规定执行。'],
      ['租房补贴办法>第二章 申请>第三条之一', '第三条之一', '第三条之一 可以申请。'],
    ]);
  });

  it('knows the outline of plain texts: 一、 with text below is a heading, a list is not', () => {
    const body = '一、申请条件\n年满十八周岁。\n二、申请材料\n（一）身份证\n（二）居住证\n三、附则由主管部门解释。';
    expect(brief(chunkDocument(body))).toEqual([
      ['一、申请条件', '一、申请条件', '年满十八周岁。'],
      ['二、申请材料', '二、申请材料', '（一）身份证\n（二）居住证\n三、附则由主管部门解释。'],
    ]);
  });

  it('puts the page of the original into the path, and not into the text', () => {
    const chunks = chunkDocument('〔第1页〕\n# 办法\n第一条 甲。\n〔第2页〕\n第二条 乙。');
    expect(brief(chunks)).toEqual([
      ['办法>第一条>第1页', '第一条', '第一条 甲。'],
      ['办法>第二条>第2页', '第二条', '第二条 乙。'],
    ]);
  });

  it('fills pieces to about 300 characters, never above 500, with one sentence of overlap', () => {
    const chunks = chunkDocument(`${long('甲乙丙丁', 60)}。`);
    expect(chunks.length).toBeGreaterThan(2);
    for (const [index, { text }] of chunks.entries()) {
      expect(text.length).toBeLessThanOrEqual(500);
      if (index < chunks.length - 1) expect(text.length).toBeGreaterThan(200);
      const before = chunks[index - 1];
      if (before) expect(text.startsWith(sentencesOf(before.text).at(-1) ?? '?')).toBe(true);
    }
    const [first, second] = chunkDocument(`${long('甲', 40)}。`, { overlap: false });
    expect(second?.text.startsWith(sentencesOf(first?.text ?? '').at(-1) ?? '?')).toBe(false);
  });

  it('keeps a list with the line that leads into it, in every piece', () => {
    const lead = '有下列情形之一的，不予补贴：';
    const entries = Array.from({ length: 12 }, (_, index) => `（${'一二三四五六七八九十'[index % 10]}）${'情形说明'.repeat(12)}${index}；`);
    const chunks = chunkDocument(`第五条 ${lead}\n${entries.join('\n')}`);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { heading, text } of chunks) {
      expect(heading).toBe('第五条');
      expect(text).toContain(lead);
    }
  });

  it('keeps a table whole with its caption, each row readable by itself', () => {
    const body =
      '补贴按下表发给。\n\n标准如下：\n\n| 档 | 金额 | 条件 |\n| --- | --- | --- |\n| 一档 | 500元 | 无房\\|租房 |\n| 二档 |  | 其他 |\n\n以上按月发给。';
    expect(chunkDocument(body).map(({ text }) => text)).toEqual([
      '补贴按下表发给。',
      '标准如下：\n档 · 金额 · 条件\n一档 · 金额: 500元 · 条件: 无房|租房\n二档 · 条件: 其他',
      '以上按月发给。',
    ]);
  });

  it('cuts a table above 1,200 characters between its rows, with the header again', () => {
    const rows = Array.from({ length: 60 }, (_, index) => `| 第${index}档 | ${index}00元 | ${'条件'.repeat(10)} |`);
    const chunks = chunkDocument(`| 档 | 金额 | 条件 |\n| --- | --- | --- |\n${rows.join('\n')}`);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { text } of chunks) {
      expect(text.length).toBeLessThanOrEqual(1200);
      expect(text.startsWith('档 · 金额 · 条件\n')).toBe(true);
    }
    expect(chunks.flatMap(({ text }) => text.split('\n').slice(1))).toHaveLength(60);
    const wide = chunkDocument(`| 事项 | 说明 |\n| --- | --- |\n| 甲 | ${long('说明', 150)} |`);
    expect(wide.length).toBeGreaterThan(1);
    for (const { text } of wide) {
      expect(text).toContain('甲 · ');
      expect(text.length).toBeLessThanOrEqual(1200);
    }
  });

  it('keeps a heading that has nothing below it', () => {
    expect(chunkDocument('# 通知\n## 甲\n## 乙\n文').map(({ path, text }) => [path.join('>'), text])).toEqual([
      ['通知>甲', '甲'],
      ['通知>乙', '文'],
    ]);
    expect(chunkDocument('')).toEqual([]);
  });

  it('loses no sentence, whatever the document', () => {
    const words = fc.stringMatching(/^[甲乙丙丁戊己庚辛0-9a-z，、（）]{1,60}$/);
    const sentence = fc.tuple(words, fc.constantFrom('。', '；', '！', '：', '')).map((parts) => parts.join(''));
    const paragraph = fc.array(sentence, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''));
    const line = fc.oneof(
      paragraph,
      fc
        .tuple(fc.constantFrom('# ', '## ', '### ', '第一章 ', '第二条 ', '第十条之一 ', '一、', '（二）', '1. ', '- '), paragraph)
        .map((parts) => parts.join('')),
      fc
        .array(fc.tuple(words, words, words), { minLength: 2, maxLength: 40 })
        .map((rows) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')),
      fc.constant('〔第3页〕'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.integer({ min: 60, max: 400 }), fc.boolean(), (lines, target, overlap) => {
        const max = target + 100;
        const chunks = chunkDocument(lines.join('\n'), { target, max, overlap });
        const squeezed = (text: string) => text.replace(/\s/g, '');
        const found = squeezed(chunks.map(({ path, text }) => `${path.join('')}${text}`).join(''));
        for (const one of lines.join('\n').split('\n')) {
          if (/^〔/.test(one)) continue;
          const parts = one.startsWith('|') ? one.split('|') : sentencesOf(one.replace(/^#+ /, ''));
          for (const part of parts) if (part.length <= max / 2) expect(found).toContain(squeezed(part));
        }
        for (const { text } of chunks) if (!text.includes(' · ')) expect(text.length).toBeLessThanOrEqual(max);
      }),
      { numRuns: 200 },
    );
  });

  it('cuts texts made to be slow in a moment', () => {
    const start = performance.now();
    for (const text of ['一、甲\n'.repeat(20_000), '| a\n'.repeat(30_000), '（'.repeat(200_000), '第一条 甲\n'.repeat(20_000)])
      chunkDocument(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
