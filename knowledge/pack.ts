/** The files of a knowledge pack (one city): what an editor writes, before references are resolved into items. */
import { z } from 'zod';
import { contactSchema, faqSchema, guideSchema, placeSchema } from './item.ts';

const text = z.string().trim().min(1);

/** A service hall named in guides by its id. */
export const hallSchema = z.strictObject({
  id: text,
  name: text,
  aliases: z.array(text).default([]),
  address: text,
  district: text,
  hours: text,
  phone: text,
  note: text.optional(),
});
export type Hall = z.infer<typeof hallSchema>;

/** Economic regulation, market supervision, social management, public service, ecological and environmental protection. */
export const domains = ['economy', 'market', 'society', 'service', 'environment', 'other'] as const;
export type Domain = (typeof domains)[number];

/** A department named in guides by its id; its contact data is filled into every guide and FAQ that names it. */
export const departmentSchema = z.strictObject({
  id: text,
  name: text,
  aliases: z.array(text).default([]),
  code: z.string().regex(/^[0-9A-Z]{18}$/),
  nature: z.enum(['statutory', 'authorised', 'entrusted']),
  duties: text,
  phone: text,
  complaintPhone: text,
  address: text,
  hours: text,
  /** Everyday words for what it is in charge of, beyond the names of its guides: 物业, 拖欠工资. */
  matters: z.array(text).default([]),
  /** Field of government of what it is in charge of. Source: GB/T 44189—2024, 6.1.1. */
  domain: z.enum(domains).default('other'),
  /** Routing skill for human agents: general, 公积金, 人社, 医保, 法律 … */
  skill: text.default('general'),
});
export type Department = z.infer<typeof departmentSchema>;

/** `pack.yaml`: the city itself, its halls and departments. */
export const packManifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.int().min(1),
  city: text,
  region: text,
  /** True for made-up content: the assistant says so. */
  sample: z.boolean(),
  assistantName: text,
  hotline: text,
  hotlineHours: text,
  portalUrl: z.url(),
  districts: z.array(text).min(1),
  halls: z.array(hallSchema).min(1),
  departments: z.array(departmentSchema).min(1),
  contacts: z.array(contactSchema.omit({ kind: true })).default([]),
});
export type PackManifest = z.infer<typeof packManifestSchema>;

/**
 * A guide as an editor writes it in `guides/*.yaml`: `dept` names a department, `halls` name halls; the importer fills
 * `department`, `deptCode`, `deptNature`, `consultPhone`, `complaintPhone`, `places` and `region` from them.
 */
export const guideSourceSchema = guideSchema
  .omit({ department: true, deptCode: true, deptNature: true, sample: true, region: true, kind: true })
  .extend({
    dept: text,
    /** Hall ids, each with an optional window: `hall-main` or {hall: hall-main, windowNo: 3-5号窗口}. */
    halls: z.array(z.union([text, z.strictObject({ hall: text, windowNo: text.optional() })])).default([]),
    places: z.array(placeSchema).default([]),
  });
export type GuideSource = z.infer<typeof guideSourceSchema>;

/** A FAQ as an editor writes it in `faqs/*.yaml`. */
export const faqSourceSchema = faqSchema
  .omit({ department: true, sample: true, region: true, kind: true })
  .extend({ dept: text.optional() });
export type FaqSource = z.infer<typeof faqSourceSchema>;
