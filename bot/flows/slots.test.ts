import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runnableSlot } from './expand.ts';
import { type Slot, slotSchema } from './schema.ts';
import { matchOption, parseSlot } from './slots.ts';

const thursday = new Date(2026, 2, 5, 15, 30);
const slot = (definition: Record<string, unknown>): Slot =>
  runnableSlot(slotSchema.parse({ label: '这一项', ask: '请问？', ...definition }), []);
const value = (one: Slot, raw: string) => {
  const parsed = parseSlot(one, raw, { today: thursday });
  return parsed.ok ? parsed.value : undefined;
};
const refusal = (one: Slot, raw: string) => {
  const parsed = parseSlot(one, raw, { today: thursday });
  return parsed.ok ? undefined : parsed.message;
};

const reason = slot({
  type: 'choice',
  options: [
    { value: 'lost', label: '丢了', synonyms: ['丢失', '不见了', '丢'] },
    { value: 'damaged', label: '坏了', synonyms: ['损坏', '消磁'] },
    { value: 'expired', label: '到期了', synonyms: ['到期', '过期'] },
  ],
});
const age = slot({
  type: 'choice',
  options: [
    { value: 'child', label: '不满16周岁', from: 0, to: 15.9 },
    { value: 'adult', label: '16至59周岁', from: 16, to: 59.9 },
    { value: 'senior', label: '60周岁以上', from: 60, to: 150 },
  ],
});
const number = slot({ type: 'number', min: 0, max: 150 });
const anyNumber = slot({ type: 'number' });
const yesNo = slot({ type: 'yes_no', yesLabel: '住满了', noLabel: '还没满' });
const date = slot({ type: 'date' });
const phone = slot({ type: 'phone' });

describe('choice', () => {
  it.each([
    ['lost', 'lost'],
    ['丢了', 'lost'],
    ['丢失。', 'lost'],
    ['過期', 'expired'],
    ['第二个', 'damaged'],
    ['2', 'damaged'],
    ['②', 'damaged'],
    ['选B', 'damaged'],
    ['我选第三个', 'expired'],
    ['最后一个', 'expired'],
    ['就第一个吧', 'lost'],
    ['身份证不小心丢了', 'lost'],
    ['不是丢了，是到期了', 'expired'],
    ['没丢，只是消磁了', 'damaged'],
    ['丢了还是坏了', undefined],
    ['丢了、坏了', undefined],
    ['第九个', undefined],
    ['今天天气不错', undefined],
    ['了', undefined],
    ['不是丢了', undefined],
  ])('%s → %s', (raw, expected) => expect(value(reason, raw)).toBe(expected));

  it.each([
    ['35岁', 'adult'],
    ['三十五', 'adult'],
    ['我奶奶七十八了', 'senior'],
    ['8 岁', 'child'],
    ['不满16周岁', 'child'],
    ['16', 'adult'],
    ['2', 'adult'],
    ['十六岁到六十岁', undefined],
    ['200岁', undefined],
  ])('a number falls into its range: %s → %s', (raw, expected) => expect(value(age, raw)).toBe(expected));

  it('lists the options when the answer names none', () => expect(refusal(reason, '随便')).toMatch(/1\. 丢了\n2\. 坏了\n3\. 到期了/));

  it('every option is found by value, label, synonym and position', () => {
    if (reason.type !== 'choice') throw new Error('not a choice');
    for (const [index, option] of reason.options.entries()) {
      for (const raw of [option.value, option.label, ...option.synonyms, String(index + 1)])
        expect(value(reason, raw), raw).toBe(option.value);
    }
  });
});

describe('matchOption', () => {
  it.each([
    ['身份证丢了，帮我列个清单', 'lost'],
    ['不是丢了，是到期了', 'expired'],
    ['丢了。哦不对，应该是过期', 'expired'],
    ['没有丢', undefined],
    ['不小心弄丢', 'lost'],
    ['是不是到期也能办', 'expired'],
    ['并不是因为坏了', undefined],
    ['怎么办', undefined],
    ['坏了或者丢了都行', undefined],
    ['lostandfound', undefined],
    ['i lost it', 'lost'],
  ])('%s → %s', (text, expected) => expect(matchOption(reason, text)).toBe(expected));

  it('only choices are matched', () => expect(matchOption(number, '35')).toBeUndefined());
});

describe('number', () => {
  it.each([
    ['三十五岁', 35],
    ['我今年35了', 35],
    ['一百零五', 105],
    ['一百五', 150],
    ['十', 10],
    ['十二点五', 12.5],
    ['两岁半', 2.5],
    ['３５', 35],
    ['半', 0.5],
    ['三五岁', undefined],
    ['七八十', undefined],
    ['18-20', undefined],
    ['很多', undefined],
    ['一个人', undefined],
    ['151', undefined],
    ['-5', undefined],
  ])('%s → %s', (raw, expected) => expect(value(number, raw)).toBe(expected));

  it.each([
    ['1.5万', 15000],
    ['两万三', 23000],
    ['3,500元', 3500],
    ['一亿二千万', 120_000_000],
    ['负五', -5],
  ])('%s → %s', (raw, expected) => expect(value(anyNumber, raw)).toBe(expected));

  it('says which bound is broken', () => {
    expect(refusal(number, '200')).toContain('不能大于 150');
    expect(refusal(number, '-1')).toContain('不能小于 0');
  });

  it('reads every number from 0 to 9999 written in Chinese', () => {
    const digits = '零一二三四五六七八九';
    const chinese = (n: number): string => {
      let text = '';
      let gap = false;
      for (const [size, unit] of [
        [1000, '千'],
        [100, '百'],
        [10, '十'],
        [1, ''],
      ] as const) {
        const digit = Math.floor(n / size) % 10;
        if (digit > 0) text += `${gap && text !== '' ? '零' : ''}${digits[digit]}${unit}`;
        gap = digit === 0;
      }
      return text === '' ? '零' : text;
    };
    for (let n = 0; n < 10_000; n += 1) expect(value(anyNumber, chinese(n)), chinese(n)).toBe(n);
  });
});

describe('yes or no', () => {
  it.each([
    '是的',
    '对',
    '对啊',
    '嗯',
    '嗯嗯',
    '有啊',
    '有的',
    '没错',
    '没问题',
    '好像是',
    '住满了',
    'OK',
    'true',
    '对，办过了',
    '早就办了',
    '当然',
  ])('yes: %s', (raw) => expect(value(yesNo, raw)).toBe(true));
  it.each([
    '不是',
    '没有',
    '沒有',
    '还没',
    '还没呢',
    '没有啊',
    '嗯没有',
    '我没办过',
    '好像没有',
    '也没有',
    '不用了',
    '还没满',
    'no',
    'false',
    '无',
  ])('no: %s', (raw) => expect(value(yesNo, raw)).toBe(false));
  it.each(['不知道', '有没有', '是吗', '是的没有', '不是的，我有', '什么意思', '记不清了', '。。。', '可以吗？', '不过'])(
    'asked again: %s',
    (raw) => expect(refusal(yesNo, raw)).toBe('我没听明白，请回答“住满了”或“还没满”。'),
  );
});

describe('date', () => {
  it.each([
    ['2026年3月5号', '2026-03-05'],
    ['二〇二五年十二月三十一日', '2025-12-31'],
    ['2026-3-5', '2026-03-05'],
    ['20260305', '2026-03-05'],
    ['98年5月1日', '1998-05-01'],
    ['明天', '2026-03-06'],
    ['大后天', '2026-03-08'],
    ['昨天下午', '2026-03-04'],
    ['上周三', '2026-02-25'],
    ['下周五', '2026-03-13'],
    ['星期天', '2026-03-08'],
    ['去年3月5日', '2025-03-05'],
    ['上个月5号', '2026-02-05'],
    ['5号', '2026-03-05'],
    ['三天前', '2026-03-02'],
    ['两周后', '2026-03-19'],
    ['3月8号', '2026-03-08'],
    ['上个月', undefined],
    ['3月', undefined],
    ['最近', undefined],
    ['去年', undefined],
    ['三个月前', undefined],
    ['明天或后天', undefined],
    ['2月30号', undefined],
  ])('%s → %s', (raw, expected) => expect(value(date, raw)).toBe(expected));

  it('a day without a year takes the year that fits', () => {
    expect(value(slot({ type: 'date', max: 'today' }), '12月20号')).toBe('2025-12-20');
    expect(value(slot({ type: 'date', min: 'today' }), '1月3号')).toBe('2027-01-03');
  });

  it('says what is wrong', () => {
    expect(refusal(date, '2月30号')).toContain('2月没有30号');
    expect(refusal(slot({ type: 'date', min: 'today' }), '昨天')).toContain('已经过去');
    expect(refusal(slot({ type: 'date', max: 'today' }), '明天')).toContain('还没到');
    expect(refusal(date, '下个月')).toContain('具体是哪天');
  });

  it('reads back every calendar day', () => {
    const day = fc.date({ min: new Date(1950, 0, 1), max: new Date(2100, 0, 1), noInvalidDate: true });
    fc.assert(
      fc.property(day, (d) => {
        const iso = `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
        expect(value(date, `${d.getFullYear()}年${d.getMonth() + 1}月${d.getDate()}号`)).toBe(iso);
        expect(value(date, iso)).toBe(iso);
      }),
    );
  });
});

describe('phone', () => {
  it.each([
    ['13800138000', '13800138000'],
    ['138 0013 8000', '13800138000'],
    ['+86 138-0013-8000', '13800138000'],
    ['我电话是13800138000谢谢', '13800138000'],
    ['010-62345678', '010-62345678'],
    ['0755 8234 5678', '0755-82345678'],
    ['一三八零零幺三八零零零', '13800138000'],
    ['12345', undefined],
    ['12800138000', undefined],
    ['13800138000和13900139000', undefined],
  ])('%s → %s', (raw, expected) => expect(value(phone, raw)).toBe(expected));

  it('counts the digits for the citizen', () => expect(refusal(phone, '1380013800')).toContain('您发来的是 10 位'));
});

describe('text', () => {
  const receipt = slot({ type: 'text', pattern: '[A-Z]{2}\\d{10}', patternMessage: '编号是 2 个字母加 10 位数字。' });
  const tail = slot({ type: 'text', pattern: '\\d{4}' });
  it.each([
    ['AL2026000101', 'AL2026000101'],
    ['al2026000101', 'AL2026000101'],
    ['ＡＬ２０２６０００１０１', 'AL2026000101'],
    ['AL 2026 000101', 'AL2026000101'],
    ['我的编号是al2026000101。', 'AL2026000101'],
    ['AL20260001011', undefined],
    ['2026000101', undefined],
  ])('%s → %s', (raw, expected) => expect(value(receipt, raw)).toBe(expected));
  it.each([
    ['1101', '1101'],
    ['尾号1101', '1101'],
    ['一一零一', '1101'],
    ['13800138000', undefined],
  ])('%s → %s', (raw, expected) => expect(value(tail, raw)).toBe(expected));

  it('gives the editor’s reason, or the length that is needed', () => {
    expect(refusal(receipt, 'x')).toBe('编号是 2 个字母加 10 位数字。');
    expect(refusal(slot({ type: 'text', min: 2 }), '张')).toContain('至少要 2 个字');
    expect(refusal(slot({ type: 'text', max: 3 }), '太长的名字')).toContain('最多 3 个字');
  });
});

describe('[R-068] numbers with a check character', () => {
  const identity = slot({ type: 'text', label: '身份证号', format: 'id_number', sensitive: true });
  const credit = slot({ type: 'text', label: '信用代码', format: 'credit_code' });
  // The published samples of GB 11643 and GB 32100.
  it.each([
    [identity, '11010519491231002X', '11010519491231002X'],
    [identity, '我的是 11010519491231002x。', '11010519491231002X'],
    [credit, '91350100m000100y43', '91350100M000100Y43'],
  ])('%# %s → %s', (one, raw, expected) => expect(value(one, raw)).toBe(expected));

  it.each([
    [identity, '110105194912310021', '抄错了一位'],
    [identity, '11010519491231020X', '抄错了一位'],
    [identity, '1101051949123100', '18 位'],
    [credit, '91350100M000100Y34', '抄错了一位'],
    [credit, '91350100', '营业执照右上角'],
  ])('%# %s is told what is wrong: %s', (one, raw, words) => expect(refusal(one, raw)).toContain(words));
});

describe('any input', () => {
  const slots = [reason, age, number, yesNo, date, phone, slot({ type: 'text', pattern: '\\d+' })];
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.string({ unit: fc.constantFrom(...'一二三十百万第个月号年是不没有丢了12-/.@#[](){}*+ \u0000\u202e😀'), maxLength: 60 }),
  );

  it('never throws, refuses with words, and accepts only what it reads the same way again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...slots), hostile, (one, raw) => {
        const parsed = parseSlot(one, raw, { today: thursday });
        if (!parsed.ok) return parsed.message.length > 0;
        return value(one, String(parsed.value)) === parsed.value;
      }),
      { numRuns: 1500 },
    );
  });

  it('too long or empty is refused at once', () => {
    expect(refusal(reason, '丢了'.repeat(400))).toContain('有点长');
    expect(refusal(reason, '  ')).toContain('还没有填');
  });
});
