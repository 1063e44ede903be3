import { describe, expect, it } from 'vitest';
import type { Passage } from '../../../knowledge/index/types.ts';
import { checkSentence, type ProblemKind } from './check.ts';
import { draftProblems } from './draft.ts';
import { knownNames } from './names.ts';
import { readSigns } from './symbols.ts';

const passage = (text: string, more: Partial<Passage> = {}): Passage => ({
  id: 'x#answer',
  itemId: 'x',
  kind: 'guide',
  title: '办事指南',
  heading: '说明',
  element: 'answer',
  text,
  audience: [],
  sample: true,
  ...more,
});
const names = knownNames(['安澜市公安局', '公安局', '民政局', '安澜市政务服务中心', '东澜区', '西屏区']);
const kinds = (sentence: string, source: string | Passage, ...more: Passage[]): ProblemKind[] => {
  const checked = checkSentence(sentence, [typeof source === 'string' ? passage(source) : source, ...more], { names });
  return checked.ok ? [] : [...new Set(checked.problems.map((problem) => problem.kind))];
};

describe('one spelling for what is the same', () => {
  it.each([
    ['二十个工作日内办结。', '20 个工作日内办结。'],
    ['办结要２０个工作日。', '二十个工作日办结。'],
    ['罚款 15000 元。', '罚款 1.5 万元。'],
    ['9 点开始办理。', '办理时间：9:00 开始办理。'],
    ['下午 2 点到 5 点半办公。', '办公 14:00–17:30。'],
    ['2026-03-05 起施行。', '自 2026 年 3 月 5 日起施行。'],
    ['二〇二六年三月五日起施行。', '2026年3月5日起施行。'],
    ['3 月 5 日起施行。', '2026年3月5日起施行。'],
    ['申请人年满十六岁。', '申请人年满 16 周岁。'],
    ['三十天内申请复查。', '在 30 日内申请复查。'],
    ['工本费 20 块钱。', '工本费 20 元。'],
    ['减免百分之二十。', '减免 20%。'],
    ['登记费 1,500 元。', '登记费 1500 元。'],
    ['星期一到星期五办公。', '周一至周五办公。'],
    ['住满半年可以申领。', '住满半年的，可以申领。'],
    ['罚 2 万到 5 万元。', '罚 2 到 5 万元。'],
    ['不用带户口本。', '无需携带居民户口簿。'],
    ['办理不收费。', '办理免费。'],
    ['電話諮詢辦理進度。', '电话咨询办理进度。'],
  ])('%s = %s', (answer, source) => expect(kinds(answer, source)).toEqual([]));
});

describe('what the source does not say is found', () => {
  it.each<[string, string, ProblemKind]>([
    ['30 个工作日内办结。', '20 个工作日内办结。', 'duration'],
    ['20 天内办结。', '20 个工作日内办结。', 'duration'],
    ['6 个月后可以申领。', '半年后可以申领。', 'duration'],
    ['要等 20 元。', '要等 20 天。', 'money'],
    ['工本费 20 万元。', '工本费 20 元。', 'money'],
    ['每人限领 3 份。', '每人限领 2 份。', 'number'],
    ['2026 年 3 月 6 日起施行。', '2026 年 3 月 5 日起施行。', 'date'],
    ['2025 年 3 月 5 日起施行。', '3 月 5 日起施行。', 'date'],
    ['周六办公。', '周一至周五办公。', 'date'],
    ['10:00 开始办公。', '9:00 开始办公。', 'date'],
    ['咨询电话 12333。', '咨询电话 12345。', 'phone'],
    ['咨询电话 0000-5550111。', '咨询电话 0000-5550110。', 'phone'],
    ['登录 https://evil.example 填表办理。', '登录 https://zwfw.example 填表办理。', 'link'],
    ['按照《居住证管理条例》办理。', '按照《居住证暂行条例》办理。', 'document'],
    ['按国办发〔2022〕9号办理。', '按国办发〔2022〕5号办理。', 'document'],
    ['本人带结婚证到窗口办理。', '本人带身份证到窗口办理。', 'document'],
    ['到民政局窗口办理登记。', '到公安局窗口办理登记。', 'department'],
    ['到水务管理局窗口办理登记。', '到窗口办理登记。', 'department'],
    ['地址在示例大道 2 号。', '地址在示例大道 1 号。', 'address'],
    ['请点“我要补办身份证”办理。', '请点“身份证补领”办理，我要办的在下面。', 'quote'],
    ['祝您生活愉快，万事如意。', '工本费 20 元。', 'coverage'],
    ['工本费 20 元，另有神秘礼品赠送给前来的市民。', '工本费 20 元。', 'coverage'],
  ])('%s ≠ %s (%s)', (answer, source, kind) => expect(kinds(answer, source)).toContain(kind));

  it.each([
    ['本人可以到窗口领证。', '本人必须到窗口领证。'],
    ['本人必须到窗口领证。', '本人可以到窗口领证。'],
    ['需要带户口簿原件。', '不用带户口簿原件。'],
    ['不用带户口簿原件。', '要带户口簿原件。'],
    ['可以由他人代领证件。', '不能由他人代领证件。'],
    ['办理手续收费。', '办理手续不收费。'],
    ['年满 60 周岁以下的老人免费。', '年满 60 周岁以上的老人免费。'],
    ['满 16 周岁的由监护人代办。', '不满 16 周岁的由监护人代办。'],
    ['公司章程规定的，应当提前通知。', '除公司章程另有规定的，应当提前通知。'],
    ['到期后 30 日申请续期。', '到期前 30 日申请续期。'],
  ])('a turned rule: %s ≠ %s', (answer, source) => expect(kinds(answer, source)).toContain('polarity'));

  it('an exception that became the rule', () => expect(kinds('法定节假日办公。', '周一至周五办公（法定节假日除外）。')).not.toEqual([]));
});

describe('tight citing', () => {
  const fees = '到期换领每证 20 元，丢失补领每证 40 元。';
  it('a value that belongs to another clause is found', () => {
    expect(kinds('丢失补领每证 20 元。', fees)).toEqual(['money']);
    expect(kinds('丢失补领每证 40 元。', fees)).toEqual([]);
  });

  it('a value that stands elsewhere in the passage proves nothing', () => {
    expect(kinds('补领身份证 60 日内发证。', '补领身份证 20 日内发证。交通不便的地区延长办理，最多 60 日。')).toEqual(['duration']);
  });

  it('steps of a scale are told apart', () => {
    const scale = '满 5 年不足 10 年最长 18 个月；10 年以上最长 24 个月。';
    expect(kinds('10 年以上最长 24 个月。', scale)).toEqual([]);
    expect(kinds('10 年以上最长 18 个月。', scale)).not.toEqual([]);
  });

  it('a passage that is not cited proves nothing; two cited ones may share a sentence', () => {
    const [fee, time] = [passage('补领工本费 40 元。'), passage('补领时限 20 个工作日。', { id: 'y' })];
    expect(kinds('补领工本费 40 元，补领时限 20 个工作日。', fee)).toContain('duration');
    expect(kinds('补领工本费 40 元，补领时限 20 个工作日。', fee, time)).toEqual([]);
  });

  it('says which of the cited passages prove it', () => {
    const [fee, time] = [passage('补领工本费 40 元。'), passage('补领时限 20 个工作日。', { id: 'y' })];
    expect(checkSentence('补领时限 20 个工作日。', [fee, time])).toEqual({ ok: true, support: [time] });
  });

  it('title, heading and document number count as said', () => {
    const clause = passage('本办法自发布之日起施行。', { title: '安澜市居住证实施办法', heading: '第十四条', docNo: '安政规〔2025〕3号' });
    expect(kinds('《居住证实施办法》第十四条：本办法自发布之日起施行。', clause)).toEqual([]);
    expect(kinds('《居住证实施办法》第十五条：本办法自发布之日起施行。', clause)).toEqual(['number']);
  });
});

it('words that only look like negation are none', () => {
  for (const word of ['不动产登记', '特别提醒', '未成年人', '非机动车', '可能', '许可证', '国内']) {
    const markers = readSigns(word).filter((sign) => sign.kind === 'marker');
    expect([word, markers.map((sign) => sign.raw).filter((raw) => !['未', '非'].includes(raw))]).toEqual([word, []]);
  }
});

it('nothing cited, nothing proved; nothing said, nothing passed', () => {
  expect(checkSentence('工本费 20 元。', []).ok).toBe(false);
  expect(checkSentence('', [passage('工本费 20 元。')]).ok).toBe(false);
  expect(checkSentence('工本费 20 元。', [passage('')]).ok).toBe(false);
});

it('a whole draft: every sentence against its own marks', () => {
  const [fee, time] = [passage('补领工本费 40 元。'), passage('补领时限 20 个工作日。', { id: 'y' })];
  const draft = {
    text: '补领工本费 40 元。 [1] 补领时限 20 个工作日。 [2]',
    citations: [fee, time],
    quickReplies: [],
    origin: 'ai' as const,
  };
  expect(draftProblems(draft)).toEqual([]);
  expect(draftProblems({ ...draft, citations: [time, fee] })).not.toEqual([]);
  expect(draftProblems({ ...draft, text: `${draft.text} 还送礼品。` })).toMatchObject([{ kind: 'coverage' }]);
});
