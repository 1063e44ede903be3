import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Slot, slotSchema } from '../schema.ts';
import { parseSlot } from '../slots.ts';
import { englishNumeral } from './english.ts';
import { positionIn } from './position.ts';

const thursday = new Date(2026, 2, 5, 15, 30);
const slot = (definition: Record<string, unknown>): Slot => slotSchema.parse({ label: '这一项', ask: '请问？', ...definition }) as Slot;
const value = (one: Slot, raw: string) => {
  const parsed = parseSlot(one, raw, { today: thursday });
  return parsed.ok ? parsed.value : undefined;
};
const choice = (...labels: string[]) => slot({ type: 'choice', options: labels.map((label, i) => ({ value: `o${i + 1}`, label })) });

describe('[R-050] an option named by its place', () => {
  const three = choice('首次办理', '换发', '补发');
  const two = choice('窗口办', '网上办');
  it.each([
    ['第二个', 'o2'],
    ['就第三个吧', 'o3'],
    ['我要第1个', 'o1'],
    ['最后一个', 'o3'],
    ['最后那个', 'o3'],
    ['倒数第二个', 'o2'],
    ['最上面那个', 'o1'],
    ['头一个', 'o1'],
    ['中间那个', 'o2'],
    ['the second one', 'o2'],
    ["I'll take the third one, please", 'o3'],
    ['first', 'o1'],
    ['the last one', 'o3'],
    ['option 2', 'o2'],
    ['number three', 'o3'],
    ['2nd', 'o2'],
    ['Option B', 'o2'],
    ['上面那个', undefined],
    ['后者', undefined],
    ['倒数第四个', undefined],
    ['the fifth one', undefined],
    ['option nine', undefined],
    ['第一次', undefined],
  ])('of three: %s → %s', (raw, expected) => expect(value(three, raw)).toBe(expected));
  it.each([
    ['上面那个', 'o1'],
    ['下面的', 'o2'],
    ['前者', 'o1'],
    ['后者吧', 'o2'],
    ['the former', 'o1'],
    ['the latter one', 'o2'],
    ['中间那个', undefined],
  ])('of two: %s → %s', (raw, expected) => expect(value(two, raw)).toBe(expected));

  it('whatever is said, the place is one of the options or none', () => {
    const words = fc.constantFrom(
      '第',
      '倒数',
      '最后',
      '一',
      '十',
      '12',
      '个',
      'the',
      'last',
      'one',
      'option',
      '上面',
      '那个',
      'a',
      '0',
      '吧',
      '头一',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), fc.integer({ min: 2, max: 12 }), (parts, options) => {
        const place = positionIn(parts.join(''), options);
        expect(place === undefined || (Number.isInteger(place) && place >= 0 && place < options)).toBe(true);
      }),
    );
  });
});

describe('[R-050] an option named by what it is like', () => {
  const delivery = choice('自取（免费，7个工作日）', '普通邮寄（15元，10个工作日）', '加急邮寄（30元，2个工作日）');
  const applicant = choice('个人', '企业');
  const papers = choice('居民身份证', '护照', '港澳居民来往内地通行证');
  it.each([
    [delivery, '就那个便宜的', 'o1'],
    [delivery, '最贵的那个', 'o3'],
    [delivery, '要快一点的', 'o3'],
    [delivery, 'the cheapest one', 'o1'],
    [delivery, 'whichever is fastest', 'o3'],
    [delivery, '不急，慢一点没事', 'o2'],
    [delivery, '没有便宜的', undefined],
    [applicant, '便宜的', undefined],
    [applicant, '我自己办', 'o1'],
    [applicant, '我们公司要办', 'o2'],
    [applicant, 'for my company', 'o2'],
    [applicant, 'just for myself', 'o1'],
    [applicant, '不是公司', undefined],
    [applicant, '我自己还是公司都行', undefined],
    [papers, '二代证', 'o1'],
    [papers, 'my passport', 'o2'],
    [papers, '回乡证', 'o3'],
    [papers, '驾照', undefined],
  ] as [Slot, string, string | undefined][])('%# %s', (one, raw, expected) => expect([raw, value(one, raw)]).toEqual([raw, expected]));
});

describe('[R-050] a word inside another word', () => {
  const reason = slot({
    type: 'choice',
    options: [
      { value: 'lost', label: '丢了', synonyms: ['不见了'] },
      { value: 'damaged', label: '坏了' },
    ],
  });
  it.each([
    ['我的证不见了', 'lost'],
    ['到处找不见了', 'lost'],
    ['字都看不见了', undefined],
  ])('%s → %s', (raw, expected) => expect(value(reason, raw)).toBe(expected));
});

describe('[R-050] dates in English', () => {
  const date = slot({ type: 'date' });
  it.each([
    ['5 March 2026', '2026-03-05'],
    ['March 15 2026', '2026-03-15'],
    ['on Mar. 15th, 2026', '2026-03-15'],
    ['the 3rd of April', '2026-04-03'],
    ['tomorrow', '2026-03-06'],
    ['the day after tomorrow', '2026-03-07'],
    ['yesterday', '2026-03-04'],
    ['the day before yesterday', '2026-03-03'],
    ['next Monday', '2026-03-09'],
    ['last Friday', '2026-02-27'],
    ['in three days', '2026-03-08'],
    ['2 weeks ago', '2026-02-19'],
    ['two weeks ago', '2026-02-19'],
    ['3/4/2026', undefined],
    ['February 30 2026', undefined],
    ['sometime in March', undefined],
    ['May 1 or June 1', undefined],
  ])('%s → %s', (raw, expected) => expect(value(date, raw)).toBe(expected));

  it('every day of a century is read back, in both orders', () => {
    const names = [
      'January',
      'February',
      'March',
      'April',
      'May',
      'June',
      'July',
      'August',
      'September',
      'October',
      'November',
      'December',
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 36_500 }), fc.boolean(), fc.boolean(), (n, dayFirst, short) => {
        const day = new Date(1950, 0, 1 + n);
        const name = (names[day.getMonth()] ?? '').slice(0, short ? 3 : 20);
        const said = dayFirst ? `${day.getDate()} ${name} ${day.getFullYear()}` : `${name} ${day.getDate()}, ${day.getFullYear()}`;
        const two = (value: number) => String(value).padStart(2, '0');
        expect(value(date, said)).toBe(`${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`);
      }),
    );
  });
});

describe('[R-050] numbers in English', () => {
  const number = slot({ type: 'number' });
  it.each([
    ['I am thirty-five', 35],
    ['two hundred and six', 206],
    ['a hundred', 100],
    ['twelve thousand five hundred', 12_500],
    ['about 40', 40],
    ['five six', undefined],
    ['the second one', undefined],
    ['no one', undefined],
    ['someone told me', undefined],
  ])('%s → %s', (raw, expected) => expect(value(number, raw)).toBe(expected));

  it('every number up to a million is read back', () => {
    const ones =
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
        ' ',
      );
    const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
    const below = (n: number): string =>
      n < 20 ? (ones[n] ?? '') : n < 100 ? `${tens[Math.floor(n / 10)]}${n % 10 ? `-${ones[n % 10]}` : ''}` : hundreds(n);
    const hundreds = (n: number): string => `${ones[Math.floor(n / 100)]} hundred${n % 100 ? ` and ${below(n % 100)}` : ''}`;
    const words = (n: number): string =>
      n < 1000 ? below(n) : `${below(Math.floor(n / 1000))} thousand${n % 1000 ? ` ${below(n % 1000)}` : ''}`;
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999 }), (n) => void expect(englishNumeral(words(n))).toBe(n)));
  });
});

describe('[R-050] yes and no in English', () => {
  const yesNo = slot({ type: 'yes_no' });
  it.each([
    ['Yes, please', true],
    ['Yes, I have.', true],
    ['sure', true],
    ["that's right", true],
    ['of course', true],
    ['not yet', false],
    ["No, I don't", false],
    ["I haven't", false],
    ['no thanks', false],
    ['yes and no', undefined],
    ['I am not sure', undefined],
    ['what do you mean?', undefined],
  ])('%s → %s', (raw, expected) => expect(value(yesNo, raw)).toBe(expected));
});

describe('[R-050] yes and no in the words of the buttons', () => {
  const yesNo = (yesLabel: string, noLabel: string, ask = '要吗？') => slot({ type: 'yes_no', yesLabel, noLabel, ask });
  const married = yesNo('领了', '还没领', '爸爸妈妈领结婚证了吗？');
  const sign = yesNo('要挂', '不挂', '要在门口挂招牌吗？');
  const staff = yesNo('要请', '不请，自己干', '要请员工吗？');
  const filed = yesNo('备过', '没备过', '租房合同备过案吗？');
  const pension = yesNo('要交', '不交', '要不要自己交职工养老保险？');
  const insured = yesNo('在交', '没有交', '单位在给她交医保吗？');
  const loan = yesNo('想申请', '不用', '想申请创业贷款吗？');
  const local = yesNo('在安澜', '不在安澜', '户口在安澜吗？');
  it.each([
    [married, '领证了', true],
    [married, '我们去年就领证了', true],
    [married, '证还没领呢', false],
    [married, '准备领', undefined],
    [married, '领没领都一样', undefined],
    [married, '找过领导', undefined],
    [sign, '挂', true],
    [sign, '挂一个', true],
    [sign, '招牌不挂', false],
    [sign, '挂不挂都行', undefined],
    [staff, '请两个人', true],
    [staff, '自己干', false],
    [staff, '请问', undefined],
    [staff, '暂时请不起', false],
    [filed, '备过了', true],
    [filed, '合同早备案了', true],
    [filed, '房东没备', false],
    [pension, '交', true],
    [pension, '自己交', true],
    [pension, '没钱交', false],
    [pension, '不是不交', undefined],
    [insured, '单位一直在交', true],
    [insured, '以前交过', undefined],
    [loan, '申请', true],
    [loan, '不是，想申请', true],
    [loan, '不是', false],
    [local, '我户口就在安澜', true],
    [local, '户口没在安澜', false],
    [loan, '是的，不申请', undefined],
  ] as [Slot, string, boolean | undefined][])('%# %s', (one, raw, expected) => expect([raw, value(one, raw)]).toEqual([raw, expected]));
});

describe('[R-050] a choice between a thing and its denial', () => {
  const married = slot({
    type: 'choice',
    ask: '结婚证领了吗？',
    options: [
      { value: 'want', label: '还没领' },
      { value: 'done', label: '已经领了' },
    ],
  });
  it.each([
    ['领证了', 'done'],
    ['去年领证了', 'done'],
    ['证没领成', 'want'],
    ['领证了吗', undefined],
    ['我是老师', undefined],
  ])('%s → %s', (raw, expected) => expect(value(married, raw)).toBe(expected));
});

describe('[R-050] whatever is typed', () => {
  const kinds: Slot[] = [
    choice('个人', '企业'),
    slot({ type: 'yes_no' }),
    slot({ type: 'number' }),
    slot({ type: 'date' }),
    slot({ type: 'phone' }),
  ];
  it('never throws, and a value is of the kind that was asked for', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 })), (raw) => {
        const [option, yes, amount, day, phone] = kinds.map((one) => value(one, raw));
        expect(option === undefined || ['o1', 'o2'].includes(String(option))).toBe(true);
        expect(yes === undefined || typeof yes === 'boolean').toBe(true);
        expect(amount === undefined || Number.isFinite(amount)).toBe(true);
        expect(day === undefined || /^\d{4}-\d{2}-\d{2}$/.test(String(day))).toBe(true);
        expect(phone === undefined || /^(?:1\d{10}|0\d{2,3}-?\d{7,8})$/.test(String(phone))).toBe(true);
      }),
    );
  });
});
