/** Knowledge items for tests of the index and of answers. */
import { type Faq, faqSchema, type Guide, guideSchema, type KnowledgeItem, type Policy, policySchema } from '../item.ts';

export const guide = (fields: Partial<Guide> & { id: string }): Guide =>
  guideSchema.parse({ kind: 'guide', name: `事项${fields.id}`, ...fields });

export const faq = (fields: Partial<Faq> & { id: string }): Faq =>
  faqSchema.parse({ kind: 'faq', question: `问题${fields.id}`, answer: `答案${fields.id}。`, ...fields });

export const policy = (fields: Partial<Policy> & { id: string }): Policy =>
  policySchema.parse({ kind: 'policy', title: `办法${fields.id}`, body: '第一条 内容。', ...fields });

export const contact = (id: string, name: string, fields: object = {}): KnowledgeItem => ({
  kind: 'contact',
  id,
  name,
  aliases: [],
  matters: [],
  audience: [],
  tags: [],
  sample: false,
  ...fields,
});
