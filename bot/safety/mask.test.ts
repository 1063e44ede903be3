import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCreditCode, isIdCard, isLuhn } from './identifiers/checks.ts';
import { mask } from './mask.ts';

// Every number here is made up or a published sample; the formulas are those of domain reference §7.
const sample = '11010519491231002X';

describe('check digits', () => {
  it('the sample of GB 11643 is right, and wrong with any other digit', () => {
    expect(isIdCard(sample)).toBe(true);
    expect(isIdCard('11010519491231002x')).toBe(true);
    for (let i = 0; i < 17; i++) {
      for (let digit = 0; digit < 10; digit++) {
        const changed = `${sample.slice(0, i)}${digit}${sample.slice(i + 1)}`;
        if (changed !== sample) expect([changed, isIdCard(changed)]).toEqual([changed, false]);
      }
    }
  });

  it('a month or day that does not exist is no citizen number', () => {
    for (const wrong of ['11010519491331002X', '11010519491232002X', '1101051949123100', '']) expect(isIdCard(wrong)).toBe(false);
  });

  const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const body = fc
    .tuple(
      fc.constantFrom('91', '92', '93', '11', '12', '51', 'Y1'),
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 6, maxLength: 6 }),
      fc.string({ unit: fc.constantFrom(...creditAlphabet), minLength: 9, maxLength: 9 }),
    )
    .map((parts) => parts.join(''));
  /** The one character that completes a code, found by trying all. */
  const completions = (seventeen: string) => [...creditAlphabet].filter((last) => isCreditCode(seventeen + last));

  it('the sample of GB 32100 is a right credit code, in either case, and nothing a character shorter or longer is', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true);
    expect(isCreditCode('91350100m000100y43')).toBe(true);
    for (const wrong of ['91350100M000100Y4', '91350100M000100Y433', '91350100I000100Y43', 'AL350100M000100Y43', '']) {
      expect([wrong, isCreditCode(wrong)]).toEqual([wrong, false]);
    }
  });

  it('every body has exactly one check character, and no single changed or two swapped characters go unnoticed', () => {
    fc.assert(
      fc.property(body, fc.nat(16), fc.constantFrom(...creditAlphabet), (seventeen, at, other) => {
        const [last] = completions(seventeen);
        expect(completions(seventeen)).toHaveLength(1);
        const code = `${seventeen}${last}`;
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        if (changed !== code) expect(isCreditCode(changed)).toBe(false);
        const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
        if (swapped !== code) expect(isCreditCode(swapped)).toBe(false);
      }),
    );
  });

  it('a credit code never survives masking, however it is written', () => {
    fc.assert(
      fc.property(
        body,
        fc.constantFrom('', ' ', '-'),
        fc.boolean(),
        fc.constantFrom('代码', '：', '（', ''),
        (seventeen, gap, lower, around) => {
          const code = `${seventeen}${completions(seventeen)[0]}`;
          const written = [code.slice(0, 8), code.slice(8, 17), code.slice(17)].join(gap);
          const { text } = mask(`${around}${lower ? written.toLowerCase() : written}${around}`);
          expect(text).toMatch(/^\D*⟨[A-Z_]+:1⟩\D*$/);
        },
      ),
    );
  });

  it.each([
    ['4111111111111111', true],
    ['4111111111111112', false],
    ['0', true],
    ['18', true],
    ['81', false],
  ])('Luhn of %s: %s', (digits, right) => expect(isLuhn(digits)).toBe(right));
});

describe('mask', () => {
  it.each([
    [`我的身份证${sample}`, '我的身份证⟨ID_CARD:1⟩'],
    ['１１０１０５１９４９１２３１００２Ｘ', '⟨ID_CARD:1⟩'],
    ['110105 19491231 002x', '⟨ID_CARD:1⟩'],
    ['110105-19491231-002X', '⟨ID_CARD:1⟩'],
    ['证号110105194912310021错一位', '证号⟨ID_CARD:1⟩错一位'],
    ['老证110105491231002', '老证⟨LONG_NUMBER:1⟩'],
    ['打13800138000', '打⟨PHONE:1⟩'],
    ['+86 138-0013-8000', '⟨PHONE:1⟩'],
    ['１３８　００１３　８０００', '⟨PHONE:1⟩'],
    ['一三八零零一三八零零零', '⟨PHONE:1⟩'],
    ['幺三八〇〇幺三八〇〇〇', '⟨PHONE:1⟩'],
    ['138​0013​8000', '⟨PHONE:1⟩'],
    ['座机010-88886666', '座机⟨LANDLINE:1⟩'],
    ['座机 0571 88886666', '座机 ⟨LANDLINE:1⟩'],
    ['卡4111 1111 1111 1111', '卡⟨BANK_CARD:1⟩'],
    ['6222021234567890128', '⟨BANK_CARD:1⟩'],
    ['代码91350100M000100Y43', '代码⟨CREDIT_CODE:1⟩'],
    ['９１３５０１００Ｍ０００１００Ｙ４３', '⟨CREDIT_CODE:1⟩'],
    ['车牌京A12345', '车牌⟨PLATE:1⟩'],
    ['粤B·D12345', '⟨PLATE:1⟩'],
    ['苏e12345', '⟨PLATE:1⟩'],
    ['京AF12345', '⟨PLATE:1⟩'],
    ['护照E12345678，EA1234567，g12345678', '护照⟨PASSPORT:1⟩，⟨PASSPORT:2⟩，⟨PASSPORT:3⟩'],
    ['通行证C12345678', '通行证⟨TRAVEL_PERMIT:1⟩'],
    ['回乡证H1234567890', '回乡证⟨TRAVEL_PERMIT:1⟩'],
    ['a.b+c@mail.example.com', '⟨EMAIL:1⟩'],
    ['甲13800138000乙13900139000又甲13800138000', '甲⟨PHONE:1⟩乙⟨PHONE:2⟩又甲⟨PHONE:1⟩'],
  ])('%s → %s', (text, masked) => expect(mask(text).text).toBe(masked));

  it.each([
    '受理编号AL2026000101',
    '统一社会信用代码91110000MA00000153差一位的不算',
    '咨询电话 0000-5550110',
    '12345、12393、96110',
    '2026年3月2日 9:00–12:00',
    '押金 1500 元，20 个工作日',
    '公交A12345路',
    '身份证丢了怎么办，“引号”和＂全角引号＂都还在',
  ])('leaves alone what is no identifier: %s', (text) => expect(mask(text)).toEqual({ text, originals: new Map() }));

  it('keeps the punctuation of what it masks as it was typed', () => {
    expect(mask(`他说＂我的号是${sample}＂，＼真的！`).text).toBe('他说＂我的号是⟨ID_CARD:1⟩＂，＼真的！');
  });

  it('remembers what each token stands for', () => {
    const { text, originals } = mask(`${sample}，１３８００１３８０００`);
    expect(text).toBe('⟨ID_CARD:1⟩，⟨PHONE:2⟩');
    expect([...originals]).toEqual([
      ['⟨ID_CARD:1⟩', sample],
      ['⟨PHONE:2⟩', '13800138000'],
    ]);
  });

  it('whatever stands around it, an identifier never survives', () => {
    const around = fc.string({ unit: fc.constantFrom('我', '的', '，', ' ', '号', '＂', '。', '(', '：', '\n', '办') });
    const identifiers = fc.constantFrom(
      sample,
      '13800138000',
      '4111111111111111',
      'E12345678',
      '京A12345',
      'a.b@example.com',
      '010-88886666',
    );
    const spaced = fc
      .tuple(identifiers, fc.constantFrom('plain', 'full'))
      .map(([one, form]) =>
        form === 'plain'
          ? [one, one]
          : [one, one.replace(/[!-~]/g, (c) => (/[\dA-Z]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c))],
      );
    fc.assert(
      fc.property(around, spaced, around, (before, [plain, written], after) => {
        const { text } = mask(`${before}${written}${after}`);
        expect(text).not.toContain(plain);
        expect(text).not.toContain(written);
        expect(text).toMatch(/⟨[A-Z_]+:1⟩/);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and never finds anything in its own output', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('1', '3', '8', '0', 'X', '京', 'A', '-', ' ', '@', '.') }),
        ),
        (text) => {
          const once = mask(text).text;
          expect(mask(once).text).toBe(once);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
