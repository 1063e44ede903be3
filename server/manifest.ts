/** Reads `pack.yaml`: the city, its halls and departments. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type PackManifest, packManifestSchema } from '../knowledge/pack.ts';

/** The manifest of a pack folder. Errors: the file and every wrong field. */
export async function loadManifest(folder: string): Promise<PackManifest> {
  const file = join(folder, 'pack.yaml');
  const parsed = packManifestSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
