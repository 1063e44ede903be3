/** How far an import has come, for whoever watches it. */

export interface Progress {
  /** Files, or the records of the file when there is only one. */
  readonly unit: 'files' | 'records';
  readonly done: number;
  readonly total: number;
  /** Items read so far. */
  readonly items: number;
  /** Of the unit, since the start. */
  readonly perSecond: number;
}

export type OnProgress = (done: number, total: number, progress: Progress) => void;

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `1,200/10,000 文件 files · 3,400 条 items · 310/s`. */
export function progressCounts({ unit, done, total, items, perSecond }: Progress): string {
  const unitWords = unit === 'files' ? '文件 files' : '记录 records';
  return `${number(done)}/${number(total)} ${unitWords} · ${number(items)} 条 items · ${number(perSecond)}/s`;
}

/** The counts with a bar of 24 signs in front of them. */
export function progressLine(progress: Progress): string {
  const width = 24;
  const filled = progress.total === 0 ? width : Math.floor((progress.done / progress.total) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${progressCounts(progress)}`;
}

/** Reports at most every fifth of a second (`every`: always). */
export class ProgressMeter {
  private readonly start: number;
  private last = Number.NEGATIVE_INFINITY;
  items = 0;

  constructor(
    private readonly onProgress: OnProgress | undefined,
    private readonly clock: () => number,
  ) {
    this.start = clock();
  }

  report(unit: Progress['unit'], done: number, total: number, every = false): void {
    const now = this.clock();
    if (!this.onProgress || (!every && now - this.last < 200)) return;
    this.last = now;
    const seconds = Math.max(0.001, (now - this.start) / 1000);
    this.onProgress(done, total, { unit, done, total, items: this.items, perSecond: done / seconds });
  }
}
