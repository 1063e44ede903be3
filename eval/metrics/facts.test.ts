import { describe, expect, it } from 'vitest';
import type { Passage } from '../../knowledge/index/types.ts';
import { citationPrecision } from './citations.ts';
import { consistencyWithPassages } from './critical.ts';
import { factSchema, forbiddenSchema, judge } from './facts.ts';

const facts = (...list: unknown[]) => list.map((one) => factSchema.parse(one));
const states = (answer: string, fact: unknown) => judge(answer, facts(fact), []).missing.length === 0;

describe('[R-022] key facts', () => {
  it.each([
    ['换领每证 20 元，补领每证四十元。', '40元'],
    ['自受理之日起二十个工作日内办结', '20个工作日'],
    ['大厅 9:00–12:00 办公', '9:00'],
    ['利率 2.6％', '2.6%'],
    ['每月 1,680 元', '1680元'],
    ['在２０日內領取', '20日内领取'],
  ])('%s says %s, whatever the spelling', (answer, fact) => {
    expect(states(answer, fact)).toBe(true);
  });

  it.each([
    ['每证 140 元', '40元'],
    ['打 123456', '12345'],
    ['这张证不能用', '能用'],
    ['每年 12 个月', '12%'],
    ['利率 12.6%', '2.6%'],
  ])('%s does not say %s', (answer, fact) => {
    expect(states(answer, fact)).toBe(false);
  });

  it('a value with its unit is found in any wording of the unit, and not as part of another number', () => {
    expect(states('收四十块钱', { value: 40, unit: '元' })).toBe(true);
    expect(states('收 40.5 元', { value: 40, unit: '元' })).toBe(false);
    expect(states('满18岁', { value: 18, unit: '岁' })).toBe(true);
  });

  it('a sentence counts when one sentence of the answer says the same with the same yes or no and the same numbers', () => {
    const fact = { says: '外地户口可以在安澜办换领' };
    expect(states('外地户口也可以在安澜办换领、补领。', fact)).toBe(true);
    expect(states('外地户口不可以在安澜办换领。', fact)).toBe(false);
    expect(states('外地户口要等 30 日。', fact)).toBe(false);
    expect(states('离婚冷静期为 30 日', { says: '离婚冷静期为 60 日' })).toBe(false);
  });

  it('precision, recall and F1 count what is stated, missed and forbidden; all required facts make it complete', () => {
    const forbid = [forbiddenSchema.parse('免费')];
    const judged = judge('要 40 元，去派出所。', facts('40元', '派出所', { any: ['户口簿'], required: false }), forbid);
    expect(judged).toMatchObject({ stated: ['40元', '派出所'], missing: ['户口簿'], forbidden: [], precision: 1, complete: true });
    expect(judged.recall).toBeCloseTo(2 / 3, 12);
    expect(judged.f1).toBeCloseTo(2 / 2.5, 12);
    const wrong = judge('免费，去派出所。', facts('40元', '派出所'), forbid);
    expect(wrong).toMatchObject({ forbidden: ['免费'], precision: 0.5, recall: 0.5, f1: 0.5, complete: false });
  });

  it('a fact that can’t be looked for is refused', () => {
    expect(factSchema.safeParse({ id: 'x' }).success).toBe(false);
    expect(factSchema.safeParse({ regex: '(' }).success).toBe(false);
  });
});

describe('[R-022] citations', () => {
  const passage = { id: 'a#fee', itemId: 'a', title: '甲', heading: '收费', text: '每证 40 元。' } as Passage;

  it('numbers of the answer must stand in the cited passages', () => {
    expect(consistencyWithPassages('要 40 元', [passage])).toEqual({ share: 1, unsupported: [] });
    expect(consistencyWithPassages('要 40 元，7 天', [passage])).toEqual({ share: 0.5, unsupported: ['7天'] });
    expect(consistencyWithPassages('要 40 元', []).share).toBe(0);
  });

  it('a citation is right by its item or by its passage', () => {
    expect(citationPrecision([passage], new Set(['a']))).toBe(1);
    expect(citationPrecision([passage, { ...passage, id: 'b#fee', itemId: 'b' }], new Set(['a#fee']))).toBe(0.5);
    expect(citationPrecision([], new Set(['a']))).toBeNaN();
  });
});
