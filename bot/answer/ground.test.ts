import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Passage } from '../../knowledge/index/types.ts';
import { loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import { textsFor } from '../texts.ts';
import { type Draft, say } from './draft.ts';
import { criticalTokens, digitise, unsupportedTokens } from './ground.ts';
import { guideAnswer, wholeNotice } from './guide-answer.ts';

const zh = textsFor('zh');

describe('digitise', () => {
  it.each([
    ['二十个工作日', '20个工作日'],
    ['十五日', '15日'],
    ['一百零五元', '105元'],
    ['三千六百元', '3600元'],
    ['二〇二五年', '2025年'],
    ['两份', '2份'],
    ['十', '10'],
    ['没有数字', '没有数字'],
  ])('%s → %s', (text, digits) => expect(digitise(text)).toBe(digits));
});

const passage = (text: string, fields: Partial<Passage> = {}): Passage => ({
  id: 'p#1',
  itemId: 'p',
  kind: 'guide',
  title: '事项',
  heading: '办结时限',
  element: 'time',
  text,
  audience: [],
  sample: true,
  ...fields,
});
const draft = (text: string, ...citations: Passage[]): Draft => ({ text, citations, quickReplies: [], origin: 'ai' });

describe('unsupportedTokens', () => {
  it('lines quoted as they are need no look at their tokens, and change nothing about the rest', () => {
    const line = fc.string({
      unit: fc.constantFrom(...'办一二百3 5.，《》[]1-a％①兩', '[1]', '1. ', '- ', '《办法》', 'http://a.b/1 ', '百分之五'),
      maxLength: 8,
    });
    const text = fc.array(line, { maxLength: 4 });
    fc.assert(
      fc.property(text, text, fc.array(fc.nat({ max: 7 }), { maxLength: 4 }), line, (source, own, order, title) => {
        const cited = passage(source.join('\n'), { title: `事项${title}`, heading: '时限' });
        const lines = [...source.map((one) => `- ${one} [1]`), ...own];
        const said = order.map((at) => lines[at % Math.max(1, lines.length)] ?? '').join('\n');
        const { title: name, heading, text: body } = cited;
        const held = new Set(criticalTokens([name, `《${name.replace(/^《|》$/gu, '')}》`, heading, body].filter(Boolean).join('\n')));
        expect(unsupportedTokens(draft(said, cited))).toEqual(criticalTokens(said).filter((token) => !held.has(token)));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['20个工作日办结', '二十个工作日内办结'],
    ['二十个工作日', '20 个工作日'],
    ['费用 1500 元', '每月 1,500 元'],
    ['减 60%', '减百分之六十'],
    ['电话 0000-5550110', '请打００００-５５５０１１０'],
    ['上午 9:00–12:00', '办理时间：9:00–12:00、13:30–17:30'],
    ['依据《某某办法》', '根据《某某办法》第三条'],
    ['1. 先申请\n2. 再领证 [1]', '先申请，再领证'],
    ['5 月底前 [1]', '1. 交申请表\n2. 5 月底前看短信'],
    ['见 https://example.org/a', '地址 https://example.org/a'],
  ])('%s is held by: %s', (text, source) => expect(unsupportedTokens(draft(text, passage(source)))).toEqual([]));

  it.each([
    ['21个工作日', '20 个工作日', '21'],
    ['电话 0000-5550111', '电话 0000-5550110', '0000-5550111'],
    // The end of one line and the number of the next must not become a new number.
    ['共 1501 元', '每月 150\n1 人', '1501'],
    ['共 1501 元', '每月 150 1 人', '1501'],
    ['9:00–13:00', '9:00–12:00', '9:00–13:00'],
    ['依据《别的办法》', '根据《某某办法》', '《别的办法》'],
    ['见 https://example.org/b', 'https://example.org/a', 'https://example.org/b'],
    ['三十元', '二十元', '30'],
  ])('%s is not held by: %s', (text, source, token) => expect(unsupportedTokens(draft(text, passage(source)))).toEqual([token]));

  it('title, heading, document number, day of effect and address of a passage count as its words', () => {
    const cited = passage('内容', {
      title: '某市 2026 年办法',
      heading: '第三条',
      docNo: '某发〔2026〕7号',
      validFrom: '2026-01-01',
      url: 'https://example.org/7',
    });
    expect(
      unsupportedTokens(draft('《某市 2026 年办法》（某发〔2026〕7号）第三条，自 2026-01-01 起 https://example.org/7', cited)),
    ).toEqual([]);
  });

  it('without a citation nothing is held; our own fixed words carry no facts', () => {
    expect(unsupportedTokens(draft('20 元'))).toEqual(['20']);
    expect(unsupportedTokens(say('请打 **12345**'))).toEqual([]);
  });

  it('the fixed words that stand inside an answer hold no token that would have to be cited', () => {
    for (const texts of [zh, textsFor('en')]) {
      const words = [
        ...Object.values(texts.elements),
        texts.elementMissing('费用'),
        texts.inScenario('情形'),
        texts.morePlaces(['甲', '乙']),
        texts.askFurther,
      ];
      expect(words.flatMap(criticalTokens)).toEqual([]);
    }
  });
});

describe('the whole sample pack', () => {
  let pack: TestPack;
  let drafts: Draft[];

  beforeAll(async () => {
    pack = await loadTestPack();
    drafts = [];
    for (const guide of pack.guides) {
      const asked = [[], ...[...wholeNotice, 'complaint' as const, 'basis' as const].map((element) => [element])];
      for (const scenarioIds of [[], ...guide.scenarios.map((scenario) => [scenario.id])]) {
        drafts.push(guideAnswer({ guide, index: pack.index, asked: [], scenarioIds, whole: true, texts: zh }));
        for (const elements of asked) drafts.push(guideAnswer({ guide, index: pack.index, asked: elements, scenarioIds, texts: zh }));
      }
    }
    for (const item of pack.items) {
      if (item.kind === 'guide') continue;
      for (const cited of pack.index.passagesOf(item.id)) {
        const candidate = {
          item,
          score: 1,
          nameSimilarity: 1,
          bestName: undefined,
          meaning: 0,
          coverage: 1,
          passages: [{ passage: cited, share: 1, coverage: 1 }],
        };
        const answer = pack.answerer.answer(cited.text.slice(0, 80), { candidates: [candidate], known: 1, confidence: 1 }, zh, today);
        if (answer.kind !== 'answered') throw new Error(`${cited.id}: ${answer.kind}`);
        drafts.push(answer.draft);
      }
    }
  });

  it('every answer that can be made of it passes: guides in all situations and elements, FAQs, policy clauses, contacts', () => {
    expect(drafts.length).toBeGreaterThan(2000);
    const failing = drafts.filter((one) => unsupportedTokens(one).length > 0);
    expect(failing.map((one) => [one.text.slice(0, 60), unsupportedTokens(one)])).toEqual([]);
    expect(drafts.filter((one) => one.citations.length === 0)).toEqual([]);
  });

  it('a changed digit anywhere in a full answer of any guide is caught, unless the changed number stands in its sources too', () => {
    let changed = 0;
    const missed: string[] = [];
    for (const guide of pack.guides) {
      const answer = guideAnswer({ guide, index: pack.index, asked: [], scenarioIds: [], whole: true, texts: zh });
      const sources = answer.citations.flatMap((one) => [one.title, one.heading, one.text, one.url ?? '', one.validFrom ?? '']).join('\n');
      // What is no fact: the number before a list line and the marks of the citations.
      const decoration = [...answer.text.matchAll(/^\s*\d+\.\s|\[\d+\]/gm)].map(
        (match) => [match.index, match.index + match[0].length] as const,
      );
      for (const { index } of answer.text.matchAll(/\d/g)) {
        if (decoration.some(([from, to]) => index >= from && index < to)) continue;
        const digit = (Number(answer.text[index]) + 7) % 10;
        const text = `${answer.text.slice(0, index)}${digit}${answer.text.slice(index + 1)}`;
        changed++;
        if (unsupportedTokens({ ...answer, text }).length > 0) continue;
        // The number that the change made: it must really be somewhere in the sources.
        const start = text.slice(0, index).search(/[\d.:–-]*$/);
        const made = /^[\d.:–-]+/.exec(text.slice(start))?.[0].replace(/[.:–-]+$/, '') ?? '';
        if (!digitise(sources).includes(made)) missed.push(`${guide.id}: ${text.slice(Math.max(0, index - 10), index + 10)}`);
      }
    }
    expect(changed).toBeGreaterThan(1000);
    expect(missed).toEqual([]);
  });
});
