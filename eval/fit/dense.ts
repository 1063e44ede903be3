/**
 * `npm run fit:dense`: what are the embeddings worth on questions they have never seen? Cross-validated: the three fold tables that
 * knowledge/embeddings/distil/run.sh leaves in its cache have not seen the questions they answer here. Paired against words alone.
 * `tsx eval/fit/dense.ts [benchmark folder] [cache folder]`
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { retrieve } from '../../bot/answer/retrieve.ts';
import { loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { loadLexicon } from '../../knowledge/text/lexicon.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import { readCorpus } from '../corpus.ts';
import { readRows } from '../data.ts';
import { type RankMetrics, rankMetrics } from '../metrics/ranking.ts';
import { meanWithInterval, pairedDifference } from '../stats/bootstrap.ts';

const root = join(import.meta.dirname, '..', '..');
const [folder = join(root, '..', 'shared', 'benchmarks'), cache = join(root, 'data', 'distil')] = process.argv.slice(2);
const folds = 3;
const on = new Date().toISOString().slice(0, 10);
const lexicon = await loadLexicon(join(root, 'knowledge', 'lexicon'));
const embedders = await Promise.all(Array.from({ length: folds }, (_, i) => loadStaticEmbedder(join(cache, 'corpus', `fold-${i}.bin`))));
const questionSchema = z.object({ id: z.string(), question: z.string(), docIds: z.array(z.string()), kind: z.string().optional() });
type Question = z.infer<typeof questionSchema>;

/** As distil/examples.py divides the questions: by the hash of their group. */
const taskSchema = z.object({ queries: z.array(z.object({ text: z.string(), group: z.string() })) });
const groups = new Map<string, string>();
for (const line of readFileSync(join(cache, 'corpus', 'retrieval.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean))
  for (const { text, group } of taskSchema.parse(JSON.parse(line)).queries) groups.set(text, group);
const foldOf = (question: string) => {
  const group = groups.get(normalise(question)) ?? question;
  return createHash('sha256').update(group).digest().readUInt32BE(0) % folds;
};

async function indexed(items: readonly KnowledgeItem[], embedder?: (typeof embedders)[number]): Promise<HybridIndex> {
  const index = new HybridIndex({ lexicon, embedder });
  await index.replace({ revision: 'fit', items });
  return index;
}

async function ranks(index: HybridIndex, { question, docIds }: Question): Promise<RankMetrics> {
  const { candidates } = await retrieve(index, lexicon, question, { on });
  return rankMetrics(
    candidates.map(({ item, score }) => ({ id: item.id, score })),
    new Set(docIds),
  );
}

async function compare(name: string, items: readonly KnowledgeItem[], questions: readonly Question[]): Promise<void> {
  const words = await indexed(items);
  const folded = await Promise.all(embedders.map((embedder) => indexed(items, embedder)));
  const before: RankMetrics[] = [];
  const after: RankMetrics[] = [];
  for (const question of questions) {
    before.push(await ranks(words, question));
    after.push(await ranks(folded[foldOf(question.question)] as HybridIndex, question));
  }
  const clusters = questions.map(({ docIds, id }) => [...docIds].sort()[0] ?? id);
  console.log(`${name}, ${questions.length} questions`);
  for (const metric of ['hit@1', 'mrr@10'] as const) {
    const values = (list: readonly RankMetrics[]) => list.map((one) => one[metric]);
    const show = ({ value, ci95 }: { value: number; ci95: readonly [number, number] }) =>
      `${value.toFixed(4)} [${ci95.map((end) => end.toFixed(4)).join(', ')}]`;
    const difference = pairedDifference(values(after), values(before), { clusters });
    console.log(
      `  ${metric.padEnd(7)} words ${show(meanWithInterval(values(before), { clusters }))}  with meaning ${show(meanWithInterval(values(after), { clusters }))}  difference ${show(difference)}`,
    );
  }
}

const questions = (file: string) => readRows(join(folder, file), questionSchema);
const corpus = (file: string) => readCorpus([join(folder, file)]);
await compare('policy questions', await corpus('ncp-policy-qa/corpus.jsonl.gz'), await questions('ncp-policy-qa/questions.jsonl'));
await compare(
  'policy passages',
  await corpus('ncp-policy-qa/passages.jsonl.gz'),
  await questions('ncp-policy-qa/passage-questions.jsonl.gz'),
);
await compare(
  'service items by everyday names',
  await corpus('gd-service-items/items.jsonl.gz'),
  await questions('gd-service-items/alias-queries.jsonl'),
);
const procuratorate = await corpus('procuratorate-qa/corpus.jsonl.gz');
const asked = (await questions('procuratorate-qa/questions.jsonl')).filter(({ docIds }) => docIds.length > 0);
await compare(
  'procuratorate FAQ',
  procuratorate,
  asked.filter(({ kind }) => kind === 'faq'),
);
await compare(
  'procuratorate law',
  procuratorate,
  asked.filter(({ kind }) => kind !== 'faq'),
);
