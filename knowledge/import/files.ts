/** Finds and decodes the files an editor named: nothing outside the named folders, nothing too large, nothing undecodable. */
import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { cleanText } from './clean.ts';
import { readCsv } from './csv.ts';
import { readHtml } from './html.ts';
import { readJsonl } from './jsonl.ts';
import { readMarkdown } from './markdown.ts';
import type { Problem } from './problem.ts';
import type { FileReader, Reading } from './record.ts';
import { readYaml } from './yaml.ts';

const unzip = promisify(gunzip);
export const maxFileBytes = 20 * 1024 * 1024;

type Format = { readonly read: FileReader; readonly legacyEncoding: boolean };
/** Tables and pages still come in GB18030 from older systems; the other formats are UTF-8. */
const formats: Readonly<Record<string, Format>> = {
  '.yaml': { read: readYaml, legacyEncoding: false },
  '.yml': { read: readYaml, legacyEncoding: false },
  '.jsonl': { read: readJsonl, legacyEncoding: false },
  '.jsonl.gz': { read: readJsonl, legacyEncoding: false },
  '.csv': { read: readCsv, legacyEncoding: true },
  '.md': { read: readMarkdown, legacyEncoding: false },
  '.html': { read: readHtml, legacyEncoding: true },
  '.htm': { read: readHtml, legacyEncoding: true },
};

export function formatOf(file: string): Format | undefined {
  const name = basename(file).toLowerCase();
  return formats[name.endsWith('.jsonl.gz') ? '.jsonl.gz' : extname(name)];
}

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
      else if (!formatOf(path)) skip(path, 'not a kind of file that can be read; passed over');
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

/** Reads one file into records. Whatever is wrong with it (missing, too large, undecodable, broken) is a problem, never a throw. */
export async function readFileRecords(found: FoundFile): Promise<Reading> {
  const fail = (message: string): Reading => ({ records: [], problems: [{ file: found.name, message, severity: 'error' }] });
  const format = formatOf(found.path);
  if (!format) return fail(`can’t read this kind of file; known are ${Object.keys(formats).join(', ')}`);
  if (!existsSync(found.path)) return fail('no such file');
  let bytes: Buffer;
  try {
    const about = await stat(found.path);
    if (!about.isFile()) return fail('not a file');
    if (about.size > maxFileBytes) return fail(tooLarge);
    bytes = await readFile(found.path);
    if (found.path.toLowerCase().endsWith('.gz')) bytes = await unzip(bytes, { maxOutputLength: maxFileBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : `can’t be read: ${message}`);
  }
  const decoded = decode(bytes, format.legacyEncoding);
  if (decoded === undefined) return fail(`can’t be decoded: not ${format.legacyEncoding ? 'UTF-8, UTF-16 or GB18030' : 'UTF-8'} text`);
  return readText(decoded, found.name, format.read);
}

const tooLarge = `is larger than ${maxFileBytes / 1024 / 1024} MB; split it`;

/** Reads the text of a file with line ends made alike and hidden characters taken out (each with a warning at its first line). */
export function readText(text: string, name: string, read: FileReader): Reading {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  const problems: Problem[] = [];
  const cleaned = lines.map((content, index) => {
    const { text: clean, kinds } = cleanText(content);
    for (const kind of kinds)
      problems.push({ file: name, line: index + 1, message: `hidden characters removed (${kind})`, severity: 'warning' });
    return clean;
  });
  try {
    const reading = read(cleaned.join('\n'), name);
    return { records: reading.records, problems: [...problems, ...reading.problems] };
  } catch (error) {
    // Parsers give up by throwing on what no honest file holds, such as thousands of nested brackets.
    return {
      records: [],
      problems: [...problems, { file: name, message: `can’t be read: ${(error as Error).message}`, severity: 'error' }],
    };
  }
}

/** UTF-8 (with or without BOM), UTF-16 with BOM, and, where older systems are expected, GB18030. */
export function decode(bytes: Uint8Array, legacy: boolean): string | undefined {
  const attempt = (encoding: string): string | undefined => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      return undefined;
    }
  };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return legacy ? attempt('utf-16le') : undefined;
  const utf8 = attempt('utf-8');
  if (utf8 !== undefined || !legacy || isDamagedUtf8(bytes)) return utf8;
  return attempt('gb18030');
}

/** Mostly good UTF-8 Chinese with a few broken bytes would decode as GB18030 too, but to nonsense. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const loose = new TextDecoder('utf-8').decode(bytes);
  const broken = loose.match(/\uFFFD/g)?.length ?? 0;
  return broken * 5 < (loose.match(/\p{Script=Han}/gu)?.length ?? 0);
}
