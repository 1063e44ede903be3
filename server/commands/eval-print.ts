/** What `wenban eval` prints: progress on the error stream, figures on the output. */
import { estimatedTime } from '../../eval/eta.ts';
import type { Judgement } from '../../eval/judgement.ts';

const everyMs = 200;
const barWidth = 24;

/** A bar with the time left on a terminal, a line every tenth of the way elsewhere. */
export function progressOf(name: string, stream: NodeJS.WriteStream = process.stderr): (done: number, total: number) => void {
  // Building the index is not part of the pace.
  let started: number | undefined;
  let shownAt = 0;
  let tenths = 0;
  return (done, total) => {
    const now = performance.now();
    started ??= now;
    const left = estimatedTime(now - started, done, total);
    if (stream.isTTY) {
      if (done < total && now - shownAt < everyMs) return;
      shownAt = now;
      const filled = Math.round((barWidth * done) / total);
      stream.write(
        `\r${name} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done}/${total} ${left}   ${done === total ? '\n' : ''}`,
      );
    } else if (Math.floor((10 * done) / total) > tenths || done === total) {
      tenths = Math.floor((10 * done) / total);
      stream.write(`${name} ${done}/${total} ${left}\n`);
    }
  };
}

/** One line for suites that run side by side: all their cases together. */
export function joinedProgress(
  suites: number,
  stream: NodeJS.WriteStream = process.stderr,
): (suite: string, done: number, total: number) => void {
  const counts = new Map<string, { done: number; total: number }>();
  const show = progressOf(`${suites} 套题 suites`, stream);
  return (suite, done, total) => {
    counts.set(suite, { done, total });
    const all = [...counts.values()];
    const finished = all.filter((one) => one.done === one.total).length;
    // What has not begun is taken to be as long as what has, so that the bar does not jump back to nothing.
    const known = all.reduce((sum, one) => sum + one.total, 0);
    const guess = counts.size < suites ? Math.round((known * suites) / counts.size) : known;
    show(
      all.reduce((sum, one) => sum + one.done, 0),
      finished === suites ? known : Math.max(guess, known + (counts.size < suites ? 1 : 0)),
    );
  };
}

const digits = (value: number): string => (Number.isNaN(value) ? '–' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4));

/** A table a suite: metric, value, interval, n, and the change against the baseline. */
export function printJudgements(judgements: readonly Judgement[], report: string): void {
  for (const { result, gates, comparison, verdict } of judgements) {
    const errors = result.cases.filter((one) => one.status === 'error').length;
    console.log(
      `\n${result.title ?? result.suite} (${result.suite}, ${result.kind}): ${result.cases.length} 例 cases, 出错 errors ${errors}, ${result.manifest.seconds} s`,
    );
    for (const [name, { value, ci95, n }] of Object.entries(result.metrics)) {
      const change = comparison?.changes.find((one) => one.metric === name);
      const gain = change
        ? `  ${change.gain.value >= 0 ? '+' : ''}${change.gain.value.toFixed(4)} [${change.gain.ci95.map((one) => one.toFixed(4)).join(', ')}] p ${change.adjusted.toFixed(3)}`
        : '';
      const interval = ci95.some(Number.isNaN) ? '' : `[${ci95.map(digits).join(', ')}]`;
      console.log(`  ${name.padEnd(28)} ${digits(value).padStart(9)} ${interval.padEnd(20)} n ${String(n).padStart(5)}${gain}`);
    }
    for (const gate of gates)
      console.log(`  门槛 gate ${gate.metric} ${gate.rule}: ${gate.verdict}${gate.severity === 'warn' ? ' (warn)' : ''} ${gate.why}`);
    if (comparison) {
      const { fixed, broken } = comparison;
      console.log(
        `  对比基线 against the baseline: ${comparison.verdict}; 修好 fixed ${fixed.length}, 变坏 broken ${broken.length} (${comparison.paired} paired)`,
      );
      for (const flip of broken.slice(0, 5)) console.log(`    变坏 broken ${flip.id} ${flip.input.slice(0, 60)}`);
    }
    console.log(`  结论 verdict: ${verdict}`);
  }
  console.log(`\n报告 report: ${report}`);
}
