/** Kept files as they lie on disk: sealed where there are keys, plain where there were none when they came. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyRing, LostKeyError } from '../../../../bot/store/sealing/key-ring.ts';
import { sealedFile } from '../../../../bot/store/sealing/seal.ts';

export type FileSeal = Pick<KeyRing, 'sealBytes' | 'openBytes' | 'current'>;
/** What the database knows of a file. `sha256`: of its content, hex. */
type Known = { readonly id: string; readonly size: number; readonly sha256: string };

/** Writes a file under its name at once whole, sealed if there is something to seal with. */
export async function writeKept(directory: string, id: string, bytes: Buffer, seal: FileSeal | undefined): Promise<void> {
  const made = join(directory, `${id}.sealed.part`);
  try {
    await writeFile(made, seal ? seal.sealBytes(id, bytes) : bytes, { mode: 0o600, flush: true });
    await rename(made, join(directory, id));
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}

/**
 * The content of a kept file; undefined when there is none. A sealed file is longer than its content, so the size on record tells what it is,
 * whatever it begins with. What isn't sealed for its place must have the digest on record: nobody puts one file in place of another.
 * Errors: LostKeyError where the key is missing; what a changed file throws.
 */
export async function readKept(directory: string, known: Known, seal: FileSeal | undefined): Promise<Buffer | undefined> {
  const { id, size, sha256 } = known;
  const stored = await unlessGone(readFile(join(directory, id)));
  if (stored === undefined) return undefined;
  const plain = stored.length === size;
  if (!plain && seal === undefined) throw new LostKeyError('of DATA_KEYS');
  const bytes = plain || seal === undefined ? stored : seal.openBytes(id, stored);
  const bound = !plain && sealedFile(stored)?.bound === true;
  if (!bound && createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`the file ${id} is not the one on record`);
  return bytes;
}

/**
 * Brings every kept file to the key that seals now, also those that were plain or not bound to their place. A server may go on working in the same folder.
 * `after(id, limit)`: files on record behind that id, ascending. `still(id)`: whether a file is still on record. A file that can't be opened is left
 * as it is and named in `failed`.
 */
export async function resealKept(
  directory: string,
  seal: FileSeal,
  after: (id: string, limit: number) => Promise<readonly Known[]>,
  still: (id: string) => Promise<boolean>,
): Promise<{ readonly files: number; readonly failed: readonly string[] }> {
  const failed: string[] = [];
  let files = 0;
  for (let last = '', more = true; more; ) {
    const some = await after(last, 100);
    more = some.length > 0;
    for (const known of some) {
      last = known.id;
      if ((await keyOf(directory, known)) === seal.current) continue;
      const bytes = await readKept(directory, known, seal).catch(() => void failed.push(known.id));
      if (bytes === undefined) continue;
      await writeKept(directory, known.id, bytes, seal);
      files++;
      // Deleted meanwhile: it must not come back.
      if (!(await still(known.id))) await rm(join(directory, known.id), { force: true });
    }
  }
  return { files, failed };
}

/** The name of the key a kept file is sealed with for its place; undefined for any other or none. */
async function keyOf(directory: string, { id, size }: Pick<Known, 'id' | 'size'>): Promise<string | undefined> {
  const file = await unlessGone(open(join(directory, id)));
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).size === size) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const head = sealedFile(buffer.subarray(0, bytesRead));
    return head?.bound ? head.keyId : undefined;
  } finally {
    await file.close();
  }
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
