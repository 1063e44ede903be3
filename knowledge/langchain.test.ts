import { CharacterTextSplitter, TextSplitter } from '@langchain/textsplitters';
import { expect, it } from 'vitest';
import { faqSchema, guideSchema, policySchema } from './item.ts';
import { ChineseTextSplitter, KnowledgeTextSplitter, splitItems, toDocuments } from './langchain.ts';

const policy = policySchema.parse({
  kind: 'policy',
  id: 'p1',
  title: '办法',
  docNo: '安政办〔2025〕12号',
  validFrom: '2025-04-01',
  body: '# 办法\n## 第一章 总则\n第一条 甲。\n第二条 乙。',
});
const faq = faqSchema.parse({ kind: 'faq', id: 'f1', question: '要钱吗', answer: '不要钱。' });
const guide = guideSchema.parse({ kind: 'guide', id: 'g1', name: '居住证办理', acceptConditions: ['住满半年'], isCharged: false });

it('gives items as langchain documents: policies whole, guides by element', () => {
  const documents = toDocuments([policy, faq, guide]);
  expect(documents[0]).toMatchObject({
    id: 'p1',
    pageContent: policy.body,
    metadata: { itemId: 'p1', kind: 'policy', title: '办法', docNo: '安政办〔2025〕12号', validFrom: '2025-04-01' },
  });
  expect(documents.slice(1).map(({ metadata }) => [metadata.itemId, metadata.element])).toContainEqual(['g1', 'conditions']);
  expect(documents.find(({ metadata }) => metadata.kind === 'faq')?.pageContent).toContain('不要钱。');
});

it('is a TextSplitter like any other of langchain, and makes way for one', async () => {
  const splitter = new KnowledgeTextSplitter();
  expect(splitter).toBeInstanceOf(TextSplitter);
  expect(await splitter.splitText(policy.body)).toEqual(['办法 > 第一章 总则\n第一条 甲。', '办法 > 第一章 总则\n第二条 乙。']);
  const ours = await splitItems([policy, faq]);
  expect(ours.map(({ pageContent, metadata }) => [metadata.itemId, metadata.heading, pageContent])).toEqual([
    ['p1', '第一条', '第一条 甲。'],
    ['p1', '第二条', '第二条 乙。'],
    ['f1', '解答', '不要钱。'],
  ]);
  const theirs = await splitItems([policy], new CharacterTextSplitter({ separator: '\n', chunkSize: 10, chunkOverlap: 0 }));
  expect(theirs.length).toBeGreaterThan(2);
  expect(theirs.every(({ metadata }) => metadata.itemId === 'p1')).toBe(true);
});

it('cuts plain Chinese text after its marks, not before them', async () => {
  const text = '第一句话在这里。第二句话也在这里；第三句话说得更长一些，而且还有逗号，可以在逗号后面断开。'.repeat(4);
  const parts = await new ChineseTextSplitter({ chunkSize: 40, chunkOverlap: 0 }).splitText(text);
  expect(parts.join('')).toBe(text);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(40);
    expect(part).not.toMatch(/^[。；，]/);
  }
});
