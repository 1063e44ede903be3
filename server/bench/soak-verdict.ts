/** Whether a soak was flat: a straight line through what was seen after the warm-up must hardly rise. */
import type { SoakPoint } from './soak.ts';

export interface SoakLimits {
  /** Of memory, MB an hour. */
  readonly megabytesPerHour: number;
  /** Median latency of the last quarter against that of the first, as a factor. */
  readonly latencyGrowth: number;
}

export interface SoakVerdict {
  readonly megabytesPerHour: number;
  readonly latencyGrowth: number;
  readonly problems: readonly string[];
}

/** Caches fill and code is compiled in the first part; memory is judged by the rest. */
const warmShare = 1 / 3;
/** Latencies this near to one another, in milliseconds, differ by chance. */
const noiseMs = 3;
/** What growth of memory is, when hours are made of minutes: less in all than this many MB is no leak that a line could show. */
const noiseMegabytes = 8;

/** Looks at the points of a soak, at least four. */
export function soakVerdict(points: readonly SoakPoint[], limits: SoakLimits): SoakVerdict {
  const settled = points.slice(Math.floor(points.length * warmShare));
  const perSecond = slope(settled.map(({ at, rssMegabytes }) => [at, rssMegabytes]));
  const megabytesPerHour = perSecond * 3600;
  const span = (settled.at(-1)?.at ?? 0) - (settled[0]?.at ?? 0);
  const quarter = Math.max(1, Math.floor(points.length / 4));
  const [early, late] = [median(points.slice(0, quarter)), median(points.slice(-quarter))];
  const latencyGrowth = late / early;
  const problems: string[] = [];
  if (points.length < 4) problems.push('too few looks to judge');
  if (points.some(({ p50 }) => Number.isNaN(p50))) problems.push('a stretch without a single answer');
  if (megabytesPerHour > limits.megabytesPerHour && perSecond * span > noiseMegabytes)
    problems.push(`memory grows by ${megabytesPerHour.toFixed(0)} MB an hour, at most ${limits.megabytesPerHour} are allowed`);
  if (latencyGrowth > limits.latencyGrowth && late - early > noiseMs)
    problems.push(`median latency went from ${early.toFixed(1)} to ${late.toFixed(1)} ms`);
  return { megabytesPerHour, latencyGrowth, problems };
}

function median(points: readonly SoakPoint[]): number {
  const sorted = points.map(({ p50 }) => p50).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const n = Math.max(1, points.length);
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const across = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return across === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / across;
}

export function soakCsv(points: readonly SoakPoint[]): string {
  const lines = points.map(({ at, perSecond, p50, p95, rssMegabytes }) =>
    [at, perSecond, p50, p95, rssMegabytes].map((one) => one.toFixed(1)).join(','),
  );
  return `${['seconds,answers_per_second,p50_ms,p95_ms,rss_mb', ...lines].join('\n')}\n`;
}
