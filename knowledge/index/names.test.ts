import { describe, expect, it } from 'vitest';
import { makeLexicon } from '../text/lexicon.ts';
import { NameMatcher } from './names.ts';

const lexicon = makeLexicon({ synonyms: { 丢失: ['丢了'] }, dialect: {}, core: ['怎么办', '请问', '的'] });
const matcher = new NameMatcher(
  [
    { id: 'card', text: '身份证丢失' },
    { id: 'card', text: '身份证补领' },
    { id: 'pass', text: '居住证申领' },
    { id: 'loan', text: '公积金贷款' },
    { id: 'short', text: '贷款' },
  ],
  lexicon,
);

describe('names', () => {
  it('the same words are the same name, whatever polite words stand around them', () => {
    expect(matcher.match('请问，身份证丢了怎么办？', 3)[0]).toEqual({ id: 'card', name: '身份证丢失', similarity: expect.closeTo(1, 6) });
  });

  it('gives each id once, with the name that fits best, best first', () => {
    const found = matcher.match('身份证', 5);
    expect(found.map((one) => one.id)).toEqual([...new Set(found.map((one) => one.id))]);
    expect(found.map((one) => one.similarity)).toEqual(found.map((one) => one.similarity).sort((a, b) => b - a));
    expect(matcher.match('身份证', 1)).toHaveLength(1);
  });

  it('hears a name that is written with wrong characters of the same sound, and believes it a little less', () => {
    const [best] = matcher.match('深分正丢时', 1);
    expect(best?.id).toBe('card');
    expect(best?.similarity).toBeGreaterThan(0.8);
    expect(best?.similarity).toBeLessThan(1);
  });

  it('a long question that holds a whole name speaks of it; a short name proves nothing', () => {
    const question = '我在外地上班已经三年了想问公积金贷款买房这件事情怎么弄';
    const [best, ...rest] = matcher.match(question, 5);
    expect(best).toMatchObject({ id: 'loan' });
    expect(best?.similarity).toBeGreaterThan(0.5);
    expect(rest.find((one) => one.id === 'short')?.similarity ?? 0).toBeLessThan(0.5);
  });

  it('leaves out what is not accepted', () => {
    expect(matcher.match('身份证丢了', 5, (id) => id !== 'card').map((one) => one.id)).not.toContain('card');
  });

  it('similarity lies between 0 and 1', () => {
    for (const text of ['身份证丢失身份证补领', '公积金贷款贷款', '贷', 'x', '']) {
      for (const { similarity } of matcher.match(text, 10)) {
        expect(similarity).toBeGreaterThan(0);
        expect(similarity).toBeLessThanOrEqual(1);
      }
    }
  });
});
