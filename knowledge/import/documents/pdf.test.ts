import { describe, expect, it } from 'vitest';
import type { Policy } from '../../item.ts';
import { readKnowledge } from '../import.ts';
import { folderOf, linesOf } from '../testing.ts';
import { type PdfText, pageOf, pdfOf } from './testing/pdf.ts';

const sentence = '为保障住房困难家庭的基本居住需求，规范公共租赁住房的申请、轮候、配租和退出，结合本市实际情况';
/** A text set in lines of 36 characters, its first one indented, as official documents are. */
function paragraphAt(text: string, top: number): PdfText[] {
  const lines = [text.slice(0, 34), ...(text.slice(34).match(/.{1,36}/gu) ?? [])];
  return lines.map((line, index) => ({ text: line, x: index === 0 ? 96 : 72, y: top - index * 20 }));
}

async function read(files: Record<string, Uint8Array>, limits = {}) {
  const { items, problems } = await readKnowledge([folderOf(files)], { limits });
  return { items: items.map(({ item }) => item as Policy), lines: linesOf(problems) };
}

describe('PDF', () => {
  it('[R-026] reads title, number, headings, clauses, date and issuer, with the pages marked', async () => {
    const first: PdfText[] = [
      { text: '安澜市公共租赁住房管理办法', x: 150, y: 720, size: 22 },
      { text: '安政办〔2025〕12号', x: 250, y: 690 },
      { text: '第一章 总则', x: 250, y: 660, size: 16 },
      ...paragraphAt(`第一条 ${sentence}，制定本办法。`, 630),
      ...paragraphAt(`第二条 ${sentence}。`, 560),
    ];
    const second: PdfText[] = [
      ...paragraphAt('第三条 本办法自2025年4月1日起施行，有效期至2030年3月31日。', 720),
      { text: '安澜市人民政府办公室', x: 350, y: 640 },
      { text: '2025年3月1日', x: 380, y: 620 },
    ];
    const { items, lines } = await read({ 'rules.pdf': pdfOf([first, second], { title: 'Microsoft Word - 稿.doc' }) });
    expect(lines).toEqual([]);
    expect(items[0]).toMatchObject({
      kind: 'policy',
      id: 'rules',
      title: '安澜市公共租赁住房管理办法',
      docNo: '安政办〔2025〕12号',
      issuer: '安澜市人民政府办公室',
      publishedAt: '2025-03-01',
      validFrom: '2025-04-01',
      validTo: '2030-03-31',
      source: 'rules.pdf',
    });
    expect(items[0]?.body.split('\n\n')).toEqual([
      '〔第1页〕',
      '# 安澜市公共租赁住房管理办法',
      '安政办〔2025〕12号',
      '## 第一章 总则',
      `第一条 ${sentence}，制定本办法。`,
      `第二条 ${sentence}。`,
      '〔第2页〕',
      '第三条 本办法自2025年4月1日起施行，有效期至2030年3月31日。',
      '安澜市人民政府办公室',
      '2025年3月1日',
    ]);
  });

  it('joins what lines and pages cut apart: Chinese without a space, words whole, a paragraph over two pages', async () => {
    const full = '一二三四五六七八九十'.repeat(4).slice(0, 36);
    const pages = [
      [...pageOf(['通知'], 720), { text: `　　${full.slice(2)}`, y: 690 }, { text: full, y: 670 }],
      [
        { text: '接着上一页的话。', y: 720 },
        { text: `The appli-`, x: 96, y: 690 },
      ],
    ];
    const { items } = await read({ 'a.pdf': pdfOf(pages) });
    expect(items[0]?.body).toContain(`${full.slice(2)}${full}接着上一页的话。`);
    const { joinLines } = await import('./pdf-lines.ts');
    expect(joinLines('The appli-', 'cant must')).toBe('The applicant must');
    expect(joinLines('the form', 'is free')).toBe('the form is free');
    expect(joinLines('带上', '身份证')).toBe('带上身份证');
    expect(joinLines('咨询电话0000-', '5550110')).toBe('咨询电话0000-5550110');
  });

  it('drops page numbers and what runs along the edge of the pages, and nothing else', async () => {
    const page = (number: number): PdfText[] => [
      { text: '安澜市政务服务管理局文件汇编', x: 200, y: 805 },
      ...paragraphAt(`这是第${number}页的正文，每一页都不相同，${'甲乙丙丁戊'[number]}。`, 720),
      { text: `${number}0`, y: 600 },
      { text: `- ${number} -`, x: 290, y: 40 },
    ];
    const { items } = await read({ 'a.pdf': pdfOf([1, 2, 3, 4].map(page)) });
    expect(items[0]?.body).not.toMatch(/文件汇编|- \d -/);
    expect(items[0]?.body.match(/这是第\d页的正文/g)).toHaveLength(4);
    expect(items[0]?.body.match(/^\d0$/gm)).toHaveLength(4);
  });

  it('keeps what repeats when there is hardly anything else', async () => {
    const { items } = await read({
      'a.pdf': pdfOf(
        [1, 2, 3, 4].map((number) => [
          { text: `第${number}号窗口`, y: 800 },
          { text: '收件', y: 780 },
        ]),
      ),
    });
    expect(items[0]?.body.match(/号窗口/g)).toHaveLength(4);
  });

  it('reads columns that stand under each other as a table', async () => {
    const row = (y: number, ...cells: string[]): PdfText[] => cells.map((text, index) => ({ text, x: 72 + index * 160, y }));
    const texts = [
      { text: '收费标准如下：', y: 720 },
      ...row(700, '项目', '标准', '依据'),
      ...row(680, '工本费', '每证40元', '国家规定'),
      ...row(660, '押金', '不收', '本办法'),
    ];
    const { items } = await read({ 'a.pdf': pdfOf([texts]) });
    expect(items[0]?.body).toContain(
      '| 项目 | 标准 | 依据 |\n| --- | --- | --- |\n| 工本费 | 每证40元 | 国家规定 |\n| 押金 | 不收 | 本办法 |',
    );
  });

  it.each(['GBK-EUC-H', 'UniGB-UCS2-H'] as const)('reads fonts that only name their encoding (%s)', async (encoding) => {
    const { items } = await read({ 'a.pdf': pdfOf([pageOf(['关于租房补贴的通知', '可申领500元，详询abc@example.com。'])], { encoding }) });
    expect(items[0]).toMatchObject({ title: '关于租房补贴的通知' });
    expect(items[0]?.body).toContain('可申领500元，详询abc@example.com。');
  });

  it('names pages without text, and skips a file that has none at all', async () => {
    const { items, lines } = await read({
      'a.pdf': pdfOf([pageOf(['关于补贴的通知', '第一条 可以申请。']), [], pageOf(['第二条 不收费。']), []]),
      'scan.pdf': pdfOf([[], []]),
      'secret-font.pdf': pdfOf([pageOf(['关于补贴的通知'])], { encoding: 'none' }),
    });
    expect(items.map(({ id }) => id)).toEqual(['a']);
    const none = 'skipped: no page holds readable text; if it is a scan, put it through text recognition (OCR) first';
    expect(lines).toEqual([
      'warning a.pdf pages 2, 4 have no readable text (a scan, or damaged): not read',
      `warning scan.pdf ${none}`,
      `warning secret-font.pdf ${none}`,
    ]);
  });

  it('skips what is protected, broken, cut off, empty, too long or too slow, each with its reason', async () => {
    const good = pdfOf([pageOf(['关于补贴的通知', '可以申请。'])]);
    const many = Array.from({ length: 30 }, (_, index) => pageOf([`第${index}页说的是这件事`]));
    const { items, lines } = await read(
      {
        'cut.pdf': good.slice(0, 500),
        'empty.pdf': new Uint8Array(),
        'good.pdf': good,
        'html.pdf': Buffer.from('<html>404</html>'),
        'locked.pdf': pdfOf([pageOf(['秘密'])], { encrypted: true }),
        'long.pdf': pdfOf(many),
      },
      { pages: 20 },
    );
    expect(items.map(({ id }) => id)).toEqual(['good']);
    expect(lines).toEqual([
      'warning cut.pdf skipped: is broken or cut off: Invalid PDF structure.',
      'warning empty.pdf skipped: is empty',
      'warning html.pdf skipped: is broken or cut off: Invalid PDF structure.',
      'warning locked.pdf skipped: is protected with a password',
      'warning long.pdf skipped: has 30 pages, more than 20; split it',
    ]);
    expect((await read({ 'slow.pdf': pdfOf(many), 'b.md': '# 题\n文' as never }, { milliseconds: 0 })).lines).toEqual([
      'warning slow.pdf skipped: took longer than 0 seconds to read',
    ]);
  });

  it('refuses more than 5,000 pages by itself', async () => {
    const pages = Array.from({ length: 5001 }, () => []);
    expect((await read({ 'a.pdf': pdfOf(pages), 'b.pdf': pdfOf([pageOf(['关于补贴的通知'])]) })).lines).toEqual([
      'warning a.pdf skipped: has 5001 pages, more than 5000; split it',
    ]);
  });
});
