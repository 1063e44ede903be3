/**
 * How fast documents come in: `npx tsx knowledge/import/bench.ts [folder of the benchmarks] [documents]`. The texts are the real ones of
 * the benchmark sets, repeated with a change in each copy until there are enough, as files of all kinds.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { KnowledgeRepository } from '../repository.ts';
import { docxOf, paragraph } from './documents/testing/office.ts';
import { pageOf, pdfOf } from './documents/testing/pdf.ts';
import { importKnowledge } from './import.ts';
import { MemoryKnowledgeRepository, MemorySourceIndex } from './memory-repository.ts';

interface Text {
  readonly title: string;
  readonly text: string;
}
const sets = ['ncp-policy-qa/corpus.jsonl.gz', 'procuratorate-qa/corpus.jsonl.gz', 'cmrc2018/corpus.jsonl.gz'];

/** The real texts; Word and PDF files are made of those up to this long, so that making them doesn't take longer than reading. */
const maxCharacters = 20_000;

export function benchmarkTexts(benchmarks: string): Text[] {
  const lines = sets.flatMap((set) =>
    gunzipSync(readFileSync(join(benchmarks, set)))
      .toString('utf8')
      .trim()
      .split('\n'),
  );
  return lines.map((line) => JSON.parse(line) as Text).filter(({ text }) => text.length >= 100 && text.length <= maxCharacters);
}

const lineLength = 38;
function pdf(title: string, lines: readonly string[]): Uint8Array {
  const short = lines.flatMap((line) => line.match(new RegExp(`.{1,${lineLength}}`, 'gu')) ?? []);
  const pages = Array.from({ length: Math.ceil(short.length / 40) }, (_, page) => pageOf(short.slice(page * 40, page * 40 + 40)));
  return pdfOf([[{ text: title.slice(0, 30), y: 780, size: 22 }, ...(pages[0] ?? [])], ...pages.slice(1)]);
}
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const makers: readonly (readonly [extension: string, make: (title: string, lines: readonly string[]) => string | Uint8Array])[] = [
  ['md', (title, lines) => `# ${title}\n\n${lines.join('\n\n')}\n`],
  [
    'html',
    (title, lines) =>
      `<html><head><title>${escaped(title)}</title></head><body><article><h1>${escaped(title)}</h1>${lines.map((line) => `<p>${escaped(line)}</p>`).join('')}</article></body></html>`,
  ],
  ['txt', (title, lines) => `${title}\n${lines.join('\n')}\n`],
  ['docx', (title, lines) => docxOf(paragraph(title, 'Heading1') + lines.map((line) => paragraph(line)).join(''))],
  ['pdf', pdf],
];

/** Writes `count` files into a new folder, a fifth of each kind; returns the folder and the characters in it. */
export function benchmarkFolder(texts: readonly Text[], count: number): { folder: string; characters: number } {
  const folder = mkdtempSync(join(tmpdir(), 'wenban-bench-'));
  let characters = 0;
  for (let index = 0; index < count; index += 1) {
    const { title, text } = texts[index % texts.length] as Text;
    const [extension, make] = makers[(index + Math.floor(index / texts.length)) % makers.length] as (typeof makers)[number];
    const lines = [...text.split('\n').filter((line) => line.trim() !== ''), `（第${index + 1}份）`];
    characters += text.length;
    const directory = join(folder, String(Math.floor(index / 1000)));
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `d${index}.${extension}`), make(`${title.split('\n')[0]?.slice(0, 60)} ${index + 1}`, lines));
  }
  return { folder, characters };
}

export interface Measured {
  readonly what: string;
  readonly documents: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/** Imports the folder twice, new and unchanged. Throws when an import has errors or leaves something out. */
export async function measureImport(folder: string, count: number, repository: KnowledgeRepository): Promise<Measured[]> {
  const sources = new MemorySourceIndex();
  const measured: Measured[] = [];
  for (const what of ['new', 'unchanged']) {
    const start = performance.now();
    const report = await importKnowledge([folder], { pack: 'bench', repository, now: 1, sources });
    const seconds = (performance.now() - start) / 1000;
    const done = what === 'new' ? report.counts.added : report.counts.unchanged;
    if (done !== count) throw new Error(`${what}: ${done} of ${count} documents; ${JSON.stringify(report.problems.slice(0, 5))}`);
    measured.push({ what, documents: count, seconds, perSecond: count / seconds });
  }
  return measured;
}

export function measuredLine(store: string, { what, documents, seconds, perSecond }: Measured): string {
  return `${store}, ${what}: ${documents} documents in ${seconds.toFixed(1)} s, ${Math.round(perSecond)}/s, ${Math.round(process.memoryUsage().rss / 1e6)} MB`;
}

async function main(benchmarks: string, count: number): Promise<void> {
  const { folder, characters } = benchmarkFolder(benchmarkTexts(benchmarks), count);
  try {
    console.log(
      `${count} files, ${(characters / 1e6).toFixed(1)} million characters: a fifth each of ${makers.map(([extension]) => extension).join(', ')}`,
    );
    for (const line of await measureImport(folder, count, new MemoryKnowledgeRepository())) console.log(measuredLine('memory', line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv[2] ?? process.env.WENBAN_BENCHMARKS ?? '../shared/benchmarks', Number(process.argv[3] ?? 10_000));
}
