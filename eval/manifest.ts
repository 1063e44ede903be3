/** Where the figures come from: everything that decides the scores, hashed, so that equal ids mean equal scores. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from './results.ts';
import { defaultSeed } from './stats/bootstrap.ts';
import { filesOf, type Suite } from './suite.ts';

const run = promisify(execFile);

export interface ManifestInput {
  readonly suite: Suite;
  readonly asOf: string;
  readonly limit: number | undefined;
  /** Folder of the project. */
  readonly root: string;
  /** Files and folders beside the suite's own that decide the scores: pack, lexicon, models, prompts. */
  readonly sources: readonly string[];
  /** Content that lies in a store and not in files, by name. */
  readonly contents?: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly recogniser: string;
  readonly now: () => number;
}

/** Reads and hashes everything; `seconds` is filled in at the end of the run. */
export async function makeManifest(input: ManifestInput): Promise<Manifest> {
  const { suite, root } = input;
  const hashes: Record<string, string> = { ...input.contents };
  for (const file of [suite.file, ...filesOf(suite), ...input.sources]) {
    for (const one of await filesUnder(file)) hashes[relative(root, one)] ??= await sha256OfFile(one);
  }
  const git = await commitOf(root);
  const what = {
    suite: suite.name,
    kind: suite.kind,
    asOf: input.asOf,
    hashes: sorted(hashes),
    recogniser: input.recogniser,
    limit: input.limit ?? null,
    seed: defaultSeed,
    versions: sorted(input.versions),
    code: git.code,
  };
  return {
    id: sha256(JSON.stringify(what)),
    suite: suite.name,
    kind: suite.kind,
    asOf: input.asOf,
    commit: git.commit,
    dirty: git.dirty,
    versions: { ...input.versions },
    hashes: sorted(hashes),
    recogniser: input.recogniser,
    seed: defaultSeed,
    limit: input.limit ?? null,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}`,
    startedAt: new Date(input.now()).toISOString(),
    seconds: 0,
  };
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function sha256OfFile(file: string): Promise<string> {
  try {
    return sha256(await readFile(file));
  } catch {
    return 'missing';
  }
}

const sorted = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

async function filesUnder(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return names.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Files that git doesn't know yet are code too. */
async function newFiles(root: string, names: string): Promise<string> {
  const files = names.split('\0').filter((name) => name !== '');
  return (await Promise.all(files.map(async (name) => `${name} ${await sha256OfFile(join(root, name))}`))).join('\n');
}

/** The commit, whether files differ from it, and a digest of both: changed code is other code. */
async function commitOf(root: string): Promise<{ commit: string | null; dirty: boolean | null; code: string }> {
  try {
    const git = async (...args: string[]) => (await run('git', args, { cwd: root, maxBuffer: 1 << 28 })).stdout;
    const commit = (await git('rev-parse', 'HEAD')).trim();
    const status = await git('status', '--porcelain');
    const changed =
      status.trim() === ''
        ? ''
        : `${status}${await git('diff', 'HEAD')}${await newFiles(root, await git('ls-files', '--others', '--exclude-standard', '-z'))}`;
    return { commit, dirty: status.trim() !== '', code: sha256(`${commit}${changed}`) };
  } catch {
    // Not a checkout (an installed package): the version stands for the code.
    return { commit: null, dirty: null, code: '' };
  }
}
