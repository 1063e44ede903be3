/** Reads `canned-replies.yaml` of a pack: ready sentences a new desk starts with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CannedReplyWords } from '../bot/store/canned-replies.ts';

const fileSchema = z.strictObject({
  replies: z
    .array(
      z.strictObject({
        title: z.string().trim().min(1).max(20),
        text: z.string().trim().min(1).max(1000),
        /** Letters that find it after a slash. */
        shortcut: z
          .string()
          .regex(/^[a-z0-9]{0,12}$/)
          .default(''),
      }),
    )
    .max(99),
});

/** The replies of a pack folder; none without the file. Errors: the file and every wrong field. */
export async function loadCannedReplies(folder: string): Promise<CannedReplyWords[]> {
  const file = join(folder, 'canned-replies.yaml');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return [];
  const parsed = fileSchema.safeParse(parse(text));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data.replies;
}
