/** What a backup folder holds, file by file with their sums. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const MANIFEST = 'manifest.json';

const fileSchema = z.object({
  /** Below the backup's folder, with `/`; never leads out of it. */
  path: z
    .string()
    .refine((path) => path !== '' && !path.includes('\\') && posix.normalize(path) === path && !/^(\.\.)?\//.test(path) && path !== '..', {
      message: 'leads out of the backup',
    }),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const manifestSchema = z.object({
  format: z.literal(1),
  version: z.string(),
  /** Everything acknowledged before this moment is in the backup. */
  takenAt: z.iso.datetime(),
  engine: z.enum(['sqlite', 'postgres']),
  migrations: z.array(z.string()),
  files: z.array(fileSchema),
  /** Key files that were left where they are: they are kept apart from what they open. */
  keysLeftOut: z.array(z.string()),
});

export type BackupFile = z.infer<typeof fileSchema>;
export type Manifest = z.infer<typeof manifestSchema>;

/** Size and sum of a file below `folder`. */
export async function described(folder: string, path: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, path)), hash);
  return { path, bytes: (await stat(join(folder, path))).size, sha256: hash.digest('hex') };
}

/** The manifest of a backup whose files all have their sums. Errors: what is missing, changed or none of ours, named. */
export async function verified(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
    throw new Error(`${folder} is no backup: it has no ${MANIFEST}`);
  });
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${join(folder, MANIFEST)}: ${parsed.error.issues.map((one) => `${one.path.join('.')} ${one.message}`).join('; ')}`);
  for (const file of parsed.data.files) {
    const found = await described(folder, file.path).catch(() => undefined);
    if (!found) throw new Error(`${file.path} is missing in the backup`);
    if (found.sha256 !== file.sha256) throw new Error(`${file.path} is not what was backed up: its SHA-256 differs`);
  }
  return parsed.data;
}
