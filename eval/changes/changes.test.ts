import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../knowledge/text/normalise.ts';
import { changeNames, changes } from './changes.ts';

describe('[R-022] the same question in other words, by rule', () => {
  it('each change does what it says', () => {
    expect(changes.polite('补证多少钱？', 1)).toBe('您好，麻烦问一下，补证多少钱，谢谢您！');
    expect(changes.width('满16岁能办ETC吗？', 1)).toBe('满１６岁能办ＥＴＣ吗?');
    expect(changes.numerals('我32岁，有25天', 1)).toBe('我三十二岁，有二十五天');
    expect(changes.numerals('断缴三个月要等吗', 1)).toBe('断缴3个月要等吗');
    expect(changes.hant('护照丢了怎么补办', 1)).toBe('護照丟了怎麼補辦');
    expect(changes.no_marks('身份证丢了，怎么办？', 1)).toBe('身份证丢了怎么办');
    expect(changes.channel('补证多少钱', 1)).toBe('补证多少钱');
  });

  it('a change that would leave a question as it is is none', () => {
    for (const name of ['width', 'numerals', 'no_marks'] as const) expect(changes[name]('补证多少钱', 1)).toBeUndefined();
    expect(changes.typo('啊', 1)).toBeUndefined();
  });

  it('the same seed makes the same typo: two neighbours change places, numbers stay', () => {
    const question = '满16岁办身份证要带什么';
    expect(changes.typo(question, 3)).toBe(changes.typo(question, 3));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (seed) => {
        const typed = changes.typo(question, seed) ?? '';
        expect([...typed].sort()).toEqual([...question].sort());
        expect(typed).toContain('16');
        expect([...typed].filter((sign, i) => sign !== question[i])).toHaveLength(2);
      }),
    );
  });

  it('width, script and spaces are gone after normalising, whatever the question', () => {
    const bare = (text: string) => normalise(text).replace(/[\p{P}\p{S}\s]+/gu, '');
    fc.assert(
      fc.property(
        fc.stringMatching(/^[身份证丢了补办要多少钱孩子满岁户口]{3,20}[？！]?$/u),
        fc.integer({ min: 1, max: 99 }),
        (words, n) => {
          const question = `${n}${words}`;
          for (const name of ['width', 'spaces', 'hant', 'no_marks'] as const) {
            const changed = changes[name](question, n);
            if (changed !== undefined) expect(bare(changed)).toBe(bare(question));
          }
        },
      ),
    );
  });

  it('every name has a change', () => {
    expect(Object.keys(changes).sort()).toEqual([...changeNames].sort());
  });
});
