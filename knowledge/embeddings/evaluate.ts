/**
 * Scores of the built-in embeddings alone (no words matched): `npx tsx knowledge/embeddings/evaluate.ts [benchmark folder] [model file]`.
 * The model that ships was trained on these very questions: the honest figures, from folds it had not seen, are in model/MODEL_CARD.md.
 */
import { existsSync } from 'node:fs';
import { pairTasks, type RetrievalTask, retrievalTasks } from './distil/tasks.ts';
import { builtInModel, loadStaticEmbedder } from './static.ts';

const [folder = '../shared/benchmarks', file = builtInModel] = process.argv.slice(2);
if (!existsSync(folder)) {
  console.error(`${folder}: no benchmark folder. Give its path as the first argument.`);
  process.exit(1);
}
const embedder = await loadStaticEmbedder(file);

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** MRR@10 and hit@1, ties at their expected value under random order. A document counts by its best passage. */
function retrievalScores({ queries, passages }: RetrievalTask): { mrr: number; hit: number } {
  const vectors = passages.map((passage) => embedder.vector(passage.text));
  const documents = Math.max(...passages.map((passage) => passage.doc)) + 1;
  let mrr = 0;
  let hit = 0;
  for (const query of queries) {
    const asked = embedder.vector(query.text);
    const scores = new Float64Array(documents).fill(Number.NEGATIVE_INFINITY);
    passages.forEach(({ doc }, i) => {
      scores[doc] = Math.max(scores[doc] ?? 0, dot(asked, vectors[i] ?? asked));
    });
    const gold = new Set(query.gold);
    const best = Math.max(...query.gold.map((doc) => scores[doc] ?? Number.NEGATIVE_INFINITY));
    let above = 0;
    let equal = 0;
    scores.forEach((score, doc) => {
      if (gold.has(doc)) return;
      if (score > best) above++;
      else if (score === best) equal++;
    });
    for (let place = above + 1; place <= Math.min(10, above + equal + 1); place++) mrr += 1 / place / (equal + 1);
    hit += above === 0 ? 1 / (equal + 1) : 0;
  }
  return { mrr: mrr / queries.length, hit: hit / queries.length };
}

/** Accuracy at the best cut-off on this very set. */
function pairAccuracy(pairs: readonly { a: string; b: string; label: number }[]): number {
  const scored = pairs.map(({ a, b, label }) => ({ label, score: dot(embedder.vector(a), embedder.vector(b)) }));
  scored.sort((x, y) => y.score - x.score);
  let right = scored.filter(({ label }) => label === 0).length;
  let best = right;
  scored.forEach(({ label, score }, i) => {
    right += label === 1 ? 1 : -1;
    if (scored[i + 1]?.score !== score) best = Math.max(best, right);
  });
  return best / pairs.length;
}

console.log(`${embedder.id} on ${folder}\n\n| task | queries | passages | MRR@10 | hit@1 |\n|---|---|---|---|---|`);
for (const task of await retrievalTasks(folder)) {
  const { mrr, hit } = retrievalScores(task);
  console.log(`| ${task.name} | ${task.queries.length} | ${task.passages.length} | ${mrr.toFixed(3)} | ${hit.toFixed(3)} |`);
}
console.log('\n| sentence pairs | pairs | accuracy |\n|---|---|---|');
for (const { name, pairs } of await pairTasks(folder)) console.log(`| ${name} | ${pairs.length} | ${pairAccuracy(pairs).toFixed(3)} |`);
