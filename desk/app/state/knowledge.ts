/** Entries of the knowledge base for the editors' screen. */
import type { z } from 'zod';
import type {
  changesSchema,
  flowCheckSchema,
  flowLineSchema,
  flowSchema,
  itemLineSchema,
  itemListSchema,
  itemSchema,
  previewAnswerSchema,
  stepResultSchema,
} from '../../api/knowledge-answers.ts';
import type { Answer, DeskClient } from './client.ts';

/** Entries, or guided flows. */
export type Shelf = 'items' | 'flows';
export const shelfName: Record<Shelf, string> = { items: '条目', flows: '流程' };

type Line = z.infer<typeof flowLineSchema> & Partial<Pick<z.infer<typeof itemLineSchema>, 'kind'>>;
export interface ShelfList {
  readonly items: readonly Line[];
  readonly total: number;
  /** Only of entries. */
  readonly departments?: z.infer<typeof itemListSchema>['departments'];
}
export type Item = z.infer<typeof flowSchema> & Partial<Pick<z.infer<typeof itemSchema>, 'kind'>>;
export type Change = z.infer<typeof changesSchema>[number];
export type FlowCheck = z.infer<typeof flowCheckSchema>;
export type Preview = z.infer<typeof previewAnswerSchema>;
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

const path = (shelf: Shelf, id: string, rest = '') => `/knowledge/${shelf}/${encodeURIComponent(id)}${rest}`;

export function listItems(client: DeskClient, shelf: Shelf, filter: Filter): Promise<Answer<ShelfList>> {
  const query = new URLSearchParams({ offset: String(filter.offset) });
  for (const name of ['q', 'kind', 'status'] as const) if (filter[name] !== '') query.set(name, filter[name]);
  return client.get(`/knowledge/${shelf}?${query}`);
}
export const readItem = (client: DeskClient, shelf: Shelf, id: string): Promise<Answer<Item>> => client.get(path(shelf, id));
export const saveItem = (
  client: DeskClient,
  shelf: Shelf,
  id: string,
  body: { yaml: string; basedOn?: number; note?: string },
): Promise<Answer<StepResult>> => client.put(path(shelf, id), body);
export const takeStep = (
  client: DeskClient,
  shelf: Shelf,
  id: string,
  step: 'review' | 'publish' | 'withdraw',
): Promise<Answer<StepResult>> => client.post(path(shelf, id, `/${step}`));
export const restore = (client: DeskClient, shelf: Shelf, id: string, version: number): Promise<Answer<StepResult>> =>
  client.post(path(shelf, id, '/rollback'), { version });
export const readDiff = (client: DeskClient, shelf: Shelf, id: string, from: number, to: number): Promise<Answer<Change[]>> =>
  client.get(path(shelf, id, `/diff?from=${from}&to=${to}`));
/** The steps of a flow and what is wrong with it; nothing is kept. */
export const checkFlow = (client: DeskClient, yaml: string): Promise<Answer<FlowCheck>> => client.post('/knowledge/flow-check', { yaml });
/** What a citizen would read; nothing is kept. */
export const readPreview = (client: DeskClient, words: { yaml: string; question?: string }): Promise<Answer<Preview>> =>
  client.post('/knowledge/preview', words);

export interface NewFaq {
  readonly question: string;
  readonly similar: readonly string[];
  readonly answer: string;
  readonly department: string;
}
export const addFaq = (client: DeskClient, faq: NewFaq): Promise<Answer<StepResult>> => client.post('/knowledge/faqs', faq);
