/** The kinds of published knowledge and their fields; names follow GB/T 39554.2 elements and GB/T 44191 entries. */
import { z } from 'zod';

const text = z.string().trim().min(1);
const date = z.iso.date();
const url = z.url({ protocol: /^https?$/ });

/** Who an item is for. Source: GB/T 39554.2 服务对象. */
export const audienceSchema = z.enum(['natural_person', 'enterprise', 'institution', 'social_org', 'unincorporated', 'agency', 'other']);
export type Audience = z.infer<typeof audienceSchema>;

/** A promised or statutory time limit: `value` in `unit`; value 0 means done on the spot. */
export const timeLimitSchema = z.strictObject({
  value: z.number().min(0),
  unit: z.enum(['working_day', 'natural_day', 'month']),
  note: text.optional(),
});
export type TimeLimit = z.infer<typeof timeLimitSchema>;

/** One application material (申请材料). `source` says how it is provided: mandatory by 一网通办 基本要求 5.3.3. */
export const materialSchema = z.strictObject({
  name: text,
  necessity: z.enum(['required', 'conditional', 'deferrable']).default('required'),
  /** Scenario ids this material belongs to; empty = every scenario. */
  scenarioIds: z.array(text).default([]),
  copyType: z.enum(['original', 'copy', 'both']).optional(),
  medium: z.enum(['paper', 'electronic', 'both']).optional(),
  originalCount: z.int().min(0).optional(),
  copyCount: z.int().min(0).optional(),
  source: z.enum(['applicant', 'gov_issued', 'third_party', 'data_sharing', 'commitment', 'other']).optional(),
  /** Where exactly it comes from, in plain words. */
  sourceNote: text.optional(),
  /** 免提交: fetched for the citizen, who need not bring it. */
  exempt: z.strictObject({ by: z.enum(['e_certificate', 'sharing']), certType: text.optional() }).optional(),
  /** When a `conditional` material is needed, in plain words. */
  condition: text.optional(),
  acceptStandard: text.optional(),
  fillNotes: text.optional(),
  blankFormUrl: url.optional(),
});
export type Material = z.infer<typeof materialSchema>;

export const placeSchema = z.strictObject({
  name: text,
  address: text.optional(),
  windowNo: text.optional(),
  district: text.optional(),
  hours: text.optional(),
  phone: text.optional(),
});
export type Place = z.infer<typeof placeSchema>;

export const feeSchema = z.strictObject({
  name: text,
  /** The charge in words, with its unit: 每证 40 元. */
  standard: text,
  basis: text.optional(),
  reduction: text.optional(),
});
export type Fee = z.infer<typeof feeSchema>;

const legalBasisSchema = z.strictObject({
  document: text,
  number: text.optional(),
  article: text.optional(),
  text: text.optional(),
});

/** A condition set that selects materials and steps (情形). */
export const scenarioSchema = z.strictObject({ id: text, name: text, note: text.optional() });

const common = {
  /** Unique inside the pack; stable over versions. */
  id: z.string().regex(/^[\w.:-]{1,120}$/, 'letters, digits, . : _ - only'),
  /** GB/T 2260 code, or a fictional one in sample packs; absent = the whole pack's region. */
  region: text.optional(),
  department: text.optional(),
  audience: z.array(audienceSchema).default([]),
  tags: z.array(text).default([]),
  validFrom: date.optional(),
  validTo: date.optional(),
  updatedAt: date.optional(),
  /** Where the entry came from: a document, a page, a table. */
  source: text.optional(),
  url: url.optional(),
  /** True where the content is made up for demonstration; shown to the citizen. */
  sample: z.boolean().default(false),
};

/**
 * A service guide (办事指南), one handling item. Every element may be absent here because real exports have gaps;
 * `missingElements` lists what GB/T 39554.2 makes mandatory, and strict imports refuse what lacks it.
 */
export const guideSchema = z.strictObject({
  ...common,
  kind: z.literal('guide'),
  name: text,
  handlingItemName: text.optional(),
  /** Everyday names a citizen would use. */
  aliases: z.array(text).default([]),
  /** listed: in the official list; bundle: 一件事; convenience: 便民服务; value_added: 增值服务. */
  itemType: z.enum(['listed', 'bundle', 'convenience', 'value_added']).default('listed'),
  taskType: text.optional(),
  catalogCode: z
    .string()
    .regex(/^[0-9A-Z]{12}$/)
    .optional(),
  taskCode: z
    .string()
    .regex(/^[0-9A-Z]{31,36}$/)
    .optional(),
  deptCode: z
    .string()
    .regex(/^[0-9A-Z]{18}$/)
    .optional(),
  deptNature: z.enum(['statutory', 'authorised', 'entrusted']).optional(),
  jointDepts: z.array(text).default([]),
  useLevel: z.enum(['national', 'province', 'city', 'county', 'town', 'village']).optional(),
  powerSource: z
    .enum(['statutory_same_level', 'delegated_down', 'authorised_upper', 'authorised_same', 'entrusted_upper', 'entrusted_same'])
    .optional(),
  caseType: z.enum(['instant', 'promised']).optional(),
  /** At most 150 characters, plain words, the action first. */
  summary: z.string().trim().max(150).optional(),
  acceptConditions: z.array(text).default([]),
  scenarios: z.array(scenarioSchema).default([]),
  materials: z.array(materialSchema).default([]),
  process: z.array(z.strictObject({ stage: text, detail: text.optional(), limit: text.optional() })).default([]),
  specialProcedures: text.optional(),
  statutoryLimit: timeLimitSchema.optional(),
  promisedLimit: timeLimitSchema.optional(),
  isCharged: z.boolean().optional(),
  fees: z.array(feeSchema).default([]),
  places: z.array(placeSchema).default([]),
  consultPhone: text.optional(),
  complaintPhone: text.optional(),
  visitCount: z.int().min(0).optional(),
  visitReason: text.optional(),
  handleModes: z.array(z.enum(['window', 'online', 'express'])).default([]),
  isOnline: z.boolean().optional(),
  onlineUrl: url.optional(),
  mobileUrl: url.optional(),
  /** 操作说明: what to press and fill online, step by step. */
  onlineSteps: z.array(text).default([]),
  canBook: z.boolean().optional(),
  bookUrl: url.optional(),
  canPayOnline: z.boolean().optional(),
  canExpress: z.boolean().optional(),
  canKiosk: z.boolean().optional(),
  inHall: z.boolean().optional(),
  crossRegionScope: z.enum(['none', 'city', 'province', 'inter_province', 'national']).optional(),
  quotaNote: text.optional(),
  intermediary: text.optional(),
  results: z.array(z.strictObject({ type: text, name: text.optional(), validity: text.optional() })).default([]),
  legalBasis: z.array(legalBasisSchema).default([]),
  topics: z.array(text).default([]),
  state: z.enum(['draft', 'in_force', 'suspended', 'cancelled']).default('in_force'),
  version: z.int().min(1).default(1),
});
export type Guide = z.infer<typeof guideSchema>;

export const faqSchema = z.strictObject({
  ...common,
  kind: z.literal('faq'),
  question: text,
  /** Other ways people ask the same. */
  similar: z.array(text).default([]),
  answer: text,
  guideId: text.optional(),
  phone: text.optional(),
  basis: z.array(text).default([]),
  links: z.array(z.strictObject({ name: text, url })).default([]),
});
export type Faq = z.infer<typeof faqSchema>;

export const policySchema = z.strictObject({
  ...common,
  kind: z.literal('policy'),
  title: text,
  docNo: text.optional(),
  issuer: text.optional(),
  publishedAt: date.optional(),
  /** Plain text with Markdown headings; clauses start with 第X条. */
  body: text,
});
export type Policy = z.infer<typeof policySchema>;

/** A department, hall or hotline one can call or visit. */
export const contactSchema = z.strictObject({
  ...common,
  kind: z.literal('contact'),
  name: text,
  aliases: z.array(text).default([]),
  phone: text.optional(),
  address: text.optional(),
  hours: text.optional(),
  district: text.optional(),
  duties: text.optional(),
  /** Everyday words for what a line is rung up about: 停电, 漏气. */
  matters: z.array(text.min(2)).default([]),
});
export type Contact = z.infer<typeof contactSchema>;

export const knowledgeItemSchema = z.discriminatedUnion('kind', [guideSchema, faqSchema, policySchema, contactSchema]);
export type KnowledgeItem = z.infer<typeof knowledgeItemSchema>;

/** The name a citizen sees for an item. */
export function titleOf(item: KnowledgeItem): string {
  switch (item.kind) {
    case 'guide':
      return item.handlingItemName ?? item.name;
    case 'faq':
      return item.question;
    case 'policy':
      return item.title;
    case 'contact':
      return item.name;
  }
}

type GuideElement = { readonly label: string; readonly missing: (guide: Guide) => boolean };

/** Mandatory elements of a service guide with their Chinese names (reference: GB/T 39554.2-2020; 一网通办 基本要求 5.3.3). */
const mandatoryElements: readonly GuideElement[] = [
  { label: '基本编码', missing: (g) => g.catalogCode === undefined },
  { label: '实施编码', missing: (g) => g.taskCode === undefined },
  { label: '事项类型', missing: (g) => g.taskType === undefined },
  { label: '设定依据', missing: (g) => g.legalBasis.length === 0 },
  { label: '实施主体', missing: (g) => g.department === undefined },
  { label: '实施主体编码', missing: (g) => g.deptCode === undefined },
  { label: '实施主体性质', missing: (g) => g.deptNature === undefined },
  { label: '行使层级', missing: (g) => g.useLevel === undefined },
  { label: '权力来源', missing: (g) => g.powerSource === undefined },
  { label: '服务对象', missing: (g) => g.audience.length === 0 },
  { label: '办件类型', missing: (g) => g.caseType === undefined },
  { label: '受理条件', missing: (g) => g.acceptConditions.length === 0 },
  { label: '办理流程', missing: (g) => g.process.length === 0 },
  { label: '特别程序', missing: (g) => g.specialProcedures === undefined },
  { label: '法定办结时限', missing: (g) => g.statutoryLimit === undefined },
  { label: '承诺办结时限', missing: (g) => g.promisedLimit === undefined },
  { label: '是否收费', missing: (g) => g.isCharged === undefined },
  { label: '收费项目', missing: (g) => g.isCharged === true && g.fees.length === 0 },
  { label: '办理地点', missing: (g) => g.places.length === 0 },
  { label: '办理时间', missing: (g) => g.places.length === 0 || g.places.some((p) => p.hours === undefined) },
  { label: '咨询方式', missing: (g) => g.consultPhone === undefined },
  { label: '监督投诉方式', missing: (g) => g.complaintPhone === undefined },
  { label: '到办事现场次数', missing: (g) => g.visitCount === undefined },
  { label: '是否网办', missing: (g) => g.isOnline === undefined },
  { label: '是否支持网上支付', missing: (g) => g.canPayOnline === undefined },
  { label: '是否支持物流快递', missing: (g) => g.canExpress === undefined },
  { label: '是否进驻大厅', missing: (g) => g.inHall === undefined },
  { label: '审批结果', missing: (g) => g.results.length === 0 },
  { label: '申请材料', missing: (g) => g.materials.length === 0 },
  {
    label: '材料来源渠道',
    missing: (g) => g.materials.some((m) => m.source === undefined || m.copyType === undefined || m.medium === undefined),
  },
];

/**
 * Chinese names of the mandatory elements a guide lacks; empty when it is complete.
 * Source: GB/T 39554.2-2020 as read through the reference.
 */
export function missingElements(guide: Guide): string[] {
  return mandatoryElements.filter((element) => element.missing(guide)).map((element) => element.label);
}
