import { beforeAll, describe, expect, it } from 'vitest';
import { type Lexicon, loadLexicon } from '../../knowledge/text/lexicon.ts';
import { lexiconFolder } from '../../tests/support/pack.ts';
import { askedElements, asksOnlyElements } from './elements.ts';

let lexicon: Lexicon;
beforeAll(async () => {
  lexicon = await loadLexicon(lexiconFolder);
});

describe('askedElements', () => {
  it.each([
    ['身份证丢了怎么补办要带什么', ['materials', 'process']],
    ['補辦身份證要帶乜嘢', ['materials']],
    ['要准备哪些资料', ['materials']],
    ['居住证要多少钱', ['fee']],
    ['办个证几多钱', ['fee']],
    ['多久能办好', ['time']],
    ['身份证几天下来', ['time']],
    ['去哪办，周末上班吗', ['place']],
    ['民政局电话是多少', ['phone']],
    ['要跑几趟', ['visits']],
    ['能在网上办吗', ['online']],
    ['谁可以申请公租房', ['conditions']],
    ['我要投诉他们', ['complaint']],
    ['身份证有效期多长', ['result']],
    ['依据是哪条法律规定', ['basis']],
    ['身份证丢了', []],
    ['公积金贷款', []],
    ['how much does it cost and where', ['fee', 'place']],
    ['what documents do i need to bring', ['materials']],
  ])('%s → %j', (question, elements) => {
    const found = askedElements(lexicon.plain(question));
    expect(found).toEqual(expect.arrayContaining(elements));
    if (elements.length === 0) expect(found).toEqual([]);
  });

  it('answers in the order in which one acts', () => {
    expect(askedElements('多少钱？多久？带什么？什么条件？')).toEqual(['conditions', 'materials', 'time', 'fee']);
  });
});

describe('asksOnlyElements', () => {
  it.each([
    '那要多少钱？',
    '多久能办好',
    '要带什么材料',
    '在哪里办呢',
    '电话是多少',
    '那需要什么条件',
    '能网上办吗',
    '费用呢？',
    '要几天',
    '地址',
  ])('a follow-up: %s', (question) => expect(asksOnlyElements(lexicon.plain(question))).toBe(true));

  it.each(['居住证要多少钱', '公积金多久到账', '民政局电话', '办护照要带什么材料', '身份证丢了', '你好', '社保卡去哪办'])(
    'names its own matter, or asks for nothing: %s',
    (question) => expect(asksOnlyElements(lexicon.plain(question))).toBe(false),
  );
});
