/**
 * `npm run fit`: learns from dev questions when to answer and when to say "I don't know", and writes bot/answer/calibration.ts with the
 * cross-validated curve. `tsx eval/fit/confidence.ts [benchmark folder] [--check]`; with --check nothing is written.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Calibration, type Signals, signalNames, signalsOf } from '../../bot/answer/confidence.ts';
import { retrieve } from '../../bot/answer/retrieve.ts';
import { builtInModel, loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import { readPack } from '../../knowledge/import/pack.ts';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { loadLexicon } from '../../knowledge/text/lexicon.ts';
import { readCorpus } from '../corpus.ts';
import { readRows } from '../data.ts';
import { auroc } from '../metrics/auroc.ts';
import { fitLogistic, predict } from './logistic.ts';

const questionSchema = z.object({ question: z.string(), docIds: z.array(z.string()) });
const safetySchema = z.object({ text: z.string(), expect: z.string() });

interface Example {
  readonly signals: Signals;
  readonly kind: KnowledgeItem['kind'];
  readonly answerable: boolean;
}

const folds = 5;
/** What false answers are reported at. */
const reported = 0.9;
const on = new Date().toISOString().slice(0, 10);
const root = join(import.meta.dirname, '..', '..');
const check = process.argv.includes('--check');
const folder = process.argv.slice(2).find((one) => !one.startsWith('--')) ?? join(root, '..', 'shared', 'benchmarks');
const lexicon = await loadLexicon(join(root, 'knowledge', 'lexicon'));
const embedder = await loadStaticEmbedder(builtInModel);

interface Asked {
  readonly question: string;
  /** Items that answer it; none where the knowledge doesn't. */
  readonly docIds: readonly string[];
}

/** A question is answerable when it has an answer; with `best`, only when the first candidate is one. */
async function examples(items: readonly KnowledgeItem[], asked: readonly Asked[], rule: 'has' | 'best'): Promise<Example[]> {
  const index = new HybridIndex({ lexicon, embedder });
  await index.replace({ revision: 'fit', items });
  const held = new Set(items.map(({ id }) => id));
  const found: Example[] = [];
  for (const { question, docIds } of asked) {
    const { candidates, known } = await retrieve(index, lexicon, question, { on });
    const [best, second] = candidates;
    if (!best) continue;
    const answerable = rule === 'best' ? docIds.includes(best.item.id) : docIds.some((id) => held.has(id));
    found.push({ signals: signalsOf(question, best, second?.score, known, lexicon), kind: best.item.kind, answerable });
  }
  return found;
}

/** What can't be answered once every item that answers it is taken out; their siblings stay and mislead. */
async function withoutAnswers(items: readonly KnowledgeItem[], asked: readonly Asked[]): Promise<Example[]> {
  const halves = [0, 1].map(async (half) => {
    const some = asked.filter((_, i) => i % 2 === half);
    const gold = new Set(some.flatMap(({ docIds }) => docIds));
    return examples(
      items.filter(({ id }) => !gold.has(id)),
      some,
      'best',
    );
  });
  return (await Promise.all(halves)).flat();
}

const rowOf = ({ signals }: Example) => signalNames.map((name) => signals[name]);

/** `quoted`: the share of answerable questions that are answered at the threshold. */
function learn(what: string, list: readonly Example[], quoted: number) {
  const scores = new Array<number>(list.length).fill(0);
  for (let fold = 0; fold < folds; fold++) {
    const train = list.filter((_, i) => i % folds !== fold);
    const fit = fitLogistic(
      train.map(rowOf),
      train.map(({ answerable }) => answerable),
    );
    list.forEach((example, i) => {
      if (i % folds === fold) scores[i] = predict(fit, rowOf(example));
    });
  }
  const of = (answerable: boolean) => scores.filter((_, i) => list[i]?.answerable === answerable).sort((a, b) => a - b);
  const [yes, no] = [of(true), of(false)];
  const share = (sorted: readonly number[], threshold: number) => sorted.filter((score) => score >= threshold).length / sorted.length;
  const at = (part: number) => yes[Math.floor((1 - part) * yes.length)] ?? 0;
  const curve = Array.from({ length: 20 }, (_, i) => at((i + 1) / 20)).map((threshold) => ({
    threshold: round(threshold),
    kept: round(share(yes, threshold)),
    passed: round(share(no, threshold)),
  }));
  const whole = fitLogistic(
    list.map(rowOf),
    list.map(({ answerable }) => answerable),
  );
  console.log(
    `${what}: ${yes.length} answerable, ${no.length} not; AUROC ${auroc(yes, no).toFixed(4)}; with ${reported * 100} % kept ${(100 * share(no, at(reported))).toFixed(1)} % pass (${folds}-fold)`,
  );
  const weights = Object.fromEntries(signalNames.map((name, i) => [name, round(whole.weights[i] ?? 0)])) as Signals;
  return { bias: round(whole.bias), weights, threshold: round(at(quoted)), curve };
}

const round = (value: number) => Math.round(value * 10_000) / 10_000;

const inside = await readRows(join(folder, 'ncp-policy-qa', 'questions.jsonl'), questionSchema);
const outside = await readRows(join(folder, 'ncp-policy-qa', 'questions-outside.jsonl.gz'), questionSchema);
const policies = await readCorpus([join(folder, 'ncp-policy-qa', 'corpus.jsonl.gz')]);
const policy = learn('policy documents', await examples(policies, [...inside, ...outside], 'has'), 0.8);

const pack = (await readPack(join(root, 'knowledge', 'packs', 'anlan'))).items.map(({ item }) => item);
const suites = join(root, 'eval', 'suites', 'anlan', 'data');
const questions = await readRows(join(suites, 'answers.jsonl'), questionSchema);
const refused = (await readRows(join(suites, 'safety.jsonl'), safetySchema)).filter(({ expect }) => expect === 'refuse');
const named = learn(
  'guides, FAQs and contacts',
  [
    ...(await examples(pack, questions, 'best')),
    ...(await withoutAnswers(pack, questions)),
    ...(await examples(
      pack,
      refused.map(({ text }) => ({ question: text, docIds: [] })),
      'best',
    )),
  ].filter(({ kind }) => kind !== 'policy'),
  0.85,
);

if (!check) {
  const file = join(root, 'bot', 'answer', 'calibration.ts');
  const value: Calibration = { policy, named };
  writeFileSync(file, `${header()}export const calibration: Calibration = ${JSON.stringify(value)};\n`);
  execFileSync('npx', ['biome', 'check', '--write', file], { cwd: root, stdio: 'ignore' });
  console.log(`written: ${file}`);
}

function header(): string {
  return `/** Made by \`npm run fit\`: not edited by hand. Fitted on development questions; the curve is cross-validated (${folds}-fold). */
import type { Calibration } from './confidence.ts';

`;
}
