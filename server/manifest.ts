/** Reads the pack files that are not knowledge: `pack.yaml` (the city, its halls and departments), `quality.yaml` and `indicators.yaml`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { measureNames } from '../bot/insights/evaluation/measures.ts';
import { type IndicatorTree, indicatorTreeSchema } from '../bot/insights/evaluation/tree.ts';
import { type QualityWords, qualityWordsSchema } from '../bot/insights/quality.ts';
import type { HelpWays } from '../bot/texts.ts';
import { type PackManifest, packManifestSchema } from '../knowledge/pack.ts';

/** The manifest of a pack folder. Errors: the file and every wrong field. */
export async function loadManifest(folder: string): Promise<PackManifest> {
  const file = join(folder, 'pack.yaml');
  const parsed = packManifestSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Where people are helped without the assistant: the pack's hotline, its first hall, its portal. */
export function helpWaysOf({ hotline, hotlineHours, halls, portalUrl }: PackManifest): HelpWays {
  const [hall] = halls;
  if (!hall) throw new Error('pack.yaml names no hall');
  return { hotline, hours: hotlineHours, hall, portalUrl };
}

/** What quality inspection looks for; a pack without `quality.yaml` looks for nothing. Errors: the file and every wrong field. */
export async function loadQualityWords(folder: string): Promise<QualityWords> {
  return (await readOptional(join(folder, 'quality.yaml'), qualityWordsSchema)) ?? qualityWordsSchema.parse({});
}

/** The indicators the city is evaluated by; undefined for a pack without `indicators.yaml`. Errors: the file and every wrong field. */
export async function loadIndicators(folder: string): Promise<IndicatorTree | undefined> {
  const file = join(folder, 'indicators.yaml');
  const tree = await readOptional(file, indicatorTreeSchema);
  for (const { id, measure } of tree?.parts.flatMap(({ leaves }) => leaves) ?? [])
    if (measure !== undefined && !measureNames.includes(measure))
      throw new Error(`${file}: ${id}: there is no measure ${measure}; there are ${measureNames.join(', ')}`);
  return tree;
}

/** A file of the pack that may be missing. */
async function readOptional<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
