/** The texts of a suite's corpus as knowledge items: rows of our own shape as documents, everything else as the importer reads it. */
import { readKnowledge } from '../knowledge/import/import.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import { type CorpusRow, corpusRowSchema, DataError, readLines } from './data.ts';

/** Reads corpus files. Throws `DataError` when one has rows that are neither `{id, title, text}` nor knowledge. */
export async function readCorpus(files: readonly string[]): Promise<KnowledgeItem[]> {
  const lists: KnowledgeItem[][] = [];
  for (const file of files) lists.push(await readFileOf(file));
  return lists.flat();
}

async function readFileOf(file: string): Promise<KnowledgeItem[]> {
  if (/\.jsonl(\.gz)?$/.test(file)) {
    const rows = await readLines(file);
    const parsed = rows.map((row) => corpusRowSchema.safeParse(row));
    if (parsed.every((row) => row.success)) return parsed.map((row) => document(row.data as CorpusRow));
  }
  const { items, problems } = await readKnowledge([file], { strict: false });
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    const told = errors.slice(0, 5).map(({ file: name, line, field, message }) => `${name}:${line ?? '?'} ${field ?? ''} ${message}`);
    throw new DataError(`${told.join('\n')}${errors.length > 5 ? `\n… ${errors.length - 5} more` : ''}`);
  }
  return items.map(({ item }) => item);
}

/** The importer names a document without a title by its first words, and so does this. */
const titleLength = 30;

function document({ id, title, text, url }: CorpusRow): KnowledgeItem {
  return {
    kind: 'policy',
    id,
    title: title.trim() || text.trim().slice(0, titleLength),
    body: text,
    audience: [],
    tags: [],
    sample: false,
    ...(url ? { url } : {}),
  };
}
