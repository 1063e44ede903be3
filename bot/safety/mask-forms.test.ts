import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayIdentify } from './identifiers/reading.ts';
import { mask, maskEvery } from './mask.ts';

/** Nought to nine as people and their keyboards write them. */
const systems: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    ASCII: '0123456789',
    'full-width': '０１２３４５６７８９',
    circled: '⓪①②③④⑤⑥⑦⑧⑨',
    'double circled': '⓪⓵⓶⓷⓸⓹⓺⓻⓼⓽',
    'white on black': '⓿❶❷❸❹❺❻❼❽❾',
    'sans-serif circled': '🄋➀➁➂➃➄➅➆➇➈',
    superscript: '⁰¹²³⁴⁵⁶⁷⁸⁹',
    subscript: '₀₁₂₃₄₅₆₇₈₉',
    bold: '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
    'double-struck': '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡',
    monospace: '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿',
    segmented: '🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹',
    'Arabic-Indic': '٠١٢٣٤٥٦٧٨٩',
    Persian: '۰۱۲۳۴۵۶۷۸۹',
    Devanagari: '०१२३४५६७८९',
    Bengali: '০১২৩৪৫৬৭৮৯',
    Thai: '๐๑๒๓๔๕๖๗๘๙',
    Tibetan: '༠༡༢༣༤༥༦༧༨༩',
    Mongolian: '᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙',
    numerals: '零一二三四五六七八九',
    'numerals with rings': '〇一两三四五六七八九',
    formal: '零壹贰叁肆伍陆柒捌玖',
    'formal traditional': '零壹貳參肆伍陸柒捌玖',
    'over the radio': '洞幺两三四五六拐八勾',
    Suzhou: '〇〡〢〣〤〥〦〧〨〩',
  }).map(([name, signs]) => [name, [...signs]]),
);
const keycaps = [...'0123456789'].map((digit) => `${digit}\uFE0F\u20E3`);
const inBrackets = ['⓪', ...'⑴⑵⑶⑷⑸⑹⑺⑻⑼'];
const struckThrough = [...'0123456789'].map((digit) => `${digit}\u0336`);
const all = { ...systems, keycaps, 'in brackets': inBrackets, 'struck through': struckThrough };

const written = (plain: string, signs: readonly string[]): string => plain.replace(/\d/g, (digit) => signs[Number(digit)] as string);
const marks = [
  '',
  ' ',
  '-',
  '.',
  '。',
  '·',
  '、',
  '，',
  '—',
  '/',
  '_',
  '*',
  '　',
  '\n',
  '\r\n',
  '\u200b',
  '\u2060',
  '\u202e',
  ' - ',
  '……',
  '🙂',
];
const grouped = (plain: string, sizes: readonly number[]): string[] => {
  const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
  return sizes.map((size, i) => plain.slice((ends[i] as number) - size, ends[i]));
};
const ones = (n: number): number[] => Array.from({ length: n }, () => 1);

/** Published samples and made-up numbers. */
const numbers: readonly (readonly [plain: string, shapes: readonly (readonly number[])[]])[] = [
  ['13800138000', [[11], [3, 4, 4], [3, 8], [7, 4], ones(11)]],
  ['11010519491231002X', [[18], [6, 8, 4], [6, 4, 4, 4], ones(18)]],
  ['110105194912310021', [[18], [6, 8, 4]]],
  ['4111111111111111', [[16], [4, 4, 4, 4], ones(16)]],
  ['6222021234567890128', [[19], [4, 4, 4, 4, 3]]],
];

describe('[R-122] numbers in disguise', () => {
  it.each(Object.entries(all))('%s digits, whatever stands between them', (_name, signs) => {
    const left: string[] = [];
    for (const [plain, shapes] of numbers)
      for (const shape of shapes)
        for (const mark of marks) {
          const number = grouped(plain, shape).map((part) => written(part, signs));
          const text = `我的号是${number.join(mark)}，怎么办`;
          if (!/^我的号是⟨[A-Z_]+:1⟩，怎么办$/.test(mask(text).text)) left.push(`${text} → ${mask(text).text}`);
        }
    expect(left).toEqual([]);
  });

  it.each([
    ['我叫张三13800138000', '我叫张三⟨PHONE:1⟩'],
    ['前面是1-3-8-0-0-1-3-8-0-0-0。', '前面是⟨PHONE:1⟩。'],
    ['+86.138.0013.8000', '+⟨PHONE:1⟩'],
    ['+852 6123 4567', '⟨PHONE:1⟩'],
    ['008613800138000', '⟨BANK_CARD|PHONE|LONG_NUMBER:1⟩'],
    ['座机（0571）88886666', '座机⟨LANDLINE:1⟩'],
    ['（0571-88886666）', '（⟨LANDLINE:1⟩）'],
    ['我尾号19491231002X', '我尾号⟨ID_CARD:1⟩'],
    ['1101051949', '⟨LONG_NUMBER:1⟩'],
    ['群众：110105194912\n助手：请补全\n最后一句：31002X', '群众：⟨LONG_NUMBER:1⟩\n助手：请补全\n最后一句：31002X'],
    ['京A一二三四五', '⟨PLATE:1⟩'],
    ['护照号码：E一二三四五六七八', '护照号码：⟨PASSPORT:1⟩'],
    ['passport no. AB123456', 'passport no. ⟨PASSPORT:1⟩'],
    ['台胞证号12345678', '台胞证号⟨TRAVEL_PERMIT:1⟩'],
    ['永居证ABC123456789012', '永居证⟨ID_CARD:1⟩'],
    ['社保号是A1234567', '社保号是⟨RECORD_NUMBER:1⟩'],
    ['医保卡号：123456789', '医保卡号：⟨RECORD_NUMBER:1⟩'],
    ['公积金账号 0012345678', '公积金账号 ⟨RECORD_NUMBER:1⟩'],
    ['住院号00123456', '住院号⟨RECORD_NUMBER:1⟩'],
    ['结婚证字号J330106-2020-0012', '结婚证字号⟨RECORD_NUMBER:1⟩'],
    ['微信号是zhangsan', '微信号是⟨CHAT_ID:1⟩'],
    ['加我微信zhang_san88', '加我微信⟨CHAT_ID:1⟩'],
    ['vx：zs-13579', 'vx：⟨CHAT_ID:1⟩'],
    ['ＶＸ：ｚｓ１３５７９', 'ＶＸ：⟨CHAT_ID:1⟩'],
    ['My WeChat ID is zhangsan', 'My WeChat ID is ⟨CHAT_ID:1⟩'],
    ['QQ号123456789', 'QQ号⟨CHAT_ID:1⟩'],
    ['zhang.san ＠ example。com', '⟨EMAIL:1⟩'],
    ['zhangsan@例子.公司', '⟨EMAIL:1⟩'],
    ['我住河东路8号3幢2单元501室，居住证怎么办', '我住⟨ADDRESS:1⟩，居住证怎么办'],
    ['我家住在安澜市河东区幸福小区三栋二单元五零一', '我家住在安澜市河东区⟨ADDRESS:1⟩'],
    ['收货地址：云溪街道望江路18弄6号', '收货地址：⟨ADDRESS:1⟩'],
    ['隔壁3幢2单元501室很吵', '隔壁⟨ADDRESS:1⟩很吵'],
    ['I live at 12 Hedong Road, Apt 501. What now?', 'I live at ⟨ADDRESS:1⟩. What now?'],
    ['我在30.123456,120.654321这里', '我在⟨PLACE:1⟩这里'],
    ['IP地址是192.168.1.20', 'IP地址是⟨PLACE:1⟩'],
  ])('%s → %s', (text, masked) => {
    const pattern = masked.replace(/[.*+?^${}()[\]\\]/g, '\\$&').replace(/⟨([A-Z_|]+):/g, '⟨(?:$1):');
    expect(mask(text).text).toMatch(new RegExp(`^${pattern}$`));
  });

  it.each([
    '2025-01-01 2026-12-31',
    '2023、2024、2025、2026年的材料',
    '2024 2025 2026 2027',
    '押金180、1200、3600元',
    '费用是15、20、30、40、500元',
    '根据《条例》第一百三十八条第一款、第二款、第三款',
    '一、二、三、四、五、六、七、八、九、十、十一',
    '①身份证②户口簿③照片④申请表⑤委托书⑥费用⑦回执⑧证明⑨其他',
    '二〇二六年一月一日至二〇二七年十二月三十一日',
    '事项编码000105001000',
    '事项一000105001000',
    '受理编号AL2026000101，工单GD2600000014',
    '周一至周五 9:00-12:00，13:30-17:00',
    '拨打12345、12393、12333、96110、110、119、120',
    '400-800-1234',
    '安澜市河东路8号政务服务中心2号楼3楼305室',
    '住建局在哪里，办居住证要几个人，一个人行不行',
    '微信公众号怎么关注，微信小程序能办吗',
    'Can I pay with WeChat account or Alipay?',
    '三三两两，七七八八，不管三七二十一',
    '面积 120.5 平方米，单价 12800 元，总价 1542400 元',
    '20260301',
    '身份证❤️丢了😀👍🏻怎么办',
  ])('leaves alone what is no identifier: %s', (text) => expect(mask(text)).toEqual({ text, originals: new Map() }));

  it('gives back what the signs mean, and leaves everything else as it was typed', () => {
    const { text, originals } = mask('Ⅱ类ａｂｃ①③⑧⓪⓪①③⑧⓪⓪⓪，½＂');
    expect(text).toBe('Ⅱ类ａｂｃ⟨PHONE:1⟩，½＂');
    expect([...originals.values()]).toEqual(['13800138000']);
  });

  const signs = fc.constantFrom(
    ...Object.values(all).flat(),
    ...marks,
    ...'京粤EGCHXx@.加我微信号是家就现在们住地址路栋单元室号十护照社保QQvxIP\uE000⟨⟩:：',
    '13800138000',
    '11010519491231002X',
    '群众：',
  );
  const texts = fc.array(signs, { maxLength: 40 }).map((parts) => parts.join(''));

  it('the shortcut says what the rules say', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
        if (!mayIdentify(text)) expect(maskEvery(text).originals.size).toBe(0);
      }),
      { numRuns: 5000 },
    );
  });

  it('nothing is found in what was masked', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = mask(text).text;
        expect(mask(once).text).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});
