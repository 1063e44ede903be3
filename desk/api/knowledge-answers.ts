/** What the editors' routes take and answer. */
import { z } from 'zod';
import type { Activity } from '../../bot/activity.ts';

const time = z.iso.datetime();
const status = z.enum(['draft', 'reviewed', 'published', 'expired', 'replaced', 'removed']);
const line = (label: string, max: number) =>
  z.string(`${label}应当是文字`).trim().min(1, `${label}不能为空`).max(max, `${label}不超过 ${max} 个字`);

export const itemIdSchema = z.object({ id: line('编号', 200) });
export const listQuerySchema = z.object({
  q: z.string().trim().max(100).optional(),
  kind: z.enum(['guide', 'faq', 'policy', 'contact']).optional(),
  status: z.enum(['draft', 'reviewed', 'published', 'expired']).optional(),
  offset: z
    .string()
    .regex(/^\d{1,6}$/, '应当是数字')
    .transform(Number)
    .default(0),
});
export const saveSchema = z.object({
  /** The item as YAML, with the fields of a knowledge pack. */
  yaml: z.string('内容应当是文字').min(1, '内容不能为空').max(200_000, '内容太长'),
  /** The version it was made from: refused when somebody saved another since. */
  basedOn: z.int().min(1).optional(),
  note: z.string().trim().max(200, '说明不超过 200 个字').optional(),
});
export const newFaqSchema = z.object({
  question: line('问题', 200),
  similar: z.array(line('其他问法', 200)).max(30, '其他问法不超过 30 个').default([]),
  answer: line('回答', 4000),
  department: line('部门', 100),
  guideId: line('事项编号', 200).optional(),
  note: z.string().trim().max(200, '说明不超过 200 个字').optional(),
});
export const stepSchema = z.object({ note: z.string().trim().max(200, '说明不超过 200 个字').optional() }).optional();
export const rollbackSchema = z.object({ version: z.int('版本号应当是整数').min(1), note: z.string().trim().max(200).optional() });
export const diffQuerySchema = z.object({
  from: z
    .string()
    .regex(/^\d{1,9}$/, '应当是版本号')
    .transform(Number),
  to: z
    .string()
    .regex(/^\d{1,9}$/, '应当是版本号')
    .transform(Number),
});

export const itemLineSchema = z.object({
  id: z.string(),
  kind: z.enum(['guide', 'faq', 'policy', 'contact']),
  title: z.string(),
  department: z.string().nullable(),
  version: z.int(),
  status,
  validTo: z.string().nullable(),
  updatedAt: time,
});
export const itemListSchema = z.object({ items: z.array(itemLineSchema), total: z.int(), departments: z.array(z.string()) });

const versionSchema = z.object({
  version: z.int(),
  status,
  author: z.string().nullable(),
  createdAt: time,
  events: z.array(z.object({ action: z.string(), actor: z.string().nullable(), note: z.string().nullable(), at: time })),
});
export const itemSchema = itemLineSchema.extend({
  yaml: z.string(),
  /** The version citizens are answered from. */
  published: z.int().nullable(),
  versions: z.array(versionSchema),
});
export const stepResultSchema = z.object({ id: z.string(), version: z.int().nullable() });
export const changesSchema = z.array(
  z.object({ path: z.string(), label: z.string(), before: z.string().optional(), after: z.string().optional() }).readonly(),
);

export const previewSchema = saveSchema.pick({ yaml: true }).extend({
  /** The citizen's words; left out: what the entry is called. */
  question: z.string().trim().max(300, '问题不超过 300 个字').optional(),
});
export const previewAnswerSchema = z.object({
  question: z.string(),
  /** As the widget shows them. */
  messages: z.array(z.object({ type: z.string(), text: z.string().optional() }).loose() as unknown as z.ZodType<Activity>),
  /** As a text message says it. */
  plain: z.string(),
});

export const flowListQuerySchema = listQuerySchema.omit({ kind: true });
export const flowLineSchema = itemLineSchema.omit({ kind: true, validTo: true });
export const flowListSchema = z.object({ items: z.array(flowLineSchema), total: z.int() });
const stepViewSchema = z.object({
  /** How the file names the step; null: it has no name. */
  id: z.string().nullable(),
  kind: z.enum(['collect', 'say', 'branch', 'goto', 'call', 'notice', 'answer', 'flow', 'handoff', 'end']),
  words: z.string(),
  /** Where it leads: the place in the list; `null`: the end. */
  next: z.array(z.object({ to: z.int().nullable(), label: z.string().nullable() })),
});
export const outlineSchema = z.array(stepViewSchema);
export const flowSchema = flowLineSchema.extend({
  yaml: z.string(),
  published: z.int().nullable(),
  versions: z.array(versionSchema),
});
export const flowCheckSchema = z.object({
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  /** The steps; empty while the text is no flow at all. */
  outline: outlineSchema,
});
