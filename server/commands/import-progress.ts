/** Shows how far an import is: a bar that stays on its line in a terminal, a line of counts now and then anywhere else. */
import { type OnProgress, type Progress, progressCounts, progressLine } from '../../knowledge/import/progress.ts';

export interface ImportProgress {
  readonly onProgress: OnProgress;
  /** All is read, the store writes. */
  writing(): void;
  /** Leaves the terminal on an empty line. */
  end(): void;
}

/** Between two lines that can't be taken back. */
const lineEveryMs = 5000;

/** Writes to `stream` (standard error). Short imports into a file or a pipe leave no line at all. */
export function importProgress(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
  clock: () => number = () => performance.now(),
): ImportProgress {
  let shown = false;
  let last = clock();
  const bar = (text: string): void => {
    shown = true;
    stream.write(`\r\x1b[K${text}`);
  };
  const line = (progress: Progress): void => {
    if (clock() - last < lineEveryMs) return;
    last = clock();
    stream.write(`${progressCounts(progress)}\n`);
  };
  return {
    onProgress: (_done, _total, progress) => (stream.isTTY ? bar(progressLine(progress)) : line(progress)),
    writing: () => {
      if (stream.isTTY) bar('写入 writing …');
    },
    end: () => {
      if (shown) stream.write('\r\x1b[K');
      shown = false;
    },
  };
}
