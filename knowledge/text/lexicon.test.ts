import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { lexiconFolder } from '../../tests/support/pack.ts';
import { type Lexicon, loadLexicon, makeLexicon } from './lexicon.ts';

describe('a lexicon', () => {
  const lexicon = makeLexicon({
    dialect: { 什么: ['啥子', '啥', '乜嘢'], 怎么: ['咋'] },
    synonyms: { 丢失: ['弄丢了', '丢了', '遗失'], 居民身份证: ['身份证', '身分证'] },
    core: ['请问', '怎么', '什么', '要', '的'],
  });

  it('turns dialect into Mandarin, longest word first', () => {
    expect(lexicon.plain('咋办？要帶啥子')).toBe('怎么办?要带什么');
    expect(lexicon.plain('要帶乜嘢')).toBe('要带什么');
  });

  it('replaces synonyms, and leaves a canonical form alone that holds one', () => {
    expect(lexicon.canonical('身分證弄丢了')).toBe('居民身份证丢失');
    expect(lexicon.canonical('居民身份证丢失')).toBe('居民身份证丢失');
  });

  it('keeps what the matter is, and everything when nothing else would be left', () => {
    expect(lexicon.core('请问，身份证丢了怎么办？')).toBe('居民身份证丢失办');
    expect(lexicon.core('什么')).toBe('什么');
    expect(lexicon.core('？！')).toBe('');
  });

  it('takes words with regex characters as they are', () => {
    const odd = makeLexicon({ dialect: { 加: ['c++', 'a.b'] }, synonyms: {}, core: ['(x)'] });
    expect(odd.plain('C++ 和 axb 和 a.b')).toBe('加 和 axb 和 加');
    expect(odd.core('(x)问题')).toBe('x问题');
  });

  it('replaces what a pattern of all words, longest first, would find', () => {
    const word = fc.string({ unit: fc.constantFrom(...'身份证丢a'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.array(word, { maxLength: 6 }), (words, parts) => {
        const text = parts.join('');
        const longestFirst = [...words].sort((a, b) => b.length - a.length);
        const expected = text.replace(new RegExp(longestFirst.join('|'), 'g'), '补');
        return makeLexicon({ dialect: { 补: words }, synonyms: {}, core: [] }).plain(text) === expected;
      }),
      { numRuns: 1000 },
    );
  });

  it('an empty one only normalises', () => {
    const empty = makeLexicon({ dialect: {}, synonyms: {}, core: [] });
    expect(empty.core('身份證，丢了')).toBe('身份证丢了');
  });
});

describe('the shipped lexicon', () => {
  let lexicon: Lexicon;
  beforeAll(async () => {
    lexicon = await loadLexicon(lexiconFolder);
  });

  it.each([
    ['俺身份证丢咧咋整', '我身份证丢了怎么办'],
    ['身份證唔見咗點補辦要帶乜嘢', '身份证不见了怎么补办要带什么'],
    ['啷个办嘛', '怎么办嘛'],
    ['要几多钱', '要多少钱'],
  ])('dialect: %s', (text, plain) => expect(lexicon.plain(text)).toBe(plain));

  it.each([
    ['身份证丢了', '身份證唔見咗'],
    ['身份证丢了', '身分证掉了'],
    ['驾照过期了', '驾驶证到期'],
    ['社保卡丢了', '社会保障卡遗失'],
    ['房产证', '不动产权证书'],
    ['公积金', '住房公积金'],
  ])('%s and %s are the same matter', (one, other) => expect(lexicon.core(one)).toBe(lexicon.core(other)));

  it.each([
    ['补个税怎么补', /个税/],
    ['驾驶执照丢了', /^驾驶证丢失$/],
    ['身份证领证地点', /^(?!.*结婚)/],
    ['销掉了公司', /^注销/],
    ['手机坏掉了', /^手机损坏/],
  ])('a word inside another word is left alone: %s', (text, expected) => expect(lexicon.canonical(text)).toMatch(expected));

  it('names the file and the field when a table is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wenban-lexicon-'));
    await writeFile(join(folder, 'synonyms.yaml'), 'canonical: {丢失: 丢了}');
    await writeFile(join(folder, 'phrases.yaml'), 'dialect: {}\ncore: []');
    await expect(loadLexicon(folder)).rejects.toThrow(/synonyms\.yaml[\s\S]*canonical.*丢失/);
    await rm(folder, { recursive: true });
  });
});
