/** From starting the process to the first answer: after a crash at night this is how long the city waits. */
import { startWorker } from './child.ts';
import { arrive } from './directline-client.ts';
import { percentile, type Row } from './sample.ts';
import { inFolder } from './throw-away.ts';

const starts = 5;

/** The median of five starts on a store that is there already, and the first start of all, which brings in the pack. */
export async function benchCold(question: string): Promise<Row> {
  return inFolder(async (dataDir) => {
    const first = await oneStart(dataDir, question);
    const again: Awaited<ReturnType<typeof oneStart>>[] = [];
    for (let i = 0; i < starts; i++) again.push(await oneStart(dataDir, question));
    const sorted = again.map(({ answered }) => answered).sort((a, b) => a - b);
    const median = percentile(sorted, 0.5);
    const listening = percentile(
      again.map((one) => one.listening).sort((a, b) => a - b),
      0.5,
    );
    const megabytes = Math.max(...again.map((one) => one.megabytes));
    return {
      id: 'cold',
      name: `cold start to the first answer, median of ${starts}`,
      p50: median,
      note: `${(median / 1000).toFixed(2)} s (it listens after ${(listening / 1000).toFixed(2)} s); the very first start, which imports the pack, ${(first.answered / 1000).toFixed(2)} s; ${megabytes.toFixed(0)} MB after the answer`,
      figures: { seconds: median / 1000, firstSeconds: first.answered / 1000, megabytes },
    };
  });
}

async function oneStart(dataDir: string, question: string): Promise<{ answered: number; listening: number; megabytes: number }> {
  const begun = performance.now();
  const server = await startWorker('server', { dataDir });
  try {
    const citizen = await arrive(server.url);
    await citizen.ask(question);
    const answered = performance.now() - begun;
    citizen.close();
    return { answered, listening: server.startedIn, megabytes: (await server.health()).rss / 1e6 };
  } finally {
    await server.stop();
  }
}
