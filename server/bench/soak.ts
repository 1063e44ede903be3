/** `wenban bench soak`: half of the peak for as long as one likes, to see that memory and latency stay where they are. */
import { setTimeout as pause } from 'node:timers/promises';
import { startWorker, type Worker } from './child.ts';
import { arrive, type Citizen } from './directline-client.ts';
import { percentile } from './sample.ts';
import { inFolder } from './throw-away.ts';

export interface SoakPoint {
  /** Seconds since the load began. */
  readonly at: number;
  readonly perSecond: number;
  /** Milliseconds, of this stretch; NaN when nothing was answered in it. */
  readonly p50: number;
  readonly p95: number;
  /** After a collection. */
  readonly rssMegabytes: number;
}

export interface SoakOptions {
  readonly seconds: number;
  /** Between two looks, seconds. */
  readonly everySeconds: number;
  readonly concurrent: number;
  readonly questions: readonly string[];
  /** Questions a second; undefined: half of what a short run at full speed reaches. */
  readonly rate?: number | undefined;
  readonly onPoint: (point: SoakPoint) => void;
}

export interface SoakResult {
  readonly rate: number;
  readonly points: readonly SoakPoint[];
}

/** How long the peak is looked for, seconds. */
const peakSeconds = 10;
/** A citizen asks so many questions, then another one comes. */
const turnsPerCitizen = 8;

/** Runs the server in a process of its own. Rejects when an answer does not come: that is a failed soak too. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  return inFolder(async (dataDir) => {
    const server = await startWorker('server', { dataDir });
    try {
      const ask = asker(server, options.questions);
      // Everybody has arrived and been answered once before it counts.
      await Promise.all(Array.from({ length: options.concurrent }, (_, worker) => ask(worker)));
      const rate = options.rate ?? Math.max(1, (await peak(ask, options.concurrent)) / 2);
      return { rate, points: await run(server, ask, rate, options) };
    } finally {
      await server.stop();
    }
  });
}

type Ask = (worker: number) => Promise<void>;

function asker(server: Worker, questions: readonly string[]): Ask {
  const citizens = new Map<number, { citizen: Citizen; left: number }>();
  let next = 0;
  return async (worker) => {
    const known = citizens.get(worker);
    if (known?.left === 0) known.citizen.close();
    const talk = known && known.left > 0 ? known : { citizen: await arrive(server.url), left: turnsPerCitizen };
    talk.left--;
    citizens.set(worker, talk);
    await talk.citizen.ask(questions[next++ % questions.length] as string);
  };
}

async function peak(ask: Ask, concurrent: number): Promise<number> {
  let answered = 0;
  const until = performance.now() + peakSeconds * 1000;
  const worker = async (_: unknown, i: number) => {
    for (; performance.now() < until; answered++) await ask(i);
  };
  await Promise.all(Array.from({ length: concurrent }, worker));
  return answered / peakSeconds;
}

/** Every worker keeps its own time, so that a slow answer does not make the load lighter for the others. */
async function run(
  server: Worker,
  ask: Ask,
  rate: number,
  { seconds, everySeconds, concurrent, onPoint }: SoakOptions,
): Promise<SoakPoint[]> {
  const points: SoakPoint[] = [];
  let times: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const gap = (concurrent / rate) * 1000;
  const worker = async (_: unknown, i: number) => {
    for (let due = start + (i / concurrent) * gap; due < end; due += gap) {
      await pause(Math.max(0, due - performance.now()));
      const began = performance.now();
      await ask(i);
      times.push(performance.now() - began);
    }
  };
  const look = async () => {
    for (let due = start + everySeconds * 1000; due <= end + 1; due += everySeconds * 1000) {
      await pause(Math.max(0, due - performance.now()));
      const sorted = times.sort((a, b) => a - b);
      times = [];
      const { rss } = await server.health();
      const at = (performance.now() - start) / 1000;
      const point = {
        at,
        perSecond: sorted.length / everySeconds,
        p50: percentile(sorted, 0.5),
        p95: percentile(sorted, 0.95),
        rssMegabytes: rss / 1e6,
      };
      points.push(point);
      onPoint(point);
    }
  };
  await Promise.all([look(), ...Array.from({ length: concurrent }, worker)]);
  return points;
}
