import fc from 'fast-check';
import { pinyin } from 'pinyin-pro';
import { describe, expect, it } from 'vitest';
import { bigrams, runsOf, soundPairs, terms, words } from './tokenise.ts';

describe('tokenise', () => {
  it.each([
    ['身份证', ['身份', '份证']],
    ['证', ['证']],
    ['身份证2026年a4纸', ['身份', '份证', '2026', '年', 'a', '4', '纸']],
    ['12.5元 e-mail', ['12.5', '元', 'e-mail']],
    ['，。！', []],
    ['', []],
  ])('bigrams of %j', (text, expected) => expect(bigrams(text)).toEqual(expected));

  it('finds the runs that a pattern finds, whatever stands beside them', () => {
    const pattern = /\p{Script=Han}+|[a-z]+(?:[-.][a-z]+)*|\d+(?:\.\d+)?/gu;
    const sign = fc.oneof(fc.constantFrom(...'证々〇鿰，a-.b9.0 x-y𠮷\ud842é１'), fc.string({ unit: 'binary', maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 20 }), (signs) => {
        const text = signs.join('');
        const found = [...text.matchAll(pattern)].map(([run]) => ({ text: run, han: /\p{Script=Han}/u.test(run) }));
        return JSON.stringify(runsOf(text)) === JSON.stringify(found);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds longer words and keeps them apart from bigrams', () => {
    expect(words('住房公积金提取')).toContain('#公积金');
    expect(terms('住房公积金')).toEqual(expect.arrayContaining(['公积', '积金', '#公积金']));
    expect(terms('住房公积金').filter((term) => term === '公积金')).toEqual([]);
  });

  it('hears wrong characters of the same sound', () => {
    expect(soundPairs('身分证')).toEqual(soundPairs('身份证'));
    expect(soundPairs('深份正')).toEqual(['~shen-fen', '~fen-zheng']);
    expect(soundPairs('a1')).toEqual([]);
    expect(soundPairs('证')).toEqual([]);
  });

  it('takes the tones off as the dictionary does', () => {
    const signs = Array.from({ length: 0x9fa5 - 0x4e00 }, (_, i) => String.fromCharCode(0x4e00 + i));
    const texts = [...signs.map((sign) => `${sign}一`), '一个不是银行行长的重庆音乐老师都还了得，绿女旅行呣嗯欸诶'];
    const plain = (text: string) =>
      [...text.matchAll(/\p{Script=Han}+/gu)].flatMap(([run]) => {
        const syllables = pinyin(run, { toneType: 'none', type: 'array' });
        return syllables.slice(1).map((next, i) => `~${syllables[i]}-${next}`);
      });
    expect(texts.filter((text) => soundPairs(text).join() !== plain(text).join())).toEqual([]);
  });

  it('never throws and never makes an empty term, whatever the string', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string()), (text) => {
        for (const term of [...terms(text), ...soundPairs(text)]) expect(term.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
