/** How fast the built-in embeddings are, on one core: `npx tsx knowledge/embeddings/bench.ts [model file]`. */
import { performance } from 'node:perf_hooks';
import { builtInModel, loadStaticEmbedder } from './static.ts';

const file = process.argv[2] ?? builtInModel;
const subjects = ['身份证', '社保卡', '公积金', '居住证', '营业执照', '驾驶证', '结婚证', '不动产权证', '低保', '生育津贴'];
const questions = [
  '丢了怎么补办',
  '到期了要去哪里换',
  '办理需要带什么材料',
  '可以在网上申请吗',
  '要多少钱，几天能办好',
  '能让家里人代办吗',
];
const short = subjects.flatMap((subject) => questions.map((question) => `${subject}${question}？`));
const long = Array.from({ length: 60 }, (_, i) => Array.from({ length: 20 }, (_, j) => short[(i * 7 + j) % short.length]).join(''));

const started = performance.now();
const embedder = await loadStaticEmbedder(file);
console.log(`${embedder.id}, ${embedder.dimensions} dimensions, loaded in ${(performance.now() - started).toFixed(0)} ms`);

/** Texts a second: the best of a few rounds, the first of which only warm up. */
function speed(texts: readonly string[], rounds: number): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    let count = 0;
    // CPU time would be fairer on a busy machine, but a round this short is rarely interrupted.
    while (performance.now() - begin < 300) {
      // Each time another text: what was asked lately is remembered.
      for (const text of texts) embedder.vector(`${text}${count++}`);
    }
    best = Math.max(best, (count / (performance.now() - begin)) * 1000);
  }
  return Math.round(best);
}

const mean = (texts: readonly string[]) => Math.round(texts.reduce((sum, text) => sum + text.length, 0) / texts.length);
console.log(`short texts (${mean(short)} characters): ${speed(short, 6).toLocaleString('en')} a second on one core`);
console.log(`long texts (${mean(long)} characters): ${speed(long, 6).toLocaleString('en')} a second on one core`);
