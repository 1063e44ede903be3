import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Guide } from '../item.ts';
import { importKnowledge } from './import.ts';
import { readPack } from './pack.ts';
import { completeGuide, folderOf, importOptions, linesOf } from './testing.ts';

const manifest = `
name: demo
version: 1
city: 某市
region: "990200"
sample: true
assistantName: 小问
hotline: "12345"
hotlineHours: 全天
portalUrl: https://demo.example/
districts: [东区]
halls:
  - {id: main, name: 政务中心, address: 一号路, district: 东区, hours: 周一至周五, phone: 0000-5550001}
departments:
  - {id: police, name: 公安局, code: 11990200MB00000101, nature: statutory, duties: 户籍, phone: 0000-5550002, complaintPhone: 0000-5550003, address: 二号路, hours: 周一至周五}
contacts:
  - {id: line-12345, name: 热线, phone: "12345"}
`;

function guideSource(changes: Record<string, unknown> = {}): string {
  const { kind, department, deptCode, deptNature, consultPhone, complaintPhone, places, ...own } = completeGuide(changes);
  void [kind, department, deptCode, deptNature, consultPhone, complaintPhone, places];
  return JSON.stringify({ dept: 'police', halls: [{ hall: 'main', windowNo: '3 号' }], ...own });
}

describe('a pack folder', () => {
  it('fills departments and halls into guides and FAQs and makes contacts', async () => {
    const folder = folderOf({
      'pack.yaml': manifest,
      'guides/a.yaml': `guides:\n  - ${guideSource()}\n`,
      'faqs/a.yaml': 'faqs:\n  - {id: f, question: 问, answer: 答, dept: police, guideId: id-card-lost}\n',
      'policies/p.md': '---\nid: p\ntitle: 办法\ndept: police\nsample: false\n---\n第一条 内容\n',
      'flows/x.yaml': 'this: is not knowledge\n',
      'README.md': '# about\n',
    });
    const { manifest: city, items, problems } = await readPack(folder);
    expect(problems).toEqual([]);
    expect(city?.name).toBe('demo');
    const byId = new Map(items.map(({ item }) => [item.id, item]));
    expect([...byId.keys()]).toEqual(['dept-police', 'main', 'line-12345', 'id-card-lost', 'f', 'p']);
    expect(byId.get('id-card-lost')).toMatchObject({
      region: '990200',
      sample: true,
      department: '公安局',
      deptCode: '11990200MB00000101',
      consultPhone: '0000-5550002',
      complaintPhone: '0000-5550003',
      places: [{ name: '政务中心', address: '一号路', windowNo: '3 号', hours: '周一至周五' }],
    } satisfies Partial<Guide>);
    expect(byId.get('f')).toMatchObject({ department: '公安局', phone: '0000-5550002', sample: true });
    expect(byId.get('p')).toMatchObject({ department: '公安局', sample: false, body: '第一条 内容' });
    expect(byId.get('dept-police')).toMatchObject({ kind: 'contact', phone: '0000-5550002' });
    expect(byId.get('line-12345')).toMatchObject({ kind: 'contact', sample: false });
  });

  it('names unknown departments and halls at their lines', async () => {
    const folder = folderOf({
      'pack.yaml': manifest,
      'guides/a.yaml': `guides:\n  - id: g\n    name: 某事\n    dept: nobody\n    halls:\n      - main\n      - moon\n`,
      'faqs/a.yaml': 'faqs:\n  - id: f\n    question: 问\n    answer: 答\n    dept: nobody\n',
      'policies/p.txt': '不读',
    });
    expect(linesOf((await readPack(folder)).problems)).toEqual([
      'error faqs/a.yaml:5 dept: pack.yaml has no department “nobody”',
      'error guides/a.yaml:4 dept: pack.yaml has no department “nobody”',
      'error guides/a.yaml:7 halls[1]: pack.yaml has no hall “moon”',
      'warning policies/p.txt not read: policies/ holds .md files',
    ]);
  });

  it('says what is wrong with pack.yaml', async () => {
    const folder = folderOf({ 'pack.yaml': manifest.replace('version: 1', 'version: one').replace('districts: [东区]', 'districts: []') });
    const { manifest: city, items, problems } = await readPack(folder);
    expect([city, items]).toEqual([undefined, []]);
    expect(linesOf(problems)).toEqual([
      'error pack.yaml:11 districts: should be at least 1',
      'error pack.yaml:3 version: should be a number, not “one”',
    ]);
    expect(linesOf((await readPack(folderOf({}))).problems)[0]).toBe('error pack.yaml is empty');
  });

  it('replaces the whole pack, or takes in one of its files', async () => {
    const options = importOptions();
    const folder = folderOf({
      'pack.yaml': manifest,
      'guides/a.yaml': `- ${guideSource()}\n`,
      'guides/b.yaml': `- ${guideSource({ id: 'b', aliases: [] })}\n`,
    });
    expect((await importKnowledge([join(folder, 'guides/b.yaml')], options)).counts.added).toBe(1);
    expect((await importKnowledge([folder], options)).counts).toEqual({ added: 4, changed: 0, unchanged: 1, removed: 0 });
    const smaller = folderOf({ 'pack.yaml': manifest, 'guides/a.yaml': `- ${guideSource()}\n` });
    expect((await importKnowledge([smaller], options)).counts).toEqual({ added: 0, changed: 0, unchanged: 4, removed: 1 });
  });
});

it('[R-079] [R-085] the sample pack of 安澜市 is complete and consistent', async () => {
  const { manifest: city, items, problems } = await readPack(join(import.meta.dirname, '../packs/anlan'));
  expect(linesOf(problems.filter(({ severity }) => severity === 'error'))).toEqual([]);
  expect(city?.name).toBe('anlan');
  const local = items.filter(({ item }) => item.kind === 'guide' || item.kind === 'faq');
  expect(local.filter(({ item }) => !item.sample)).toEqual([]);
});
