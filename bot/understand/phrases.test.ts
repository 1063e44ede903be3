import { beforeAll, describe, expect, it } from 'vitest';
import { type Lexicon, loadLexicon } from '../../knowledge/text/lexicon.ts';
import { lexiconFolder } from '../../tests/support/pack.ts';
import { asksForHuman, asksToRepeat, cancels, refuses, skips, withoutInterruption } from './phrases.ts';

let lexicon: Lexicon;
beforeAll(async () => {
  lexicon = await loadLexicon(lexiconFolder);
});

describe('[R-033] asks for a person', () => {
  it.each([
    '转人工',
    '轉人工',
    '转人工！！',
    '人工',
    '人工服务',
    '我要人工',
    '请帮我转接人工客服',
    '找个真人',
    '叫客服来',
    '有没有真人',
    '我想和人说话',
    '能不能换个人跟我说',
    '不想跟机器人说了',
    '要不转人工吧',
    '怎么还不转人工',
    '能不能转人工',
    '找工作人员',
    '真人',
    '客服',
    'I want to talk to a person',
    'talk to an agent please',
    '喊个活人出来',
    '帮我转个客服',
    '给我转一下人工',
    '有没有活人',
    '话务员在不在',
    '换个活人跟我聊',
    '问了五遍了都不对，来个人',
    '什么玩意，赶紧叫个人来',
    '烦死了，找个人',
    '垃圾机器人，让你们管事的出来',
    '派个人来跟我解释一下',
    '能不能找个人跟我说',
  ])('%s', (message) => expect(asksForHuman(lexicon.plain(message))).toBe(true));

  it.each([
    '不用转人工',
    '不要人工',
    '别转人工',
    '先不转人工',
    '不需要人工服务',
    '唔使转人工',
    '人工智能补贴怎么申请',
    '人工费发票怎么开',
    '人工流产医保报销吗',
    '人工窗口几点下班',
    '要工作人员签字吗',
    '我要投诉工作人员',
    '有人吗',
    '身份证丢了',
    '找个人代办可以吗',
    '找个人',
    '换个人办行不行',
    '叫人来修路灯打哪个电话',
    '家里来个亲戚要登记吗',
    '可以叫家人来领吗',
    '接线员招聘条件',
    '客服岗位补贴怎么申请',
    '转个户口要多久',
    '没人来收垃圾，找哪个部门',
    '来安澜的人要办居住证吗',
    '垃圾分类找哪个部门',
  ])('does not: %s', (message) => expect(asksForHuman(lexicon.plain(message))).toBe(false));
});

describe('wants to stop', () => {
  it.each([
    '取消',
    '取消！',
    '算了',
    '算了，不办了',
    '我不办了',
    '先不办了，谢谢',
    '那就取消吧',
    '退出',
    '停止',
    '不弄了',
    '不查了',
    '这个太麻烦了，算了',
    '好，那算了吧',
    '算了，不开了',
    '那算了吧，我先不租了',
    'cancel',
    'Stop.',
  ])('%s', (message) => expect(cancels(lexicon.plain(message))).toBe(true));
  it.each([
    '停缴社保怎么办',
    '停车证怎么办',
    '停保',
    '取消婚姻登记预约',
    '取消预约怎么弄',
    '退出低保怎么办',
    '退出公租房',
    '不要了的房子怎么退',
    '结束劳动合同证明',
    '算了，不开店还要交税吗',
    '算了算了，不换了的话原来的还能用吗',
  ])('does not: %s', (message) => expect(cancels(lexicon.plain(message))).toBe(false));
});

it.each([
  ['再说一遍', true],
  ['重复一次？', true],
  ['没听清', true],
  ['刚才说什么', true],
  ['请再发一次', true],
  ['不好意思没看清，再说一下', true],
  ['刚刚你说什么来着', true],
  ['你问的什么', true],
  ['能再解释一遍吗？', true],
  ['抱歉，刚才没听到，重复一遍好吗', true],
  ['再说一遍要带什么材料', false],
  ['验证码再发一遍', false],
  ['没听清要带什么', false],
  ['重新发证要多久', false],
  ['再办一次要多少钱', false],
  ['没听懂', false],
  ['没看清材料第二条', false],
  ['重复缴费怎么退', false],
])('wants it again: %s → %s', (message, expected) => expect(asksToRepeat(lexicon.plain(message))).toBe(expected));

it.each([
  ['跳过', true],
  ['下一个', true],
  ['不想填', true],
  ['跳过这一步会怎样', false],
  ['不说了，跳过', true],
  ['这个不知道，先跳过吧', true],
  ['不知道', false],
  ['没有，下一个', true],
])('skips: %s → %s', (message, expected) => expect(skips(lexicon.plain(message))).toBe(expected));

it.each([
  ['等一下，收费吗？', '收费吗？'],
  ['先等等，要带什么材料', '要带什么材料'],
  ['等一下', '等一下'],
  ['等一下，我找找', '等一下，我找找'],
  ['等候区在哪', '等候区在哪'],
])('a question that interrupts: %s → %s', (message, expected) => expect(withoutInterruption(message)).toBe(expected));

it.each([
  ['不用', true],
  ['没有了', true],
  ['不用了，再见', false],
  ['再见', false],
])('turns down what is asked: %s → %s', (message, expected) => expect(refuses(lexicon.plain(message))).toBe(expected));
