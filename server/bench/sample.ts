/** One measurement: what was done, how often, how long it took, and what it cost in processor time. */

export interface Row {
  /** Names the measurement in `--json` and in targets; never changes with its wording. */
  readonly id: string;
  readonly name: string;
  /** Things done a second; undefined where speed is not the point. */
  readonly perSecond?: number | undefined;
  /** Milliseconds. */
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
  /** Processor time of one of them in the process that is measured, milliseconds: hardly moves on a busy machine. */
  readonly cpuMs?: number | undefined;
  /** Anything else that was counted, in words. */
  readonly note?: string | undefined;
  /** Figures that targets look at. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/** The value below which `share` of the sorted times lie; NaN of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** p50, p95 and p99 of times in any order. */
export function spread(times: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
}

/** Processor time so far, microseconds: of this process, or of one that was asked. */
export type Cpu = () => Promise<number>;

export const ownCpu: Cpu = async () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

export interface Load {
  readonly id: string;
  readonly name: string;
  /** How many do it at the same time; each begins anew when it is done. */
  readonly concurrent: number;
  readonly seconds: number;
  /** Done for so long before anything counts, default 4: code is compiled, and what a fresh server learns in the background is learnt. */
  readonly warmSeconds?: number;
  readonly cpu?: Cpu;
}

/** Lets `concurrent` workers do `work` again and again. Rejects with what `work` throws. */
export async function measureLoad(load: Load, work: (worker: number) => Promise<void>): Promise<Row> {
  const { id, name, concurrent, seconds, warmSeconds = 4, cpu = ownCpu } = load;
  const all = (until: number) => Promise.all(Array.from({ length: concurrent }, (_, worker) => repeat(worker, until, work)));
  await all(performance.now() + warmSeconds * 1000);
  const before = await cpu();
  const start = performance.now();
  const times = (await all(start + seconds * 1000)).flat();
  const elapsed = (performance.now() - start) / 1000;
  const cpuMs = ((await cpu()) - before) / 1000 / Math.max(1, times.length);
  return { id, name, perSecond: times.length / elapsed, ...spread(times), cpuMs };
}

async function repeat(worker: number, until: number, work: (worker: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  while (performance.now() < until) {
    const start = performance.now();
    await work(worker);
    times.push(performance.now() - start);
  }
  return times;
}
