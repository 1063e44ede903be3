/** What the last import made of each file, so that a file that hasn't changed needn't be parsed again. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type { StoredItem } from '../repository.ts';
import type { Problem } from './problem.ts';

/** Grows whenever a reader makes something else of the same file: then every file is parsed once more. */
const readersVersion = 2;

const problemSchema = z.strictObject({
  file: z.string(),
  line: z.number().optional(),
  field: z.string().optional(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
});
const sourceFileSchema = z.strictObject({
  /** Absolute. */
  path: z.string(),
  /** How problems named it. */
  name: z.string(),
  items: z.array(z.strictObject({ id: z.string(), digest: z.string(), line: z.number(), strict: z.boolean() })),
  problems: z.array(problemSchema),
});
export type SourceFile = z.infer<typeof sourceFileSchema>;
/** Fingerprint of a file → what it gave. */
export type SourceManifest = Record<string, SourceFile>;
const manifestSchema = z.record(z.string(), sourceFileSchema);

/** Where the manifest of a pack is kept between imports. */
export interface SourceIndex {
  /** {} for a pack never imported; whatever isn't a manifest (an older form) counts as {}. */
  get(pack: string): Promise<SourceManifest>;
  put(pack: string, manifest: SourceManifest): Promise<void>;
}

export async function manifestOf(index: SourceIndex | undefined, pack: string): Promise<SourceManifest> {
  if (!index) return {};
  const parsed = manifestSchema.safeParse(await index.get(pack));
  return parsed.success ? parsed.data : {};
}

/** Everything that decides what a file gives: its bytes, its name (ids come from it), how strictly it is read, and the readers. */
export function fingerprintOf(bytes: Uint8Array, path: string, strict: boolean | undefined, inFolder: boolean): string {
  const head = JSON.stringify([readersVersion, basename(path), strict ?? null, inFolder]);
  return createHash('sha256').update(head).update(bytes).digest('hex');
}

/** What is known about the files of a pack: manifest and stored items together. */
export class KnownSources {
  private readonly stored: ReadonlyMap<string, StoredItem>;
  private readonly paths: ReadonlyMap<string, SourceFile>;

  constructor(
    private readonly manifest: SourceManifest,
    existing: readonly StoredItem[],
  ) {
    this.stored = new Map(existing.map((one) => [one.item.id, one]));
    this.paths = new Map(Object.values(manifest).map((file) => [file.path, file]));
  }

  /** What the file gave, if the store still holds exactly that. */
  unchanged(fingerprint: string): { file: SourceFile; items: StoredItem[] } | undefined {
    const file = Object.hasOwn(this.manifest, fingerprint) ? this.manifest[fingerprint] : undefined;
    const items = file?.items.map(({ id, digest }) => (this.stored.get(id)?.digest === digest ? this.stored.get(id) : undefined));
    const whole = items?.filter((item) => item !== undefined);
    return file && whole && whole.length === file.items.length ? { file, items: whole } : undefined;
  }

  /** Items that an earlier import made of the file at this path (by manifest, else by the id its name gives). */
  earlier(path: string, idOfName: string): StoredItem[] {
    const ids = this.paths.get(path)?.items.map(({ id }) => id) ?? [idOfName];
    return ids.flatMap((id) => this.stored.get(id) ?? []);
  }

  /**
   * The manifest after an import: what was read now, what is known of files that were skipped, and, unless the pack was replaced,
   * of files that weren't named.
   */
  after(read: SourceManifest, readPaths: ReadonlySet<string>, skippedPaths: ReadonlySet<string>, keepOthers: boolean): SourceManifest {
    const others = Object.entries(this.manifest).filter(([, { path }]) => skippedPaths.has(path) || (keepOthers && !readPaths.has(path)));
    return { ...Object.fromEntries(others), ...read };
  }
}

/** Problems told again, under the name the file goes by now. */
export function retold(file: SourceFile, name: string): Problem[] {
  return file.problems.map((found) => ({
    file: found.file.startsWith(file.name) ? name + found.file.slice(file.name.length) : found.file,
    message: found.message,
    severity: found.severity,
    ...(found.line === undefined ? {} : { line: found.line }),
    ...(found.field === undefined ? {} : { field: found.field }),
  }));
}
