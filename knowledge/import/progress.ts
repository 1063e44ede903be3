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

/** `1,200/10,000 文件 files · 3,400 条 items · 310/s`, with a bar in front of it. */
export function progressLine({ unit, done, total, items, perSecond }: Progress): string {
  const width = 24;
  const filled = total === 0 ? width : Math.floor((done / total) * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const number = (value: number): string => Math.round(value).toLocaleString('en-US');
  return `${bar} ${number(done)}/${number(total)} ${unit === 'files' ? '文件 files' : '记录 records'} · ${number(items)} 条 items · ${number(perSecond)}/s`;
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
