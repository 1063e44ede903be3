/** Uploaded files on disk: staged while they arrive, checked, then kept under an unguessable id, sealed where there are keys. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DirectLineError } from '../errors.ts';
import { type FileSeal, readKept, writeKept } from './kept.ts';
import { ALLOWED_FILES, acceptedType } from './sniff.ts';
import { readStaged, writeStaged } from './staging.ts';

/** What is stored about a file; the row of the uploads table. */
export interface UploadRecord {
  id: string;
  conversationId: string;
  name: string;
  contentType: string;
  size: number;
  sha256: string;
}

export interface UploadSource {
  readonly stream: Readable;
  readonly name: string;
  readonly declaredType: string;
}

/** A checked file that nobody can open yet. */
export type StagedUpload = Omit<UploadRecord, 'conversationId'>;

export interface UploadStore {
  /** Writes and checks one file. Throws DirectLineError 413 (too large), 415 (type not accepted), 400 (empty); then nothing is left on disk. */
  stage(source: UploadSource): Promise<StagedUpload>;
  /** Makes a staged file part of a conversation. */
  keep(staged: StagedUpload, conversationId: string): Promise<UploadRecord>;
  /** Removes a file, staged or kept. */
  discard(id: string): Promise<void>;
  /** What is known of a kept file, or undefined. */
  find(id: string): Promise<UploadRecord | undefined>;
  /** Its content; undefined when it is gone from the disk. Throws LostKeyError when the key it is sealed with is not here. */
  read(record: UploadRecord): Promise<Buffer | undefined>;
}

export interface DiskUploadOptions {
  /** DATA_DIR/uploads; created if missing. */
  readonly directory: string;
  /** `(record, now) => saveUpload(db, record, now)`. */
  readonly saveRecord: (record: UploadRecord, now: number) => Promise<unknown>;
  /** `(id) => findUpload(db, id)`. */
  readonly findRecord: (id: string) => Promise<UploadRecord | undefined>;
  /** The keys of the database; absent: files are kept as they are. */
  readonly seal?: FileSeal | undefined;
  readonly maxBytes: number;
  readonly now: () => number;
  /** As DirectLineOptions.newId: also the file name, so `[A-Za-z0-9_-]` only. */
  readonly newId: () => string;
}

const ID = /^[A-Za-z0-9_-]{8,64}$/;
const STALE_MS = 60 * 60 * 1000;

/** The store in a folder of the local disk, with its records in the database. */
export function createDiskUploads(options: DiskUploadOptions): UploadStore {
  const { directory, seal } = options;
  mkdirSync(directory, { recursive: true });
  removeStale(directory, options.now());
  const keptPath = (id: string) => join(directory, id);
  const stagedPath = (id: string) => join(directory, `${id}.part`);

  return {
    async stage({ stream, name, declaredType }) {
      const id = options.newId();
      const path = stagedPath(id);
      try {
        const { size, sha256 } = await writeStaged(stream, path, options.maxBytes);
        if (size === 0) throw new DirectLineError(400, 'BadArgument', `file ${name} is empty`);
        const contentType = await acceptedType(await readStaged(path), name, declaredType);
        if (!contentType) throw new DirectLineError(415, 'UnsupportedMediaType', `file ${name}: accepted are ${ALLOWED_FILES}`);
        return { id, name, contentType, size, sha256 };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    async keep(staged, conversationId) {
      const record = { ...staged, conversationId };
      // Sealed here and not when it arrived: a slow upload may outlive the key of its beginning.
      await writeKept(directory, staged.id, await readStaged(stagedPath(staged.id)), seal);
      await rm(stagedPath(staged.id), { force: true });
      await options.saveRecord(record, options.now());
      return record;
    },
    async discard(id) {
      if (!ID.test(id)) return;
      await rm(stagedPath(id), { force: true });
      await rm(keptPath(id), { force: true });
    },
    async find(id) {
      if (!ID.test(id)) return undefined;
      return options.findRecord(id);
    },
    read: (record) => readKept(directory, record, seal),
  };
}

/** Files staged by a process that died; younger ones may belong to another process of the same folder. */
function removeStale(directory: string, now: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (name.endsWith('.part') && now - changed > STALE_MS) rmSync(path, { force: true });
  }
}
