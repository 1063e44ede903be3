import { describe, expect, it } from 'vitest';
import { factsOf } from './facts.ts';
import { readTxt } from './txt.ts';

describe('[R-026] facts of a document', () => {
  it.each([
    ['安政办〔2025〕12号', '安政办〔2025〕12号'],
    ['国发［2022］5号', '国发〔2022〕5号'],
    ['（安人社规[2024]003号）', '安人社规〔2024〕3号'],
    ['文号：安医保发(2023)7号', '安医保发〔2023〕7号'],
    ['安府〔2025〕1号 签发人：张某', '安府〔2025〕1号'],
    ['根据《国务院关于……》（国发〔2022〕5号）要求', undefined],
    ['现将国发〔2022〕5号转发给你们。', undefined],
  ])('number: %s', (line, docNo) => {
    expect(factsOf(['关于印发办法的通知', line, '正文'])?.docNo).toBe(docNo);
  });

  it('takes the date and the names above it at the end, not dates in the text', () => {
    const end = ['安澜市财政局　安澜市民政局', '安澜市医疗保障局', '二〇二五年十二月二十一日'];
    expect(factsOf(['通知', '2024年5月1日前的申请照旧。', ...end])).toEqual({
      issuer: '安澜市财政局、安澜市民政局、安澜市医疗保障局',
      publishedAt: '2025-12-21',
    });
    expect(factsOf(['通知', '2024年5月1日', '正文', '2025年5月1日'])).toEqual({});
    expect(factsOf(['通知', '2025年2月30日'])).toEqual({});
    expect(factsOf(['安澜市人民政府文件', '通知', '发布日期：2025-03-01'])).toEqual({
      issuer: '安澜市人民政府',
      publishedAt: '2025-03-01',
    });
  });

  it('takes validity only where the document speaks of itself and says one date', () => {
    const from = (...lines: string[]) => factsOf(lines).validFrom;
    expect(from('本办法自2025年4月1日起施行。')).toBe('2025-04-01');
    expect(from('本实施细则自 2025 年 4 月 1 日起正式实施')).toBe('2025-04-01');
    expect(from('《旧办法》自2020年1月1日起施行。')).toBeUndefined();
    expect(from('本办法自发布之日起施行。')).toBeUndefined();
    expect(from('本办法自2025年4月1日起施行。', '本通知自2025年5月1日起执行。')).toBeUndefined();
    expect(factsOf(['本办法自2025年4月1日起施行，有效期至2030年3月31日。']).validTo).toBe('2030-03-31');
    expect(factsOf(['本办法自2025年4月1日起施行，有效期5年。']).validTo).toBeUndefined();
    expect(factsOf(['本办法自2025年4月1日起施行，有效期至2020年3月31日。']).validTo).toBeUndefined();
  });
});

describe('plain text', () => {
  const read = (text: string, file = 'a.txt') => readTxt(text, file).records[0]?.value as { title: string; body: string };

  it('marks numbered headings, leaves lists and sentences alone, and finds a title over several lines', () => {
    const text =
      '安澜市人民政府办公室\n关于印发租房补贴办法\n的通知\n\n一、申请条件\n年满十八周岁。\n二、申请材料\n（一）身份证\n（二）居住证\n三、其他事项由主管部门另行规定。';
    const { title, body } = read(text);
    expect(title).toBe('安澜市人民政府办公室关于印发租房补贴办法的通知');
    expect(body).toContain(
      '## 一、申请条件\n\n年满十八周岁。\n\n## 二、申请材料\n\n（一）身份证\n（二）居住证\n三、其他事项由主管部门另行规定。',
    );
  });

  it('falls back on the file’s name', () => {
    expect(read('因系统升级，暂停办理社保业务，恢复时间另行通知，请市民朋友合理安排办事时间，谢谢。', '停办.txt').title).toBe('停办');
    expect(readTxt(' \n', 'a.txt').problems[0]?.message).toBe('holds no text');
  });
});
