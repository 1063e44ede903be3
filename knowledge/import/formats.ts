/** The kinds of files that can be read, each with its reader. Readers of documents are loaded when the first such file comes. */
import { basename, extname } from 'node:path';
import { readCsv } from './csv.ts';
import { decode, readText } from './decode.ts';
import { readTxt } from './documents/txt.ts';
import { type ReadingContext, Unreadable } from './documents/unreadable.ts';
import { readHtml } from './html.ts';
import { readJsonl } from './jsonl.ts';
import { readMarkdown } from './markdown.ts';
import type { FileReader, Reading } from './record.ts';
import { readYaml } from './yaml.ts';

/** Reads the bytes of one file. Throws `Unreadable` when nothing can be had from it. */
export type FormatReader = (bytes: Uint8Array, file: string, context: ReadingContext) => Promise<Reading>;

export interface Format {
  readonly isText: boolean;
  /** Written for people to read: in a folder one that can't be read is skipped, where broken structured knowledge stops the import. */
  readonly isDocument: boolean;
  readonly read: FormatReader;
}

/** Tables and pages still come in GB18030 from older systems; the other formats are UTF-8. */
function text(read: FileReader, encoding: 'utf-8' | 'any', isDocument = false): Format {
  return {
    isText: true,
    isDocument,
    read: async (bytes, file) => {
      if (isDocument && bytes.length === 0) throw new Unreadable('is empty');
      const decoded = decode(bytes, encoding === 'any');
      if (decoded !== undefined) return readText(decoded, file, read);
      throw new Unreadable(`can’t be decoded: not ${encoding === 'any' ? 'UTF-8, UTF-16 or GB18030' : 'UTF-8'} text`);
    },
  };
}

function binary(load: () => Promise<FormatReader>): Format {
  return { isText: false, isDocument: true, read: async (bytes, file, context) => (await load())(bytes, file, context) };
}

const formats: Readonly<Record<string, Format>> = {
  '.yaml': text(readYaml, 'utf-8'),
  '.yml': text(readYaml, 'utf-8'),
  '.jsonl': text(readJsonl, 'utf-8'),
  '.jsonl.gz': text(readJsonl, 'utf-8'),
  '.csv': text(readCsv, 'any'),
  '.md': text(readMarkdown, 'utf-8'),
  '.html': text(readHtml, 'any', true),
  '.htm': text(readHtml, 'any', true),
  '.txt': text(readTxt, 'any', true),
  '.pdf': binary(async () => (await import('./documents/pdf.ts')).readPdf),
  '.docx': binary(async () => (await import('./documents/docx.ts')).readDocx),
  '.xlsx': binary(async () => (await import('./documents/xlsx.ts')).readXlsx),
};
export const knownFormats: readonly string[] = Object.keys(formats);

export function formatOf(file: string): Format | undefined {
  const name = basename(file).toLowerCase();
  return formats[name.endsWith('.jsonl.gz') ? '.jsonl.gz' : extname(name)];
}
