/** Bytes → text, and text without what nobody can see. */
import { cleanText } from './clean.ts';
import type { Problem } from './problem.ts';
import type { FileReader, Reading } from './record.ts';

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
