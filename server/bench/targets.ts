/** What has to be reached on two cores (docs/benchmarks.md says why), checked against the rows of one run. */
import type { Row } from './sample.ts';

export interface Verdict {
  readonly target: string;
  /** What was measured, in words. */
  readonly measured: string;
  readonly met: boolean;
}

interface Target {
  readonly target: string;
  /** Ids of the rows it looks at: it is not judged where one is missing. */
  readonly of: readonly string[];
  readonly judge: (...rows: Row[]) => { measured: string; met: boolean };
}

const figure = (row: Row | undefined, name: string): number => row?.figures?.[name] ?? Number.NaN;
const atMost = (value: number, most: number, unit: string, digits = 0) => ({
  measured: `${value.toFixed(digits)} ${unit}`,
  met: value <= most,
});

const targets: readonly Target[] = [
  {
    target: 'a full durable turn without a model: at least 600 a second',
    of: ['answer'],
    judge: (answer) => ({ measured: `${answer?.perSecond?.toFixed(0)} /s`, met: (answer?.perSecond ?? 0) >= 600 }),
  },
  {
    target: 'at least an eighth of the bare express echo of the same run',
    of: ['answer', 'echo'],
    judge: (answer, echo) => {
      const share = (answer?.perSecond ?? 0) / (echo?.perSecond ?? Number.POSITIVE_INFINITY);
      return { measured: `1 / ${(1 / share).toFixed(1)}`, met: share >= 1 / 8 };
    },
  },
  {
    target: 'its p99 at 20 at once: at most 50 ms',
    of: ['answer'],
    judge: (answer) => atMost(answer?.p99 ?? Number.NaN, 50, 'ms', 1),
  },
  {
    target: 'first byte of a streamed answer, p95 at 60 at once: at most 200 ms',
    of: ['streams-60'],
    judge: (streams) => atMost(figure(streams, 'firstByteP95'), 200, 'ms'),
  },
  { target: 'cold start to the first answer: at most 3 s', of: ['cold'], judge: (cold) => atMost(figure(cold, 'seconds'), 3, 's', 2) },
  { target: 'an idle connection: at most 40 KB', of: ['idle'], judge: (idle) => atMost(figure(idle, 'kilobytes'), 40, 'KB', 1) },
];

/** The verdicts that these rows allow. */
export function verdicts(rows: readonly Row[]): Verdict[] {
  return targets.flatMap(({ target, of, judge }) => {
    const found = of.map((id) => rows.find((row) => row.id === id));
    return found.every((row) => row !== undefined) ? [{ target, ...judge(...(found as Row[])) }] : [];
  });
}
