/** Reads the pack files that are not knowledge: `pack.yaml` (the city, its halls and departments) and `quality.yaml`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
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
  const file = join(folder, 'quality.yaml');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const parsed = qualityWordsSchema.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
