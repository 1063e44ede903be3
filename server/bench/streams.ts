/** Answers that a model writes while citizens read along: how soon the first words are there with many at the same time. */
import { setTimeout as pause } from 'node:timers/promises';
import { startWorker } from './child.ts';
import { arrive, type Turn } from './directline-client.ts';
import { type Row, spread } from './sample.ts';
import { inFolder, learnt } from './throw-away.ts';

/** The stand-in model: twenty milliseconds to the first token, fifteen from one to the next. */
const times = { firstMs: 20, tokenMs: 15 };
/** Asked of the model before an answer is written: the message is read. It is the model's time and taken off. */
const modelFirst = 2 * times.firstMs;
/** So long each citizen reads before the next question, milliseconds, more or less. */
const readingMs = 2000;

/**
 * `concurrent` citizens ask at moments of their own for `seconds`. p50 to p99 are from sending a question to the first byte of its answer
 * (what a reader sees first on the stream); the note says when the first checked sentence came, with the model's own time in it.
 */
export async function benchStreams(concurrent: number, seconds: number, questions: readonly string[]): Promise<Row> {
  return inFolder(async (dataDir) => {
    const model = await startWorker('model', times);
    const server = await startWorker('server', {
      dataDir,
      environment: { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_API_KEY: 'bench', OPENAI_MODEL: 'bench' },
    });
    try {
      await learnt(dataDir);
      const citizens = await inTurn(concurrent, () => arrive(server.url));
      const turns: Turn[] = [];
      let next = 0;
      // The first answers load what a model needs.
      await citizens[0]?.ask(questions[next++] as string);
      const before = await server.cpu();
      const start = performance.now();
      const until = start + seconds * 1000;
      await Promise.all(
        citizens.map(async (citizen, i) => {
          await pause((i / concurrent) * readingMs);
          while (performance.now() < until) {
            turns.push(await citizen.ask(questions[next++ % questions.length] as string));
            await pause(readingMs * (0.5 + ((i * 7 + next) % 10) / 10));
          }
        }),
      );
      const elapsed = (performance.now() - start) / 1000;
      const cpuMs = ((await server.cpu()) - before) / 1000 / Math.max(1, turns.length);
      for (const citizen of citizens) citizen.close();
      const streamed = turns.filter((turn) => turn.streamed);
      const first = spread(turns.map((turn) => turn.firstSign ?? turn.firstWords));
      const sentence = spread(streamed.map((turn) => turn.firstWords));
      return {
        id: `streams-${concurrent}`,
        name: `${concurrent} citizens with streamed answers: first byte`,
        perSecond: turns.length / elapsed,
        ...first,
        cpuMs,
        note: `${Math.round((streamed.length / Math.max(1, turns.length)) * 100)} % streamed; first checked sentence p50 ${sentence.p50.toFixed(0)} ms, p95 ${sentence.p95.toFixed(0)} ms, at least ${modelFirst} ms of it the model's`,
        figures: { firstByteP95: first.p95, firstSentenceP95: sentence.p95, streamedShare: streamed.length / Math.max(1, turns.length) },
      };
    } finally {
      await server.stop();
      await model.stop();
    }
  });
}

/** Makes many, a few at a time. */
async function inTurn<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let begun = 0;
  const one = async () => {
    while (begun < count) {
      begun++;
      made.push(await make());
    }
  };
  await Promise.all(Array.from({ length: Math.min(20, count) }, one));
  return made;
}
