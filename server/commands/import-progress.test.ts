import { expect, it } from 'vitest';
import type { Progress } from '../../knowledge/import/progress.ts';
import { importProgress } from './import-progress.ts';

const at = (done: number): Progress => ({ unit: 'files', done, total: 4, items: done, perSecond: 2 });

function watched(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  const progress = importProgress(stream, () => now);
  const report = (done: number, ms: number): void => {
    now = ms;
    progress.onProgress(done, 4, at(done));
  };
  return { progress, report, written: () => written.join('') };
}

it('[R-107] draws a bar over itself in a terminal and takes it away at the end', () => {
  const { progress, report, written } = watched(true);
  report(1, 0);
  report(4, 100);
  progress.writing();
  progress.end();
  expect(written().split('\r\x1b[K')).toEqual([
    '',
    `${'█'.repeat(6)}${'░'.repeat(18)} 1/4 文件 files · 1 条 items · 2/s`,
    `${'█'.repeat(24)} 4/4 文件 files · 4 条 items · 2/s`,
    '写入 writing …',
    '',
  ]);
});

it('writes plain lines, seldom, where nothing can be drawn over', () => {
  const { progress, report, written } = watched(false);
  report(1, 100);
  report(2, 5100);
  report(3, 9000);
  report(4, 11_000);
  progress.writing();
  progress.end();
  expect(written()).toBe('2/4 文件 files · 2 条 items · 2/s\n4/4 文件 files · 4 条 items · 2/s\n');
});
