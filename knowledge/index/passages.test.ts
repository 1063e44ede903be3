import { describe, expect, it } from 'vitest';
import { namesOf, passagesOf } from './passages.ts';
import { contact, faq, guide, policy } from './testing.ts';

const idCard = guide({
  id: 'id-card',
  name: '居民身份证补领/换领',
  aliases: ['身份证丢了'],
  summary: '带本人来就行。',
  onlineUrl: 'https://example.org/online',
  url: 'https://example.org/page',
  department: '公安局',
  scenarios: [
    { id: 'lost', name: '丢失补领' },
    { id: 'expired', name: '到期换领' },
  ],
  materials: [
    { name: '户口簿', originalCount: 1, copyCount: 0, scenarioIds: [], necessity: 'required', source: 'gov_issued' },
    { name: '原身份证', scenarioIds: ['expired'], necessity: 'required', originalCount: 1 },
    {
      name: '照片',
      scenarioIds: [],
      necessity: 'required',
      originalCount: 2,
      exempt: { by: 'sharing' },
      source: 'data_sharing',
    },
  ],
  process: [{ stage: '申请', detail: '到窗口。', limit: '当场' }, { stage: '领证' }],
  promisedLimit: { value: 20, unit: 'working_day', note: '本市户口' },
  statutoryLimit: { value: 60, unit: 'natural_day' },
  isCharged: true,
  fees: [{ name: '工本费', standard: '每证 40 元。', basis: '某规定' }],
  places: [{ name: '大厅', windowNo: '3 号', address: '示例路 1 号', hours: '9:00–17:00', phone: '0000-1' }, { name: '派出所' }],
  visitCount: 0,
  consultPhone: '0000-2',
  results: [{ type: '证照', name: '身份证', validity: '10 年。' }],
  legalBasis: [{ document: '《居民身份证法》', article: '第十条' }],
});
const textOf = (key: string) => passagesOf(idCard).find((passage) => passage.id === `id-card#${key}`)?.text;

describe('passages of a guide', () => {
  it('one a filled element, each with an id of its own, titled and addressed', () => {
    const passages = passagesOf(idCard);
    expect(passages.map((passage) => passage.id.slice('id-card#'.length))).toEqual([
      'summary',
      'materials-lost',
      'materials-expired',
      'process',
      'time',
      'fee',
      'place-1',
      'place-2',
      'visits',
      'result',
      'phone',
      'basis',
    ]);
    for (const passage of passages) {
      expect(passage).toMatchObject({ title: '居民身份证补领/换领', url: 'https://example.org/online', department: '公安局' });
    }
  });

  it('[R-085] the list of a situation holds its own and the common materials, and no other; what is exempt need not be brought', () => {
    expect(textOf('materials-lost')).toBe('1. 户口簿：原件 1 份；政府部门核发\n- 不用带：照片：由部门共享数据核验');
    expect(textOf('materials-expired')).toBe(
      '1. 户口簿：原件 1 份；政府部门核发\n2. 原身份证：原件 1 份\n- 不用带：照片：由部门共享数据核验',
    );
    expect(passagesOf(idCard).find((passage) => passage.id === 'id-card#materials-lost')?.scenarioId).toBe('lost');
  });

  it('a guide without situations has one list', () => {
    const plain = guide({ id: 'x', materials: [{ name: '申请表', scenarioIds: [], necessity: 'required' }] });
    expect(passagesOf(plain).map((passage) => [passage.id, passage.text])).toEqual([['x#materials', '1. 申请表']]);
  });

  it('says the elements in words', () => {
    expect(textOf('time')).toBe('承诺办结时限：20 个工作日（本市户口）；法定办结时限：60 天。');
    expect(textOf('fee')).toBe('工本费：每证 40 元；依据：某规定。');
    expect(textOf('place-1')).toBe('大厅 3 号，示例路 1 号。办理时间：9:00–17:00；电话：0000-1');
    expect(textOf('place-2')).toBe('派出所');
    expect(textOf('process')).toBe('1. 申请：到窗口（当场）\n2. 领证');
    expect(textOf('visits')).toBe('不用跑现场。');
    expect(textOf('result')).toBe('身份证，有效期：10 年。');
    expect(textOf('basis')).toBe('《居民身份证法》第十条');
  });

  it('value 0 is done on the spot; a free errand says so', () => {
    const free = guide({ id: 'free', isCharged: false, promisedLimit: { value: 0, unit: 'working_day' } });
    expect(passagesOf(free).map((passage) => passage.text)).toEqual(['承诺办结时限：当场办结。', '不收费。']);
  });

  it.each(['draft', 'suspended', 'cancelled'] as const)('a %s guide has none: it must not be answered from', (state) => {
    expect(passagesOf({ ...idCard, state })).toEqual([]);
  });
});

describe('passages of a policy', () => {
  const clauses = (body: string, fields = {}) =>
    passagesOf(policy({ id: 'p', body, ...fields })).map(({ heading, text }) => [heading, text]);

  it('[R-107] one a clause, with its number and the document number', () => {
    const body =
      '# 某办法\n\n前言一句。\n\n第一条 为了规范。\n第二条 分两种：\n（一）甲；\n（二）乙。\n## 附则\n第十二条 自公布之日起施行。';
    expect(clauses(body, { docNo: '某发〔2026〕1号' })).toEqual([
      ['某办法', '前言一句。'],
      ['第一条', '第一条 为了规范。'],
      ['第二条', '第二条 分两种：\n（一）甲；\n（二）乙。'],
      ['第十二条', '第十二条 自公布之日起施行。'],
    ]);
    expect(passagesOf(policy({ id: 'p', body, docNo: '某发〔2026〕1号' }))[0]?.docNo).toBe('某发〔2026〕1号');
  });

  it('a text without clauses is cited by its number, or as its text', () => {
    expect(clauses('只有一段。', { docNo: '某发〔2026〕1号' })).toEqual([['某发〔2026〕1号', '只有一段。']]);
    expect(clauses('只有一段。')).toEqual([['正文', '只有一段。']]);
  });

  it('cuts a long clause at sentence ends, loses nothing, and repeats one sentence', () => {
    const list = Array.from({ length: 40 }, (_, i) => `这是第${i + 1}句话，说的是第${i + 1}件事，有一点长。`);
    const pieces = clauses(`第一条 ${list.join('')}`).map(([, text]) => text ?? '');
    expect(pieces.length).toBeGreaterThan(1);
    for (const sentence of list) expect(pieces.join('\n')).toContain(sentence);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(300);
      expect(piece).toMatch(/。$/);
    }
    for (const [i, piece] of pieces.slice(1).entries()) {
      const last = /[^。]*。$/.exec(pieces[i] ?? '')?.[0];
      expect(piece.startsWith(last ?? '?')).toBe(true);
    }
  });

  it('one endless sentence is cut into pieces that can be shown', () => {
    const endless = '很长'.repeat(500);
    const pieces = clauses(`第一条 ${endless}`).map(([, text]) => text);
    expect(pieces.join('')).toBe(`第一条 ${endless}`);
    for (const piece of pieces) expect(piece?.length).toBeLessThanOrEqual(500);
  });

  it('[R-107] names the page of the original; a heading that only repeats the title is not said twice', () => {
    const body = '〔第1页〕\n# 办法p\n为了方便办事。\n第一条 甲。\n〔第2页〕\n第二条 乙。';
    expect(clauses(body)).toEqual([
      ['正文（第1页）', '为了方便办事。'],
      ['第一条（第1页）', '第一条 甲。'],
      ['第二条（第2页）', '第二条 乙。'],
    ]);
  });

  it('a clause keeps its id when another is put before it, or pages move; the same words twice have two ids', () => {
    const ids = (body: string) => passagesOf(policy({ id: 'p', body })).map(({ id, text }) => [text, id] as const);
    const before = ids('第二条 甲。\n# 附\n乙。\n# 又\n乙。');
    const after = new Map(ids('第一条 新。\n〔第9页〕\n第二条 甲。\n# 附\n乙。'));
    expect(new Set(before.map(([, id]) => id)).size).toBe(3);
    expect(before[0]?.[1]).toMatch(/^p#c-[0-9a-f]{12}$/);
    for (const [text, id] of before.slice(0, 2)) expect(after.get(text)).toBe(id);
  });
});

describe('other items', () => {
  it('a FAQ is its answer, a contact its data', () => {
    expect(passagesOf(faq({ id: 'f', answer: '可以。' })).map(({ heading, text }) => [heading, text])).toEqual([['解答', '可以。']]);
    expect(passagesOf(contact('c', '民政局', { phone: '0000-3', hours: '全天' }))[0]?.text).toBe('电话：0000-3\n时间：全天');
    expect(passagesOf(contact('c', '民政局'))).toEqual([]);
  });

  it('names: title, everyday names and situations of a guide; all wordings of a FAQ; no name twice', () => {
    expect(namesOf(idCard).map((name) => name.text)).toEqual([
      '居民身份证补领/换领',
      '身份证丢了',
      '居民身份证补领/换领丢失补领',
      '居民身份证补领/换领到期换领',
    ]);
    expect(namesOf(faq({ id: 'f', question: '甲？', similar: ['乙？', '甲？'] })).map((name) => name.text)).toEqual(['甲？', '乙？']);
    expect(namesOf(contact('c', '民政局')).map((name) => name.text)).toEqual(['民政局', '民政局电话', '民政局地址']);
  });
});
