/** The rows of a run as a table for a terminal, as Markdown for docs/benchmarks.md, or as data. */
import { describeMachine, type Machine } from './machine.ts';
import type { Row } from './sample.ts';
import type { Verdict } from './targets.ts';

export interface Report {
  readonly machine: Machine;
  readonly concurrent: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
}

const number = (value: number | undefined, digits: number): string =>
  value === undefined || Number.isNaN(value)
    ? ''
    : value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const cells = (row: Row): string[] => [
  row.name,
  number(row.perSecond, 0),
  number(row.p50, 1),
  number(row.p95, 1),
  number(row.p99, 1),
  number(row.cpuMs, 2),
];
const heads = ['measured', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU ms each'];

/** One line, as it is shown while a run goes on. */
export function terminalLine(row: Row): string {
  const [name = '', ...figures] = cells(row);
  const line = `${name.padEnd(58)}${figures.map((text) => text.padStart(11)).join('')}`.trimEnd();
  return row.note === undefined ? line : `${line}\n    ${row.note}`;
}

export const terminalHead = (): string =>
  `${(heads[0] as string).padEnd(58)}${heads
    .slice(1)
    .map((text) => text.padStart(11))
    .join('')}`;

export function terminalVerdicts(all: readonly Verdict[]): string {
  return all.map(({ target, measured, met }) => `${met ? 'reached' : 'MISSED '}  ${target}: ${measured}`).join('\n');
}

/** What stands between the marks in docs/benchmarks.md. */
export function markdown({ machine, concurrent, seconds, rows, verdicts }: Report): string {
  const table = (lines: readonly (readonly string[])[]) => lines.map((line) => `| ${line.join(' | ')} |`);
  return [
    `${describeMachine(machine)}; ${concurrent} at once and ${seconds} s each where nothing else is said.`,
    '',
    ...table([
      [...heads, 'and'],
      ['---', ...heads.map((_, i) => (i < heads.length - 1 ? '--:' : '---'))],
      ...rows.map((row) => [...cells(row), row.note ?? '']),
    ]),
    '',
    ...table([
      ['target', 'measured', ''],
      ['---', '---', '---'],
      ...verdicts.map(({ target, measured, met }) => [target, measured, met ? 'reached' : '**missed**']),
    ]),
  ].join('\n');
}
