/** Documents in bulk, to measure how fast they come in: real texts or invented ones, repeated with a change in each copy, as files of all kinds. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { KnowledgeRepository } from '../repository.ts';
import { docxOf, paragraph } from './documents/testing/office.ts';
import { pageOf, pdfOf } from './documents/testing/pdf.ts';
import { importKnowledge } from './import.ts';
import type { OnProgress } from './progress.ts';
import type { SourceIndex } from './source-index.ts';

const textSchema = z.object({ title: z.string(), text: z.string() });
export type BenchText = z.infer<typeof textSchema>;
const sets = ['ncp-policy-qa/corpus.jsonl.gz', 'procuratorate-qa/corpus.jsonl.gz', 'cmrc2018/corpus.jsonl.gz'];

/** The real texts; Word and PDF files are made of those up to this long, so that making them doesn't take longer than reading. */
const maxCharacters = 20_000;

/** Real Chinese texts of the benchmark sets in a folder. Errors: a set that is missing or not what it says. */
export function benchmarkTexts(benchmarks: string): BenchText[] {
  const lines = sets.flatMap((set) =>
    gunzipSync(readFileSync(join(benchmarks, set)))
      .toString('utf8')
      .trim()
      .split('\n'),
  );
  return lines.map((line) => textSchema.parse(JSON.parse(line))).filter(({ text }) => text.length >= 100 && text.length <= maxCharacters);
}

const matters = ['公共租赁住房', '灵活就业参保', '居住证', '义务教育入学', '小微企业补贴', '公园停车', '老年人乘车', '养犬登记'];
const bodies = ['市住房和城乡建设局', '市人力资源和社会保障局', '市公安局', '市教育局', '市市场监督管理局', '各区人民政府'];
const duties = [
  '负责受理申请，并在收到材料之日起若干个工作日内作出决定',
  '应当一次性告知需要补正的全部内容，不得要求提供能够共享核验的证明',
  '对不符合条件的，书面说明理由，并告知可以在六十日内申请行政复议',
  '每年公布办理情况，接受社会监督；电话和窗口同时接受咨询',
  '可以委托街道办事处收取材料，受委托单位不得收取任何费用',
];

/** Made-up rules of some 1,500 characters each, for where there are no real texts. */
export function inventedTexts(count = 200): BenchText[] {
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
  return Array.from({ length: count }, (_, document) => {
    const matter = pick(matters, document);
    const clause = (index: number): string =>
      `第${index + 1}条 ${pick(bodies, document + index)}${pick(duties, document * 3 + index)}。办理${matter}的，按照第${(index * 7 + document) % 30}款的标准执行，最长不超过${((index + document) % 60) + 1}日。`;
    const clauses = Array.from({ length: 16 }, (_, index) => clause(index));
    return { title: `${matter}管理办法（样本${document + 1}）`, text: clauses.join('\n') };
  });
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
export function benchmarkFolder(texts: readonly BenchText[], count: number): { folder: string; characters: number; kinds: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'wenban-bench-'));
  let characters = 0;
  for (let index = 0; index < count; index += 1) {
    const { title, text } = texts[index % texts.length] as BenchText;
    const [extension, make] = makers[(index + Math.floor(index / texts.length)) % makers.length] as (typeof makers)[number];
    const lines = [...text.split('\n').filter((line) => line.trim() !== ''), `（第${index + 1}份）`];
    characters += text.length;
    const directory = join(folder, String(Math.floor(index / 1000)));
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `d${index}.${extension}`), make(`${title.split('\n')[0]?.slice(0, 60)} ${index + 1}`, lines));
  }
  return { folder, characters, kinds: makers.map(([extension]) => extension) };
}

export interface BenchStore {
  readonly pack: string;
  readonly repository: KnowledgeRepository;
  readonly sources: SourceIndex;
}

/** Imports the folder and returns the seconds it took. Throws when not exactly `expected` documents were new (or, again, unchanged). */
export async function importSeconds(
  folder: string,
  expected: { added: number } | { unchanged: number },
  store: BenchStore,
  onProgress?: OnProgress,
): Promise<number> {
  const start = performance.now();
  const report = await importKnowledge([folder], { ...store, now: 1, ...(onProgress ? { onProgress } : {}) });
  const seconds = (performance.now() - start) / 1000;
  const [[state, count]] = Object.entries(expected) as [['added' | 'unchanged', number]];
  if (report.counts[state] !== count)
    throw new Error(`${report.counts[state]} of ${count} documents ${state}; ${JSON.stringify(report.problems.slice(0, 5))}`);
  return seconds;
}
