/**
 * Writes everything the distillation reads, normalised by knowledge/text/normalise.ts, as JSON lines into a folder outside git:
 * `tsx corpus.ts <benchmark folder> <output folder>` → texts.jsonl, retrieval.jsonl, pairs.jsonl, auxiliary.jsonl, vectors.jsonl.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { normalise } from '../../text/normalise.ts';
import { sentences } from './chunk.ts';
import { packTexts } from './pack-texts.ts';
import { documentRow, guideRow, itemRow, questionRow, readRows, utteranceRow } from './rows.ts';
import { pairTasks, retrievalTasks } from './tasks.ts';

const [benchmarks = '../shared/benchmarks', output = 'data/distil'] = process.argv.slice(2);

/** A text to learn from. `doc` names the document for document frequencies; `long` ones cost the teacher more. */
interface Text {
  readonly text: string;
  readonly doc: string;
}

/** Sets whose licence allows research only (smp-ecdt, zh-matching) are not read here. */
async function texts(): Promise<Text[]> {
  const pack = await packTexts();
  const ncp = await readRows(benchmarks, 'ncp-policy-qa/corpus.jsonl.gz', documentRow);
  const procuratorate = await readRows(benchmarks, 'procuratorate-qa/corpus.jsonl.gz', documentRow);
  const messages = await readRows(benchmarks, 'citizen-messages/unlabelled.jsonl.gz', documentRow);
  const labelled = await readRows(benchmarks, 'citizen-messages/labelled.jsonl', documentRow);
  const replies = await readRows(benchmarks, 'citizen-messages/replies-corpus.jsonl.gz', documentRow);
  const outside = await readRows(benchmarks, 'ncp-policy-qa/questions-outside.jsonl.gz', questionRow);
  const unlabelled = await readRows(benchmarks, 'ncp-policy-qa/unlabelled-questions.jsonl.gz', questionRow);
  const chitchat = await readRows(benchmarks, 'sz-gov-intents/chitchat.jsonl', utteranceRow);
  const utterances = await readRows(benchmarks, 'cc-service-guides/utterances.jsonl', utteranceRow);
  const items = await readRows(benchmarks, 'gd-service-items/items.jsonl.gz', itemRow);
  const guides = await readRows(benchmarks, 'cc-service-guides/guides.jsonl.gz', guideRow);
  const split = (rows: readonly { id: string; title?: string; text: string }[], kind: string): Text[] =>
    rows.flatMap((row) => [row.title ?? '', ...sentences(row.text, 120)].map((text) => ({ text, doc: `${kind}:${row.id}` })));
  return [
    ...split(ncp, 'ncp'),
    ...split(procuratorate, 'procuratorate'),
    ...split(messages, 'message'),
    ...split(labelled, 'message'),
    ...split(replies, 'reply'),
    ...split(chitchat, 'chat'),
    ...split(utterances, 'utterance'),
    ...[...outside, ...unlabelled].map((row) => ({ text: row.question, doc: row.id })),
    ...items.flatMap((row) => [row.title, ...sentences(row.conditions, 120)].map((text) => ({ text, doc: row.id }))),
    ...guides.flatMap((row) => [row.item, row.subItem, ...sentences(row.conditions, 120)].map((text) => ({ text, doc: row.id }))),
    ...pack.documents.flatMap((document) => document.texts.map((text) => ({ text, doc: `pack:${document.id}` }))),
    ...pack.policies.flatMap((policy, i) => sentences(policy, 120).map((text) => ({ text, doc: `policy:${i}` }))),
  ];
}

/** Pairs that belong together by how they were written, none of them an evaluation pair. */
async function auxiliary(): Promise<{ kind: string; a: string; b: string }[]> {
  const messages = await readRows(benchmarks, 'citizen-messages/unlabelled.jsonl.gz', documentRow);
  const guides = await readRows(benchmarks, 'cc-service-guides/guides.jsonl.gz', guideRow);
  const pack = await packTexts();
  return [
    ...messages.map((row) => ({ kind: 'message', a: row.title, b: row.text.slice(0, 200) })),
    ...guides.map((row) => ({ kind: 'guide', a: row.subItem || row.item, b: `${row.item} ${row.conditions}`.slice(0, 200) })),
    ...pack.synonyms.map(([a, b]) => ({ kind: 'synonym', a, b })),
  ];
}

async function write(name: string, rows: readonly unknown[]): Promise<void> {
  await writeFile(join(output, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  console.log(`${name}: ${rows.length} rows`);
}

await mkdir(output, { recursive: true });
const clean = <T extends { text: string }>(row: T): T => ({ ...row, text: normalise(row.text) });
await write(
  'texts.jsonl',
  (await texts()).map(clean).filter((row) => row.text.length > 1),
);
await write(
  'retrieval.jsonl',
  (await retrievalTasks(benchmarks)).map((task) => ({ ...task, queries: task.queries.map(clean), passages: task.passages.map(clean) })),
);
await write(
  'pairs.jsonl',
  (await pairTasks(benchmarks)).map((task) => ({
    ...task,
    pairs: task.pairs.map((pair) => ({ ...pair, a: normalise(pair.a), b: normalise(pair.b) })),
  })),
);
await write(
  'auxiliary.jsonl',
  (await auxiliary()).map((pair) => ({ ...pair, a: normalise(pair.a), b: normalise(pair.b) })).filter((pair) => pair.a && pair.b),
);
const invented = z.array(z.string()).parse(JSON.parse(await readFile(resolve(import.meta.dirname, 'sentences.json'), 'utf8')));
await write(
  'vectors.jsonl',
  invented.map((text) => ({ text, normalised: normalise(text) })),
);
