/**
 * Measures the classifier on intent data: `npx tsx bot/understand/classifier/measure.ts <benchmarks folder> [set …] [--no-dense]`.
 * Prints accuracy, macro-F1, recall of out-of-scope requests, calibration error and CPU times (this process only); five folds where there is no test part.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { builtInModel, loadStaticEmbedder } from '../../../knowledge/embeddings/static.ts';
import { type Classifier, type Example, trainClassifier } from './classifier.ts';
import { randomFrom } from './softmax.ts';

const [folder = '', ...rest] = process.argv.slice(2);
const wanted = rest.filter((one) => !one.startsWith('--'));
const embedder = rest.includes('--no-dense') ? undefined : await loadStaticEmbedder(builtInModel);
const dense = embedder && { dense: (text: string) => embedder.vector(text) };
const oos = 'oos';
/** So many messages are timed. */
const timed = 500;

function read(file: string, textOf: (row: Record<string, string>) => string = (row) => row.text ?? ''): Example[] {
  const bytes = readFileSync(join(folder, file));
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const row = JSON.parse(line) as Record<string, string>;
    return { text: textOf(row), label: row.label ?? '' };
  });
}

interface Judged {
  readonly gold: string;
  readonly given: string;
  readonly probability: number;
  readonly oosScore: number;
  readonly threshold: number;
}

function judge(train: readonly Example[], test: readonly Example[]): { judged: Judged[]; trainMs: number; messageUs: number } {
  const start = process.cpuUsage();
  const classifier = trainClassifier(train, dense ?? {});
  const training = process.cpuUsage(start);
  const judged = test.map(({ text, label }) => {
    const { label: given, probability, oosScore } = classifier.classify(text);
    return { gold: label, given, probability, oosScore, threshold: classifier.oosThreshold };
  });
  return {
    judged,
    trainMs: (training.user + training.system) / 1000,
    messageUs: messageTime(classifier, test.slice(0, timed)),
  };
}

/** Microseconds of CPU a message: the median of five rounds, after all has been compiled. */
function messageTime(classifier: Classifier, test: readonly Example[]): number {
  const rounds = Array.from({ length: 5 }, () => {
    const from = process.cpuUsage();
    for (const { text } of test) classifier.classify(text);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / test.length;
  });
  return rounds.sort((a, b) => a - b)[2] ?? 0;
}

function report(name: string, runs: readonly ReturnType<typeof judge>[]): void {
  const all = runs.flatMap((run) => run.judged);
  const inside = all.filter((one) => one.gold !== oos);
  const outside = all.filter((one) => one.gold === oos);
  const right = (one: Judged) => one.given === one.gold;
  const kept = (one: Judged) => one.oosScore <= one.threshold;
  const share = (list: readonly Judged[], test: (one: Judged) => boolean) => list.filter(test).length / Math.max(1, list.length);
  const figures: Record<string, number> = {
    accuracy: share(inside, right),
    macroF1: macroF1(inside),
    ece: calibrationError(inside),
    trainMs: Math.round(Math.max(...runs.map((run) => run.trainMs))),
    messageUs: Math.round(runs.map((run) => run.messageUs).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0),
    keptInside: share(inside, kept),
  };
  if (outside.length > 0) {
    figures.oosAuroc = auroc(
      outside.map((one) => one.oosScore),
      inside.map((one) => one.oosScore),
    );
    figures.insideAccuracyAtThreshold = share(inside, (one) => right(one) && kept(one));
    figures.oosRecallAtThreshold = share(outside, (one) => !kept(one));
    for (const target of [0.3, 0.4, 0.5, 0.6, 0.8]) {
      const scores = outside.map((one) => one.oosScore).sort((a, b) => b - a);
      const bound = scores[Math.ceil(scores.length * target) - 1] ?? 1;
      figures[`insideAccuracyAtOosRecall${target}`] = share(inside, (one) => right(one) && one.oosScore < bound);
    }
  }
  console.log(name, Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(4))])));
}

function macroF1(judged: readonly Judged[]): number {
  const labels = [...new Set(judged.flatMap((one) => [one.gold, one.given]))];
  const f1 = labels.map((label) => {
    const hit = judged.filter((one) => one.gold === label && one.given === label).length;
    return (2 * hit) / (judged.filter((one) => one.gold === label).length + judged.filter((one) => one.given === label).length);
  });
  return f1.reduce((sum, one) => sum + one, 0) / labels.length;
}

/** Expected calibration error over ten bins of equal width. */
function calibrationError(judged: readonly Judged[]): number {
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const members = judged.filter((one) => Math.min(9, Math.floor(one.probability * 10)) === bin);
    if (members.length === 0) continue;
    const confidence = members.reduce((sum, one) => sum + one.probability, 0) / members.length;
    const accuracy = members.filter((one) => one.given === one.gold).length / members.length;
    error += (members.length / judged.length) * Math.abs(confidence - accuracy);
  }
  return error;
}

function auroc(positive: readonly number[], negative: readonly number[]): number {
  const wins = positive.reduce((sum, p) => sum + negative.reduce((s, n) => s + (p > n ? 1 : p === n ? 0.5 : 0), 0), 0);
  return wins / (positive.length * negative.length);
}

function folds(data: readonly Example[], always: readonly Example[] = []): ReturnType<typeof judge>[] {
  const random = randomFrom(7);
  const order = data.map((one) => ({ one, key: random() })).sort((a, b) => a.key - b.key);
  return Array.from({ length: 5 }, (_, fold) =>
    judge(
      [...always, ...order.flatMap(({ one }, i) => (i % 5 === fold ? [] : [one]))],
      order.flatMap(({ one }, i) => (i % 5 === fold ? [one] : [])),
    ),
  );
}

const sets: Record<string, () => void> = {
  smp: () => report('smp-ecdt 2017 train → develop', [judge(read('smp-ecdt/2017-train.jsonl'), read('smp-ecdt/2017-develop.jsonl'))]),
  sz: () =>
    report(
      'sz-gov-intents, 5 folds',
      folds(
        read('sz-gov-intents/utterances.jsonl'),
        read('sz-gov-intents/intents.jsonl', (row) => row.title ?? ''),
      ),
    ),
  messages: () =>
    report('citizen-messages topics, 5 folds', folds(read('citizen-messages/labelled.jsonl', (row) => `${row.title} ${row.text}`))),
  cc: () => report('cc-service-guides utterances, 5 folds', folds(read('cc-service-guides/utterances.jsonl'))),
  clinc: () => report('clinc150 train → validation', [judge(read('clinc150/train.jsonl.gz'), read('clinc150/validation.jsonl.gz'))]),
  banking: () => report('banking77, 5 folds', folds(read('banking77/train.jsonl.gz'))),
};
for (const [name, run] of Object.entries(sets)) if (wanted.length === 0 || wanted.includes(name)) run();
