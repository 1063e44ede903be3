/** Finds the files an editor named and reads their bytes: nothing outside the named folders, nothing too large. */
import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { formatOf, knownFormats } from './formats.ts';
import type { Problem } from './problem.ts';

const gunzipped = promisify(gunzip);
export const maxFileBytes = 20 * 1024 * 1024;
/** Documents bring pictures and fonts along. */
export const maxDocumentBytes = 50 * 1024 * 1024;
const oldOffice: Readonly<Record<string, string>> = {
  '.doc': '.docx',
  '.wps': '.docx',
  '.rtf': '.docx',
  '.xls': '.xlsx',
  '.et': '.xlsx',
  '.ofd': '.pdf',
};

export interface FoundFile {
  readonly path: string;
  /** How problems name it. */
  readonly name: string;
}

/** Readable files of a folder, deepest last, sorted; READMEs, licences, hidden files and links out of the folder are passed over. */
export async function filesIn(folder: string, shown: (path: string) => string): Promise<{ files: FoundFile[]; problems: Problem[] }> {
  const root = await realpath(folder);
  const files: FoundFile[] = [];
  const problems: Problem[] = [];
  const skip = (path: string, message: string): void => {
    problems.push({ file: shown(path), message, severity: 'warning' });
  };
  const visit = async (directory: string): Promise<void> => {
    const entries = (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (passedOver(entry)) continue;
      if (entry.isDirectory()) await visit(path);
      else if (!formatOf(path)) skip(path, notRead(path));
      else if (entry.isSymbolicLink() && !(await isInside(path, root))) skip(path, 'a link to something outside the folder; not followed');
      else files.push({ path, name: shown(path) });
    }
  };
  await visit(folder);
  return { files, problems };
}

function passedOver(entry: Dirent): boolean {
  return entry.name.startsWith('.') || entry.name === 'node_modules' || /^(readme|licen[cs]e|changelog)\b/i.test(entry.name);
}

async function isInside(path: string, root: string): Promise<boolean> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined || !(await stat(target)).isFile()) return false;
  return !relative(root, target).startsWith(`..${sep}`) && !relative(root, target).startsWith(sep);
}

function notRead(path: string): string {
  const better = oldOffice[extname(path).toLowerCase()];
  return `not a kind of file that can be read; passed over${better ? ` (save it as ${better})` : ''}`;
}

/** The bytes of a file, unpacked if it is a .gz; or in words why they can't be had. */
export async function loadFile(path: string): Promise<{ bytes: Buffer } | { problem: string }> {
  const format = formatOf(path);
  if (!format) return { problem: `can’t read this kind of file; known are ${knownFormats.join(', ')}` };
  if (!existsSync(path)) return { problem: 'no such file' };
  const limit = format.isText ? maxFileBytes : maxDocumentBytes;
  const tooLarge = `is larger than ${limit / 1024 / 1024} MB; split it`;
  try {
    const about = await stat(path);
    if (!about.isFile()) return { problem: 'not a file' };
    if (about.size > limit) return { problem: tooLarge };
    const bytes = await readFile(path);
    return { bytes: path.toLowerCase().endsWith('.gz') ? await gunzipped(bytes, { maxOutputLength: limit }) : bytes };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : `can’t be read: ${message}` };
  }
}
