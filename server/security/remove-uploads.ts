/** Takes files out of the upload folder whose rows are gone. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the files with these ids; one that is gone already is fine. */
export async function removeUploads(folder: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) if (/^[\w-]{8,64}$/.test(id)) await rm(join(folder, id), { force: true });
}
