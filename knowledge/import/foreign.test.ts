import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Guide, guideSchema, missingElements } from '../item.ts';
import { contactRules, faqRules, fieldOfElement, guideRules, policyRules } from './fields.ts';
import { toEntry } from './items.ts';
import { fee, materials, places, situations } from './structures.ts';
import { linesOf } from './testing.ts';
import { timeLimit } from './time-limit.ts';
import { date, flag } from './values.ts';

function convertOne(value: unknown) {
  const { entry, problems } = toEntry({ file: 'x.jsonl', line: 1, value, form: 'typed', lineOf: () => 1 }, undefined);
  return { item: entry?.item, lines: linesOf(problems) };
}

describe('records of other systems', () => {
  it('[R-079] reads the standard’s Chinese element names', () => {
    const { item, lines } = convertOne({
      事项名称: '社会保障卡申领',
      业务办理项名称: '社会保障卡补领',
      事项类型: '公共服务',
      实施主体: '某市人社局',
      行使层级: '市级',
      服务对象: '自然人、企业法人',
      办件类型: '即办件',
      法定办结时限: '20',
      法定办结时限单位: '工作日',
      承诺办结时限: '当场办结',
      收费标准: '不收费',
      办理地点: '一楼大厅；二楼大厅（一号；二号窗口）',
      办理时间: '周一至周五',
      特别程序: '无',
      是否网办: '是',
      网办地址: 'https://example.com/apply',
    });
    expect(lines).toEqual([]);
    expect(item).toMatchObject({
      kind: 'guide',
      name: '社会保障卡申领',
      handlingItemName: '社会保障卡补领',
      useLevel: 'city',
      audience: ['natural_person', 'enterprise'],
      caseType: 'instant',
      statutoryLimit: { value: 20, unit: 'working_day' },
      promisedLimit: { value: 0, unit: 'working_day' },
      isCharged: false,
      places: [
        { name: '一楼大厅', hours: '周一至周五' },
        { name: '二楼大厅（一号；二号窗口）', hours: '周一至周五' },
      ],
      specialProcedures: '无',
      isOnline: true,
    });
    expect(item?.id).toMatch(/^guide-[0-9a-f]{12}$/);
  });

  it('[R-079] knows a field for every mandatory element', () => {
    const bare = guideSchema.parse({ kind: 'guide', id: 'g', name: '空', isCharged: true, materials: [{ name: '照片' }] });
    const labels = [...missingElements(bare), '收费项目', '申请材料'];
    expect(labels.filter((label) => fieldOfElement(label) === undefined)).toEqual([]);
  });

  it('tells questions, texts, contacts and guides apart and keeps ids stable', () => {
    expect(convertOne({ question: '几点开门', answer: '九点' }).item).toMatchObject({ kind: 'faq', answer: '九点' });
    expect(convertOne({ id: 'd1', title: '通知', text: '全文', meta: {} })).toMatchObject({
      item: { kind: 'policy', id: 'd1' },
      lines: [],
    });
    expect(convertOne({ 单位名称: '某局', 电话: '12345' }).item).toMatchObject({ kind: 'contact', phone: '12345' });
    expect(convertOne({ 事项名称: '某事', 联系电话: '12345' }).item).toMatchObject({ kind: 'guide', consultPhone: '12345' });
    expect(convertOne({ question: '几点开门', answer: '十点' }).item?.id).toBe(convertOne({ 问题: '几点开门', 答案: '九点' }).item?.id);
    expect(convertOne({ id: '编号 7', question: '甲', answer: '乙' }).item?.id).toMatch(/^faq-[0-9a-f]{12}$/);
  });

  it('leaves out what can’t be read, says so, and invents nothing', () => {
    const { item, lines } = convertOne({
      事项名称: '某事',
      承诺办结时限: '5天',
      网办地址: 'javascript:alert(1)',
      基本编码: '短',
      颜色: '红',
      备注: '',
    });
    expect(lines).toEqual([
      "warning x.jsonl:1 catalogCode: has characters or a length that don't fit (“短”); left out",
      "warning x.jsonl:1 承诺办结时限: “5天” doesn't say whether it means working days (工作日) or natural days (自然日); left out",
      'warning x.jsonl:1 网办地址: should be an address starting with http:// or https://; left out',
      'warning x.jsonl:1 颜色: no field of this name is known; not imported',
    ]);
    expect(item).not.toHaveProperty('promisedLimit');
    expect(item).not.toHaveProperty('catalogCode');
    expect(item).not.toHaveProperty('onlineUrl');
  });

  it('leaves out only the refused part of a material', () => {
    const { item } = convertOne({ 事项名称: '某事', 申请材料: [{ 材料名称: '户口簿', 材料类型: '原件', colour: '红' }] });
    expect((item as Guide).materials).toMatchObject([{ name: '户口簿', copyType: 'original' }]);
  });
});

it('says which of two columns for one field it took', () => {
  const { item, lines } = convertOne({
    事项名称: '某事',
    '承诺办结时限（工作日）': '5',
    '承诺办结时限（说明）': '节假日顺延',
    咨询电话: '1',
    联系电话: '2',
  });
  expect(lines).toEqual([
    'warning x.jsonl:1 承诺办结时限（说明）: is the same field as 承诺办结时限（工作日）; not imported',
    'warning x.jsonl:1 联系电话: left out: 咨询电话 already gives consultPhone',
  ]);
  expect(item).toMatchObject({ consultPhone: '1', promisedLimit: { value: 5, unit: 'working_day' } });
});

it('has every field and its Chinese name in the manual', () => {
  const manual = readFileSync(new URL('../../docs/knowledge.md', import.meta.url), 'utf8');
  const rules = [...guideRules, ...faqRules, ...policyRules, ...contactRules];
  expect(
    rules.filter(({ field, names }) => !manual.includes(`\`${field}\``) || !manual.includes(names[0] ?? field)).map(({ field }) => field),
  ).toEqual(['*', '*', 'placeHours']);
});

describe('values', () => {
  const limit = (words: string, hint = '') => timeLimit(words, hint);
  it.each([
    ['20个工作日', { value: 20, unit: 'working_day' }],
    ['30(工作日)', { value: 30, unit: 'working_day' }],
    ['法定办结时限 20 个工作日', { value: 20, unit: 'working_day' }],
    ['二十个工作日', { value: 20, unit: 'working_day' }],
    ['3个月', { value: 3, unit: 'month' }],
    ['60自然日', { value: 60, unit: 'natural_day' }],
    ['即时办结', { value: 0, unit: 'working_day' }],
    ['自受理之日起１０个工作日', { value: 10, unit: 'working_day', note: '自受理之日起' }],
    ['20个工作日（情况复杂的可延长10个工作日）', { value: 20, unit: 'working_day', note: '情况复杂的可延长10个工作日' }],
  ])('reads the limit %s', (words, value) => {
    expect(limit(words)).toEqual({ value });
  });

  it.each(['5日', '10', '10-15个工作日', '十至十五个工作日', '5个工作日或3个月', '按规定'])('does not guess the limit %s', (words) => {
    expect(limit(words)).toHaveProperty('problem');
  });

  it('takes the unit from the column’s name', () => {
    expect(limit('10', '承诺办结时限（工作日）')).toEqual({ value: { value: 10, unit: 'working_day' } });
    expect(limit('10', 'workdays')).toEqual({ value: { value: 10, unit: 'working_day' } });
  });

  it('reads fees', () => {
    for (const words of ['不收费', '否', '免费', '无', '0元']) expect(fee(words, '')).toEqual({ value: { isCharged: false } });
    expect(fee('是', '')).toEqual({ value: { isCharged: true } });
    expect(fee('每证40元', '')).toEqual({ value: { isCharged: true, fees: [{ name: '费用', standard: '每证40元' }] } });
    expect(fee('按规定', '')).toHaveProperty('problem');
  });

  it('reads dates and flags', () => {
    expect(date('2025/3/1', '')).toEqual({ value: '2025-03-01' });
    expect(date('2025年12月31日 08:00', '')).toEqual({ value: '2025-12-31' });
    expect(date('明天', '')).toHaveProperty('problem');
    expect([flag('支持', ''), flag('不支持', ''), flag('/', '')]).toEqual([{ value: true }, { value: false }, { absent: true }]);
  });

  it('reads lists of materials and places out of text', () => {
    expect(materials('1.身份证\n2. 2.5寸照片；户口簿', '')).toEqual({
      value: [{ name: '身份证' }, { name: '2.5寸照片' }, { name: '户口簿' }],
    });
    expect(materials(['无需材料'], '')).toEqual({ absent: true });
    expect(materials('甲\\|乙|丙', '')).toEqual({ value: [{ name: '甲|乙' }, { name: '丙' }] });
    expect(places('办理地点：甲路1号二楼；乙路2\n号。\n3.丙路', '')).toEqual({
      value: [{ name: '甲路1号二楼' }, { name: '乙路2号' }, { name: '丙路' }],
    });
  });

  it('[R-085] turns situations into scenarios that pick their materials', () => {
    const read = situations(
      [
        { name: '首次', materials: ['身份证', '照片'] },
        { name: '换领', materials: ['身份证', '旧证'] },
      ],
      '',
    );
    expect(read).toEqual({
      value: {
        scenarios: [
          { id: 's1', name: '首次' },
          { id: 's2', name: '换领' },
        ],
        materials: [{ name: '身份证' }, { name: '照片', scenarioIds: ['s1'] }, { name: '旧证', scenarioIds: ['s2'] }],
      },
    });
    expect(situations([{ name: '无情形', materials: ['身份证'] }], '')).toEqual({
      value: { scenarios: [], materials: [{ name: '身份证' }] },
    });
  });
});
