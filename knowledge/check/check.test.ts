import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readPack } from '../import/pack.ts';
import { completeGuide } from '../import/testing.ts';
import { type KnowledgeItem, knowledgeItemSchema } from '../item.ts';
import { checkKnowledge } from './check.ts';
import { coverageOf } from './coverage.ts';
import type { FindingKind } from './finding.ts';

const today = '2026-03-02';
const item = (value: Record<string, unknown>): KnowledgeItem => knowledgeItemSchema.parse(value);
const guide = (changes: Record<string, unknown> = {}): KnowledgeItem =>
  item(completeGuide({ id: 'g', updatedAt: '2026-01-01', ...changes }));
const faq = (answer: string, changes: Record<string, unknown> = {}): KnowledgeItem =>
  item({ kind: 'faq', id: 'f', question: '身份证丢了怎么办？', answer, guideId: 'g', ...changes });
const policy = (body: string, changes: Record<string, unknown> = {}): KnowledgeItem =>
  item({ kind: 'policy', id: 'p', title: '安澜市身份证办法', department: '安澜市公安局', tags: ['身份证'], body, ...changes });
const hall = (changes: Record<string, unknown> = {}): KnowledgeItem =>
  item({ kind: 'contact', id: 'hall', name: '安澜市政务服务中心', address: '示例大道1号', phone: '0000-5550100', ...changes });
const police = item({ kind: 'contact', id: 'dept-police', name: '安澜市公安局', phone: '0000-5550110' });

/** `error contradiction f,g: …` for each finding of a kind. */
function found(items: readonly KnowledgeItem[], kind: FindingKind, options: Partial<Parameters<typeof checkKnowledge>[1]> = {}): string[] {
  return checkKnowledge(items, { today, ...options }).flatMap((one) =>
    one.kind === kind ? [`${one.severity} ${one.items.join(',')} ${one.field ?? ''}: ${one.message}`] : [],
  );
}

describe('contradictions [R-089]', () => {
  const clash = (...items: KnowledgeItem[]) => found(items, 'contradiction');

  test('[R-089] a FAQ with another handling time than its guide', () => {
    expect(clash(guide(), faq('到窗口办，20 个工作日内领证。'))).toEqual([]);
    expect(clash(guide(), faq('到窗口办，二十个工作日内领证。'))).toEqual([]);
    expect(clash(guide(), faq('到窗口办，十五个工作日内领证。'))).toEqual([
      'error f,g answer: “身份证丢了怎么办？”写着“15个工作日内领证”，《居民身份证补领》的办理时限是 20个工作日。请核对哪个对，改成一致',
    ]);
  });

  test('[R-089] a FAQ with another fee, or none', () => {
    expect(clash(guide(), faq('丢失补领收工本费 40 元。'))).toEqual([]);
    expect(clash(guide(), faq('丢失补领收工本费四十块钱。'))).toEqual([]);
    expect(clash(guide(), faq('丢失补领收工本费 ２０ 元。'))).toEqual([
      expect.stringMatching(/^error f,g answer: .*“丢失补领收工本费20元”.*的金额是 40元/),
    ]);
    expect(clash(guide(), faq('不收费，带户口簿就行。'))).toEqual([
      expect.stringMatching(/说不收费，但《居民身份证补领》的收费项目是：工本费每证 40 元/),
    ]);
    const free = guide({ isCharged: false, fees: [] });
    expect(clash(free, faq('不收费，带户口簿就行。'))).toEqual([]);
    expect(clash(free, faq('补领每证 20 元。'))).toEqual([expect.stringMatching(/的金额是 不收费/)]);
  });

  test('[R-089] an amount, a number of days or a share that measures the same thing otherwise', () => {
    const rent = guide({ acceptConditions: ['市场租房每人每月最高提取 1500 元，连续足额缴存满 3 个月'] });
    expect(clash(rent, faq('市场租房的每人每月最高提取 1500 元，连续足额缴存满 3 个月就行。'))).toEqual([]);
    expect(clash(rent, faq('市场租房的每人每月最高提取 1800 元，连续足额缴存满 6 个月就行。'))).toEqual([
      expect.stringMatching(/^warning f,g answer: .*1800元.*的金额是 1500元/),
      expect.stringMatching(/^warning f,g answer: .*6个月.*的月数是 3个月/),
    ]);
  });

  test('what a guide does not speak of, or another guide named in the text says, is no contradiction', () => {
    const passport = guide({ id: 'passport', name: '普通护照签发', aliases: ['办护照'], promisedLimit: { value: 7, unit: 'working_day' } });
    expect(clash(guide(), passport, faq('先办身份证，20 个工作日；再办护照，7 个工作日。'))).toEqual([]);
    expect(clash(guide(), faq('逾期不换的罚 200 元，低保家庭每月补贴 300 元，有效期 10 年，满 16 周岁办。'))).toEqual([]);
    expect(clash(guide(), faq('2026 年 3 月 15 日前来，每月 10 日发证。'))).toEqual([]);
    expect(clash(faq('15 个工作日。', { guideId: undefined }))).toEqual([]);
  });

  test('[R-089] a policy against the guides of its topic', () => {
    expect(clash(guide(), policy('第六条 本市承诺二十个工作日内办结，每证收取工本费四十元。'))).toEqual([]);
    expect(clash(guide(), policy('第六条 本市承诺十五个工作日内办结，每证收取工本费二十元。'))).toEqual([
      expect.stringMatching(/^error p,g body: .*15个工作日/),
      expect.stringMatching(/^error p,g body: .*20元/),
    ]);
    expect(clash(guide(), policy('十五个工作日内办结。', { tags: ['公租房'] }))).toEqual([]);
  });

  test('[R-089] a guide against itself', () => {
    expect(clash(guide({ promisedLimit: { value: 70, unit: 'natural_day' } }))).toEqual([
      expect.stringMatching(/承诺办结时限（70 天）比法定办结时限（60 天）还长/),
    ]);
    expect(clash(guide({ isCharged: false }))).toEqual([expect.stringMatching(/写着不收费，却列了收费项目/)]);
    expect(clash(guide({ summary: '到窗口补领，工本费 40 元，20 个工作日领证。' }))).toEqual([]);
    expect(clash(guide({ summary: '到窗口补领，工本费 30 元，10 个工作日领证。' }))).toEqual([
      expect.stringMatching(/^error g summary: .*“工本费30元”，自己的其他要素的金额是 40元/),
      expect.stringMatching(/^error g summary: .*10个工作日/),
    ]);
  });

  test('[R-089] two guides of the same name that differ', () => {
    const other = guide({ id: 'g2', promisedLimit: { value: 10, unit: 'working_day' } });
    expect(clash(guide(), other)).toEqual([
      expect.stringMatching(/^warning g,g2 promisedLimit: 有 2 份同名指南.*20 个工作日 \/ 10 个工作日/),
    ]);
    expect(clash(guide(), guide({ id: 'g2', region: '990101', promisedLimit: { value: 10, unit: 'working_day' } }))).toEqual([]);
    expect(
      found([guide({ handlingItemName: '户籍地申请' }), guide({ id: 'g2', name: '护照', handlingItemName: '户籍地申请' })], 'duplicate'),
    ).toEqual([expect.stringContaining('别名')]);
  });

  test('[R-091] a hall with two addresses or phones, a department with two phones', () => {
    const at = (place: Record<string, unknown>) => guide({ places: [{ name: '安澜市政务服务中心', hours: '周一至周五', ...place }] });
    expect(clash(hall(), at({ address: '示例大道 1 号', phone: '00005550100' }))).toEqual([]);
    expect(clash(hall(), at({ address: '示例大道 9 号', phone: '0000-5550109' }))).toEqual([
      expect.stringMatching(/^error hall,g address: “安澜市政务服务中心”的地址不一样：示例大道1号（安澜市政务服务中心） \/ 示例大道 9 号/),
      expect.stringMatching(/^error hall,g phone: /),
    ]);
    expect(clash(police, guide())).toEqual([]);
    expect(clash(police, guide({ consultPhone: '0000-5550119' }))).toEqual([
      'error g,dept-police consultPhone: “居民身份证补领”的电话是 0000-5550119，但安澜市公安局登记的是 0000-5550110。请核对后改成一致',
    ]);
  });

  test('[R-091] a phone or a house number in an answer that no entry has', () => {
    const known = [hall(), police, guide()];
    expect(clash(...known, faq('打 0000-5550110，或到安澜市东澜区示例大道 1 号，也可以打 12345。'))).toEqual([]);
    expect(clash(...known, faq('打 0000-5550112，或到示例大道 7 号。'))).toEqual([
      expect.stringMatching(/^error f answer: .*电话 00005550112 和所有/),
      expect.stringMatching(/^warning f answer: .*示例大道7号/),
    ]);
  });
});

describe('duplicates', () => {
  test('[R-089] the same title, a shared everyday name', () => {
    expect(found([guide(), guide({ id: 'g2', aliases: [] })], 'duplicate')).toEqual([
      'warning g,g2 name: 有 2 条同名内容“居民身份证补领”。请合并成一条，或在名称里写清区别',
    ]);
    expect(found([guide(), guide({ id: 'g2', name: '临时身份证', aliases: ['身份证 丢了'] })], 'duplicate')).toEqual([
      'warning g,g2 aliases: 别名“身份证丢了”同时指向《居民身份证补领》《临时身份证》。请只留给最常指的那一项，或改得更具体',
    ]);
    expect(found([guide(), guide({ id: 'g2', audience: ['enterprise'], aliases: [] })], 'duplicate')).toEqual([]);
  });

  test('[R-089] questions that are the same or nearly so', () => {
    const ask = (id: string, question: string, similar: string[] = []) => faq('可以。', { id, question, similar, guideId: undefined });
    expect(found([ask('a', '身份证能代办吗？'), ask('b', '身份证能代办吗')], 'duplicate')).toEqual([
      'warning a,b question: 两条常见问题都问“身份证能代办吗？”。请合并成一条',
    ]);
    const long = '我的户口不在安澜市，身份证丢了能在安澜市这里补办吗';
    expect(found([ask('a', `请问${long}`), ask('b', `${long}？`)], 'duplicate')).toEqual([expect.stringContaining('有相同的问法')]);
    expect(found([ask('a', '怎么补', ['丢了怎么补办']), ask('b', '怎么换', ['丢了怎么补办？'])], 'duplicate')).toEqual([
      'warning a,b similar: “怎么补”和“怎么换”有相同的问法：丢了怎么补办。请只留在一条里，或改得更具体',
    ]);
    const class1 = '外地人在安澜市申请一级建造师注册需要哪些材料呢';
    expect(found([ask('a', class1), ask('b', class1.replace('一级', '二级'))], 'duplicate')).toEqual([]);
    expect(found([ask('a', '怎么补'), faq('可以。', { id: 'b', question: '怎么补', region: '990101' })], 'duplicate')).toEqual([]);
  });
});

describe('links, dates and gaps', () => {
  test('[R-089] references that lead nowhere', () => {
    expect(found([faq('可以。')], 'dead_link')).toEqual([
      'error f guideId: 常见问题“身份证丢了怎么办？”指向的指南“g”不存在或已停用。请改成现有指南的编号，或去掉',
    ]);
    expect(found([guide({ state: 'suspended' }), faq('可以。')], 'dead_link')).toEqual([
      expect.stringMatching(/^warning f guideId: .*没有在用/),
    ]);
    expect(found([guide()], 'dead_link', { flows: [{ id: 'flow', guides: ['g', 'nowhere', 'nowhere'] }] })).toEqual([
      expect.stringMatching(/^error flow:flow guide: 导办流程 flow 指向的指南“nowhere”/),
    ]);
    expect(found([police, guide()], 'dead_link', { flows: [{ id: 'flow', guides: ['g'], owner: 'police' }] })).toEqual([]);
    expect(found([police, guide()], 'dead_link', { flows: [{ id: 'flow', guides: [], owner: 'hpf' }] })).toEqual([
      expect.stringMatching(/^warning flow:flow owner: .*“hpf”不在 pack.yaml 的部门里/),
    ]);
    expect(found([police, guide(), guide({ id: 'g2', name: '另一项', aliases: [], department: '公安' })], 'dead_link')).toEqual([
      expect.stringMatching(/^warning g2 department: .*“公安”不在联系方式里/),
    ]);
  });

  test('[R-102] entries that are expired, about to expire, or not touched for a year', () => {
    const until = (validTo: string) => [faq('可以。', { validTo, guideId: undefined })];
    expect(found(until('2026-03-01'), 'expired')).toEqual([expect.stringContaining('有效期到 2026-03-01 为止，已经不再回答')]);
    expect(found(until('2026-03-02'), 'expiring')).toEqual([expect.stringContaining('只剩 0 天')]);
    expect(found(until('2026-04-01'), 'expiring')).toEqual([expect.stringContaining('只剩 30 天')]);
    expect(found(until('2026-04-02'), 'expiring')).toEqual([]);
    expect(found([guide({ updatedAt: '2025-03-01' })], 'stale')).toEqual([expect.stringContaining('上次更新是 2025-03-01')]);
    expect(found([guide({ updatedAt: '2025-03-02' })], 'stale')).toEqual([]);
    const basis = [guide({ legalBasis: [{ document: '《安澜市身份证办法》' }] }), policy('第一条', { validTo: '2025-12-31' })];
    expect(found(basis, 'expired_basis')).toEqual([expect.stringMatching(/^warning g,p legalBasis: .*已在 2025-12-31 失效/)]);
  });

  test('[R-079] guides with missing elements, and guides nobody asks about', () => {
    expect(found([guide()], 'missing_elements')).toEqual([]);
    expect(found([guide({ legalBasis: [], visitCount: undefined })], 'missing_elements')).toEqual([
      'warning g : 《居民身份证补领》缺少必填要素：设定依据、到办事现场次数。请补齐',
    ]);
    expect(found([guide(), guide({ id: 'g2', name: '另一项', aliases: [] }), faq('可以。')], 'no_faq')).toEqual([
      'info g2 : 有 1 份指南还没有常见问题：《另一项》。可以从市民的真实提问里补几条',
    ]);
  });

  test('[R-012] coverage of the official list', () => {
    const list = [
      { name: '补身份证', catalogCode: '9901A0010000' },
      { name: '居民身份证 补领' },
      { name: '护照签发', catalogCode: '9901A0020000' },
    ];
    expect(coverageOf([guide(), guide({ id: 'g2', name: '护照签发', catalogCode: '9901A0020000', state: 'suspended' })], list)).toEqual({
      guides: { listed: 1, bundle: 0, convenience: 0, value_added: 0 },
      notInForce: 1,
      listed: 3,
      withGuide: 2,
      withoutGuide: [list[2]],
    });
    expect(found([guide()], 'not_covered', { officialList: list })).toEqual([
      'warning  : 事项清单共 3 项，2 项有指南，1 项没有：《护照签发》。请补上指南',
    ]);
  });
});

describe('whole knowledge bases', () => {
  let pack: KnowledgeItem[] = [];
  beforeAll(async () => {
    pack = (await readPack(join(import.meta.dirname, '..', 'packs', 'anlan'))).items.map((one) => one.item);
  });

  test('[R-089] the sample pack has no contradiction, no dead link and no duplicate; worst findings come first', () => {
    const findings = checkKnowledge(pack, { today });
    expect(findings.filter(({ kind }) => ['contradiction', 'dead_link', 'duplicate', 'missing_elements'].includes(kind))).toEqual([]);
  });

  test('[R-089] nine of ten handling times changed in an answer of the sample pack are noticed', () => {
    const changed: string[] = [];
    const wrong = pack.map((one) => {
      const match = one.kind === 'faq' && one.guideId !== undefined ? /(\d+) 个工作日/.exec(one.answer) : null;
      if (one.kind !== 'faq' || !match) return one;
      changed.push(one.id);
      return { ...one, answer: one.answer.replace(match[0], `${Number(match[1]) + 27} 个工作日`) };
    });
    const lines = found(wrong, 'contradiction');
    const noticed = changed.filter((id) => lines.some((line) => line.startsWith(`error ${id},`)));
    expect(changed.length).toBeGreaterThan(20);
    expect(noticed.length / changed.length).toBeGreaterThan(0.9);
  });

  test('10,000 items are checked in seconds', { timeout: 120_000 }, () => {
    const cities = Array.from({ length: 34 }, (_, i) =>
      pack.map((one) => ({
        ...one,
        id: `${i}.${one.id}`,
        region: `99${i}`,
        ...(one.kind === 'faq' && one.guideId ? { guideId: `${i}.${one.guideId}` } : {}),
      })),
    ).flat();
    expect(cities.length).toBeGreaterThan(10_000);
    const before = process.cpuUsage();
    const findings = checkKnowledge(cities as KnowledgeItem[], { today });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    // Processor time, because the machine of a test run is shared: some 5 s on one core of 2024.
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(20);
  });
});
