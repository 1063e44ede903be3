/** Entries of the knowledge base for the editors' screen. */
import type { z } from 'zod';
import type { changesSchema, itemLineSchema, itemListSchema, itemSchema, stepResultSchema } from '../../api/knowledge-answers.ts';
import type { Answer, DeskClient } from './client.ts';

export type ItemLine = z.infer<typeof itemLineSchema>;
export type ItemList = z.infer<typeof itemListSchema>;
export type Item = z.infer<typeof itemSchema>;
export type Change = z.infer<typeof changesSchema>[number];
type StepResult = z.infer<typeof stepResultSchema>;

export interface Filter {
  readonly q: string;
  readonly kind: string;
  readonly status: string;
  readonly offset: number;
}

export const pageSize = 50;

export const kindName: Record<string, string> = { guide: '办事指南', faq: '问答', policy: '政策', contact: '联系方式' };
export const statusName: Record<string, string> = {
  draft: '草稿',
  reviewed: '已审核',
  published: '已发布',
  expired: '已停用',
  replaced: '旧版本',
  removed: '已移除',
};
export const actionName: Record<string, string> = {
  import: '导入',
  save: '保存',
  review: '审核',
  publish: '发布',
  withdraw: '撤下',
  expire: '到期停用',
  rollback: '恢复旧版本',
  remove: '移除',
};

const path = (id: string, rest = '') => `/knowledge/items/${encodeURIComponent(id)}${rest}`;

export function listItems(client: DeskClient, filter: Filter): Promise<Answer<ItemList>> {
  const query = new URLSearchParams({ offset: String(filter.offset) });
  for (const name of ['q', 'kind', 'status'] as const) if (filter[name] !== '') query.set(name, filter[name]);
  return client.get(`/knowledge/items?${query}`);
}
export const readItem = (client: DeskClient, id: string): Promise<Answer<Item>> => client.get(path(id));
export const saveItem = (
  client: DeskClient,
  id: string,
  body: { yaml: string; basedOn: number; note?: string },
): Promise<Answer<StepResult>> => client.put(path(id), body);
export const takeStep = (client: DeskClient, id: string, step: 'review' | 'publish' | 'withdraw'): Promise<Answer<StepResult>> =>
  client.post(path(id, `/${step}`));
export const restore = (client: DeskClient, id: string, version: number): Promise<Answer<StepResult>> =>
  client.post(path(id, '/rollback'), { version });
export const readDiff = (client: DeskClient, id: string, from: number, to: number): Promise<Answer<Change[]>> =>
  client.get(path(id, `/diff?from=${from}&to=${to}`));

export interface NewFaq {
  readonly question: string;
  readonly similar: readonly string[];
  readonly answer: string;
  readonly department: string;
}
export const addFaq = (client: DeskClient, faq: NewFaq): Promise<Answer<StepResult>> => client.post('/knowledge/faqs', faq);
