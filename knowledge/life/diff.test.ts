import { describe, expect, test } from 'vitest';
import { type KnowledgeItem, knowledgeItemSchema } from '../item.ts';
import { diffItems } from './diff.ts';

const guide = (changes: Record<string, unknown> = {}): KnowledgeItem =>
  knowledgeItemSchema.parse({
    kind: 'guide',
    id: 'id-card',
    name: '居民身份证补领',
    aliases: ['身份证丢了', '补身份证'],
    isCharged: true,
    fees: [{ name: '工本费', standard: '每证 40 元' }],
    promisedLimit: { value: 20, unit: 'working_day' },
    materials: [
      { name: '居民户口簿', copyType: 'original' },
      { name: '登记表', copyType: 'original' },
    ],
    ...changes,
  });
const policy = (body: string): KnowledgeItem => knowledgeItemSchema.parse({ kind: 'policy', id: 'p', title: '办法', body });
const lines = (before: KnowledgeItem, after: KnowledgeItem) =>
  diffItems(before, after).map((one) => `${one.label}: ${one.before ?? '（无）'} → ${one.after ?? '（无）'}`);

describe('differences between versions', () => {
  test('[R-086] are told field by field, with the Chinese names of the fields', () => {
    const after = guide({
      promisedLimit: { value: 15, unit: 'working_day' },
      fees: [{ name: '工本费', standard: '每证 20 元' }],
      isCharged: false,
    });
    expect(lines(guide(), after)).toEqual([
      '承诺办结时限 · 数值: 20 → 15',
      '是否收费: 是 → 否',
      '收费项目「工本费」 · 收费标准: 每证 40 元 → 每证 20 元',
    ]);
    expect(diffItems(guide(), after).map(({ path }) => path)).toEqual(['promisedLimit.value', 'isCharged', 'fees[工本费].standard']);
  });

  test('[R-086] records that came or went are told whole, changed ones by their field', () => {
    const after = guide({ materials: [{ name: '居民户口簿', copyType: 'copy' }, { name: '照片' }] });
    expect(lines(guide(), after)).toEqual([
      '申请材料「居民户口簿」 · 材料类型: 原件 → 复印件',
      expect.stringMatching(/^申请材料「登记表」: 登记表 .*→ （无）$/),
      expect.stringMatching(/^申请材料「照片」: （无） → 照片/),
    ]);
  });

  test('words of a list and lines of a text are compared one by one', () => {
    expect(lines(guide(), guide({ aliases: ['身份证丢了', '身份证不见了', '补办'] }))).toEqual([
      '别名: 补身份证 → 身份证不见了',
      '别名: （无） → 补办',
    ]);
    expect(lines(policy('第一条 甲\n\n第二条 乙\n第三条 丙'), policy('第一条 甲\n\n第二条 二\n第二条之一 丁\n第三条 丙'))).toEqual([
      '正文: 第二条 乙 → 第二条 二',
      '正文: （无） → 第二条之一 丁',
    ]);
  });

  test('a field that appears or goes is one change; another order is told as such; the same is no change', () => {
    expect(lines(guide(), guide({ summary: '到窗口办' }))).toEqual(['一句话说明: （无） → 到窗口办']);
    expect(
      lines(
        guide(),
        guide({
          materials: [
            { name: '登记表', copyType: 'original' },
            { name: '居民户口簿', copyType: 'original' },
          ],
        }),
      ),
    ).toEqual(['申请材料（顺序）: 居民户口簿、登记表 → 登记表、居民户口簿']);
    expect(diffItems(guide(), guide())).toEqual([]);
  });

  test('a small change in a very long text is found at once', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `第 ${i} 行`);
    const before = policy(text.join('\n'));
    text[10_000] = '改了';
    const started = performance.now();
    expect(lines(before, policy(text.join('\n')))).toEqual(['正文: 第 10000 行 → 改了']);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
