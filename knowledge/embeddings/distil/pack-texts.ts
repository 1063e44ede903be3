/** The sample pack and the synonym table as texts and pairs: our own data, so its colloquial names may teach. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const guides = z.object({
  guides: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      aliases: z.array(z.string()).default([]),
      summary: z.string().default(''),
      acceptConditions: z.array(z.string()).default([]),
      materials: z.array(z.object({ name: z.string() })).default([]),
    }),
  ),
});
const faqs = z.object({
  faqs: z.array(z.object({ id: z.string(), question: z.string(), similar: z.array(z.string()).default([]), answer: z.string() })),
});
const synonyms = z.object({ canonical: z.record(z.string(), z.array(z.string())) });

export interface PackTexts {
  readonly documents: readonly { readonly id: string; readonly texts: readonly string[] }[];
  readonly questions: readonly { readonly text: string; readonly docIds: readonly string[] }[];
  readonly policies: readonly string[];
  /** What people say and what it is called. */
  readonly synonyms: readonly (readonly [string, string])[];
}

const knowledge = resolve(import.meta.dirname, '../..');

async function readAll<T>(folder: string, ending: string, read: (text: string, file: string) => T): Promise<T[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
  return Promise.all(names.map(async (name) => read(await readFile(join(folder, name), 'utf8'), name)));
}

/** Reads the pack `anlan` and the synonym table of this repository. Errors: the file that does not fit. */
export async function packTexts(): Promise<PackTexts> {
  const pack = join(knowledge, 'packs', 'anlan');
  const guideRows = (await readAll(join(pack, 'guides'), '.yaml', (text) => guides.safeParse(parse(text)).data?.guides ?? [])).flat();
  const faqRows = (await readAll(join(pack, 'faqs'), '.yaml', (text) => faqs.parse(parse(text)).faqs)).flat();
  const table = synonyms.parse(parse(await readFile(join(knowledge, 'lexicon', 'synonyms.yaml'), 'utf8')));
  return {
    documents: [
      ...guideRows.map((guide) => ({
        id: guide.id,
        texts: [
          `${guide.name} ${guide.summary}`,
          `${guide.name} ${guide.acceptConditions.join('；')}`,
          `${guide.name} 申请材料 ${guide.materials.map((material) => material.name).join('、')}`,
        ],
      })),
      ...faqRows.map((faq) => ({ id: faq.id, texts: [`${faq.question} ${faq.answer}`] })),
    ],
    questions: [
      ...guideRows.flatMap((guide) => guide.aliases.map((text) => ({ text, docIds: [guide.id] }))),
      ...faqRows.flatMap((faq) => faq.similar.map((text) => ({ text, docIds: [faq.id] }))),
    ],
    policies: await readAll(join(pack, 'policies'), '.md', (text) => text),
    synonyms: Object.entries(table.canonical).flatMap(([name, said]) => said.map((word) => [word, name] as const)),
  };
}
