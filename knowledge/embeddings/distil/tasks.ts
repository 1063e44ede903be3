/** What the embeddings are measured on: retrieval and sentence-pair tasks made of the benchmark folder and the sample pack. */
import { chunks } from './chunk.ts';
import { packTexts } from './pack-texts.ts';
import { cmrcRow, documentRow, intentRow, itemRow, pairRow, questionRow, readRows, utteranceRow } from './rows.ts';

export interface Query {
  readonly text: string;
  /** Documents that count as found. */
  readonly gold: readonly number[];
  /** The passage to train on: the one with the answer. */
  readonly best: number;
  /** Queries of one group never stand on both sides of a fold. */
  readonly group: string;
}

export interface RetrievalTask {
  readonly name: string;
  readonly queries: readonly Query[];
  /** A document's score is its best passage's. */
  readonly passages: readonly { readonly text: string; readonly doc: number }[];
}

export interface PairTask {
  readonly name: string;
  readonly pairs: readonly { readonly a: string; readonly b: string; readonly label: number }[];
}

interface Document {
  readonly id: string;
  readonly texts: readonly string[];
}
interface Question {
  readonly text: string;
  readonly docIds: readonly string[];
  readonly answer?: string;
  readonly group?: string;
}

function retrieval(name: string, documents: readonly Document[], questions: readonly Question[]): RetrievalTask {
  const number = new Map(documents.map((document, i) => [document.id, i]));
  const passages = documents.flatMap((document, doc) => document.texts.map((text) => ({ text, doc })));
  const firstOf = new Map<number, number>();
  passages.forEach((passage, i) => {
    if (!firstOf.has(passage.doc)) firstOf.set(passage.doc, i);
  });
  const queries = questions.flatMap((question): Query[] => {
    const gold = question.docIds.flatMap((id) => number.get(id) ?? []);
    const first = gold.flatMap((doc) => firstOf.get(doc) ?? [])[0];
    if (first === undefined) return [];
    const start = question.answer?.slice(0, 12);
    const holder = start ? passages.findIndex((passage) => gold.includes(passage.doc) && passage.text.includes(start)) : -1;
    return [{ text: question.text, gold, best: holder < 0 ? first : holder, group: question.group ?? `${name}:${question.docIds[0]}` }];
  });
  return { name, queries, passages };
}

const titled = (title: string, text: string): string => (title === '' || text.startsWith(title) ? text : `${title} ${text}`);

/** One document per answer text; the document's name goes before each of its chunks. */
const chunked = (row: { id: string; title: string; text: string }): Document => ({
  id: row.id,
  texts: chunks(row.text).map((text) => titled(row.title, text)),
});

/** The retrieval tasks that the folder has files for. Errors: a file that cannot be read. */
export async function retrievalTasks(folder: string): Promise<RetrievalTask[]> {
  const ncp = await readRows(folder, 'ncp-policy-qa/corpus.jsonl.gz', documentRow);
  const ncpQuestions = await readRows(folder, 'ncp-policy-qa/questions.jsonl', questionRow);
  const passages = await readRows(folder, 'ncp-policy-qa/passages.jsonl.gz', documentRow);
  const passageQuestions = await readRows(folder, 'ncp-policy-qa/passage-questions.jsonl.gz', questionRow);
  const items = await readRows(folder, 'gd-service-items/items.jsonl.gz', itemRow);
  const aliases = await readRows(folder, 'gd-service-items/alias-queries.jsonl', questionRow);
  const procuratorate = await readRows(folder, 'procuratorate-qa/corpus.jsonl.gz', documentRow);
  const procuratorateQuestions = await readRows(folder, 'procuratorate-qa/questions.jsonl', questionRow);
  const intents = await readRows(folder, 'sz-gov-intents/intents.jsonl', intentRow);
  const utterances = await readRows(folder, 'sz-gov-intents/utterances.jsonl', utteranceRow);
  const replies = await readRows(folder, 'citizen-messages/replies-corpus.jsonl.gz', documentRow);
  const messages = await readRows(folder, 'citizen-messages/replies-queries.jsonl.gz', questionRow);
  const paragraphs = await readRows(folder, 'cmrc2018/corpus.jsonl.gz', documentRow);
  const paragraphQuestions = await readRows(folder, 'cmrc2018/questions.jsonl.gz', cmrcRow);
  const pack = await packTexts();

  const group = groups([
    ...ncpQuestions.map((row) => [`q:${row.question}`, ...row.docIds.map((id) => `d:${id}`)]),
    ...passageQuestions.map((row) => [`q:${row.question}`, ...row.docIds.map((id) => `p:${id}`)]),
    ...aliases.map((row) => [`q:${row.question}`, ...row.docIds.map((id) => `i:${id}`)]),
  ]);
  const asked = (row: { question: string; docIds: string[]; answer?: string }): Question => ({
    text: row.question,
    docIds: row.docIds,
    answer: row.answer ?? '',
    group: group(`q:${row.question}`),
  });
  const whole = (row: { id: string; text: string }): Document => ({ id: row.id, texts: [row.text] });
  const titles = new Set(intents.map((row) => row.title));

  return [
    retrieval('ncp documents', ncp.map(chunked), ncpQuestions.map(asked)),
    retrieval('ncp passages', passages.map(whole), passageQuestions.map(asked)),
    retrieval(
      'gd aliases',
      items.map((row) => ({ id: row.id, texts: [[...new Set([row.title, row.subCatalogue, row.catalogue])].filter(Boolean).join(' ')] })),
      aliases.map(asked),
    ),
    retrieval(
      'procuratorate',
      procuratorate.map(chunked),
      procuratorateQuestions.map((row) => ({ text: row.question, docIds: row.docIds, answer: row.answer })),
    ),
    retrieval(
      'sz titles',
      intents.map((row) => ({ id: row.label, texts: [row.title] })),
      utterances.filter((row) => !titles.has(row.text)).map((row) => ({ text: row.text, docIds: [row.label] })),
    ),
    retrieval(
      'messages to replies',
      replies.map(chunked),
      messages.map((row) => ({ text: `${row.question} ${row.text}`.slice(0, 300), docIds: row.docIds })),
    ),
    retrieval('pack', pack.documents, pack.questions),
    retrieval(
      'cmrc (never trained on)',
      paragraphs.map((row) => ({ id: row.id, texts: [row.text] })),
      paragraphQuestions.map((row) => ({ text: row.question, docIds: row.docIds })),
    ),
  ].filter((task) => task.queries.length > 0);
}

/** The tasks of the kind "do two sentences ask the same?". */
export async function pairTasks(folder: string): Promise<PairTask[]> {
  const sets = ['lcqmc', 'afqmc', 'oppo-xiaobu'];
  const tasks = await Promise.all(
    sets.map(async (name) => ({ name, pairs: await readRows(folder, `zh-matching/${name}.jsonl.gz`, pairRow) })),
  );
  return tasks.filter((task) => task.pairs.length > 0);
}

/** Union-find over keys that stand in one row together; gives each key its group's name. */
export function groups(rows: readonly (readonly string[])[]): (key: string) => string {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    parent.set(key, at);
    return at;
  };
  for (const row of rows) {
    const first = row[0];
    if (first === undefined) continue;
    for (const key of row) parent.set(root(key), root(first));
  }
  return root;
}
