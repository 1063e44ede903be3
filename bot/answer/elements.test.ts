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

  it.each([
    '失业金每个月多少钱',
    '失业保险金一个月能领多少钱',
    '生二胎能领多少钱津贴',
    '高龄津贴现在一个月是多少钱',
    '低保每人每月发多少钱',
    '培训补贴最多能拿多少钱',
    '单身一个人公积金最多贷多少钱',
    '住院报销多少钱',
    '一次能提取多少钱',
    '养老金多少钱',
  ])('an amount one receives is no fee: %s', (question) => expect(askedElements(lexicon.plain(question))).not.toContain('fee'));

  it.each([
    '补领身份证多少钱',
    '领结婚证要多少钱',
    '领证多少钱',
    '取护照要交多少钱',
    '灵活就业养老保险每个月交多少钱',
    '发票多少钱一本',
    '公租房押金多少钱',
    '申领失业金收费吗',
    '失业金每月多少钱，办的时候要钱吗',
    'how much do i have to pay',
  ])('an amount one pays is: %s', (question) => expect(askedElements(lexicon.plain(question))).toContain('fee'));

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
