import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from './clean.ts';
import { type Layout, paginate } from './pages.ts';
import { segmentCount } from './segments.ts';

const fits = (text: string) => segmentCount(text) <= 3;
const foot = (more: boolean) => (more ? '回“更多”看下文，回0转人工' : '回0转人工');
const layout = (given: Partial<Layout>): Layout => ({ prefix: '【安澜政务】', body: '', ask: '', link: '', foot, fits, ...given });
const bodyOf = (page: string) => page.replace('【安澜政务】', '').replace(/\n?(?:回“更多”看下文，)?回0转人工$/, '');

describe('clean', () => {
  it('takes off Markdown, marks, emoji and brackets of signatures, and keeps lines', () => {
    const text = '**要带的材料**[1]\n\n1. 身份证 [2]\n2. 照片😀👨‍👩‍👧\n- 【原件】\n请看[指南](https://a.example/x)\r\n#1️⃣ ©';
    expect(clean(text)).toBe('要带的材料\n(1)身份证\n(2)照片\n·（原件）\n请看指南 https://a.example/x\n#1 ©');
  });
  it('property: no emoji, no brackets, no empty lines come through, and no half characters are made', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('😀', '🇨🇳', '【', '】', '\n', ' ', '1. ', '- ', '社保', 'a', '**', '[1]'), maxLength: 60 }),
        (text) => {
          const cleaned = clean(text);
          expect(cleaned).not.toMatch(/[【】\p{Emoji_Presentation}\p{Regional_Indicator}]|\n\n/u);
          expect(cleaned).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });
});

describe('paginate', () => {
  it('leaves a short reply whole', () => {
    expect(paginate(layout({ body: '工本费 20 元。', link: '全文：https://a.example/s/1' }))).toEqual([
      '【安澜政务】工本费 20 元。\n全文：https://a.example/s/1\n回0转人工',
    ]);
  });
  it('keeps the question and its options on the first page, whatever comes before', () => {
    const ask = '身份证是哪种情况？\n1丢了\n2到期了\n3坏了';
    const pages = paginate(layout({ body: '先带好户口簿。'.repeat(60), ask }));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]).toContain(ask);
    expect(pages.every(fits)).toBe(true);
    expect(pages.slice(1).join('')).not.toContain('1丢了');
    expect(pages.map((page) => page.includes('更多'))).toEqual([...pages.slice(1).map(() => true), false]);
  });
  it('cuts at the end of a sentence, and never inside a number or an address', () => {
    const pages = paginate(
      layout({ body: `${'带上身份证和户口簿。'.repeat(25)}网址 https://zwfw.anlan.example/guide/123456 电话 0000-5550140。` }),
    );
    for (const page of pages.slice(0, -1)) expect(bodyOf(page)).toMatch(/[。]$/);
    const number = paginate(layout({ body: '1'.repeat(30).concat('，').repeat(20) }));
    for (const page of number.slice(0, -1)) expect(bodyOf(page)).toMatch(/，$/);
  });
  it('a question that fits no message is cut like a text', () => {
    const pages = paginate(layout({ ask: '选项'.repeat(200), link: 'https://a.example/s/1' }));
    expect(pages.every(fits)).toBe(true);
    expect(pages.map(bodyOf).join('')).toContain('选项'.repeat(20));
  });
  it('property: every page fits, nothing is lost, nothing is said twice', () => {
    const piece = fc.constantFrom('社保卡', '。', '，', '\n', 'a', '20 元', '😀', '0000-5550140', ' ', 'https://a.example/x', '€');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 300 }), fc.constantFrom('', '1丢了\n2坏了'), fc.boolean(), (pieces, ask, gsm) => {
        const body = pieces
          .filter((one) => !gsm || /^[\x20-\x7e€]+$/.test(one))
          .join('')
          .trim();
        const footer = gsm ? (more: boolean) => (more ? 'MORE; 0' : '0') : foot;
        const pages = paginate(layout({ prefix: gsm ? '' : '【安澜政务】', body, ask: gsm ? '' : ask, foot: footer }));
        const squeeze = (text: string) => text.replace(/\s/g, '');
        const said = pages.map((page, index) => {
          const more = index < pages.length - 1;
          let text = page.slice(gsm ? 0 : 6);
          text = text.slice(0, text.length - footer(more).length);
          return index === 0 && ask !== '' && !gsm ? text.replace(ask, '') : text;
        });
        expect(pages.every(fits)).toBe(true);
        expect(pages.join('|')).not.toMatch(/\p{Surrogate}/u);
        expect(squeeze(said.join(''))).toBe(squeeze(body));
      }),
      { numRuns: 300 },
    );
  });
});
