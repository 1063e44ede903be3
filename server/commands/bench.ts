/** `wenban bench`: everything that is measured, in one run with one table, beside a bare echo of the same run. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readKnowledge } from '../../knowledge/import/import.ts';
import { benchCold } from '../bench/cold.ts';
import { benchCore } from '../bench/core.ts';
import { benchEcho, benchHttp } from '../bench/http.ts';
import { benchIdle } from '../bench/idle.ts';
import { describeMachine, machineFacts } from '../bench/machine.ts';
import { benchImports, benchSearches } from '../bench/others.ts';
import { questionsFrom } from '../bench/questions.ts';
import { markdown, type Report, terminalHead, terminalLine, terminalVerdicts } from '../bench/report.ts';
import type { Row } from '../bench/sample.ts';
import { soak } from '../bench/soak.ts';
import { soakPlot } from '../bench/soak-plot.ts';
import { soakCsv, soakVerdict } from '../bench/soak-verdict.ts';
import { benchStreams } from '../bench/streams.ts';
import { verdicts } from '../bench/targets.ts';
import { benchConfig } from '../bench/throw-away.ts';

const concurrent = 20;
const idleConnections = 10_000;
const documents = 10_000;
const chunks = [10_000, 100_000, 1_000_000];

/** What `--only` may name. */
const parts = [
  'echo',
  'answer',
  'flow',
  'handoff',
  'answer-http',
  'wechat',
  'streams-60',
  'streams-1000',
  'idle',
  'cold',
  'import',
  'search',
];

export interface BenchFlags {
  readonly seconds: string;
  readonly only?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly gate?: boolean;
}

/** Measures on throw-away data. Exit code 1 when `--gate` is given and a target is missed, 2 for bad flags. */
export async function benchCommand(flags: BenchFlags): Promise<number> {
  const seconds = Number(flags.seconds);
  const wanted = flags.only?.split(',').map((part) => part.trim()) ?? parts;
  const unknown = wanted.filter((part) => !parts.includes(part));
  if (!(seconds > 0 && seconds <= 600) || unknown.length > 0) {
    console.error(`usage: wenban bench [--seconds 1–600] [--only ${parts.join(',')}] [--json | --markdown] [--gate]`);
    return 2;
  }
  const machine = machineFacts(Date.now(), process.env.DATABASE_URL ? 'PostgreSQL' : 'SQLite (WAL, synchronous=FULL)');
  // What is shown while it goes on must not stand in what another program reads.
  const say = flags.json || flags.markdown ? console.error : console.log;
  say(`${describeMachine(machine)}; ${concurrent} at once, ${seconds} s each\n${terminalHead()}`);
  const rows: Row[] = [];
  for await (const some of measured((part) => wanted.includes(part), seconds))
    for (const row of some) {
      rows.push(row);
      say(terminalLine(row));
    }
  const report: Report = { machine, concurrent, seconds, rows, verdicts: verdicts(rows) };
  say(terminalVerdicts(report.verdicts));
  if (flags.json) console.log(JSON.stringify(report));
  if (flags.markdown) console.log(markdown(report));
  return flags.gate && report.verdicts.some(({ met }) => !met) ? 1 : 0;
}

/** The measurements one after another: none may disturb another. */
async function* measured(only: (part: string) => boolean, seconds: number): AsyncGenerator<Row[]> {
  const questions = await questionsOfPack();
  const load = { concurrent, seconds, questions };
  if (only('echo')) yield await benchEcho(load);
  if (only('answer') || only('flow') || only('handoff')) yield await benchCore(only, load);
  if (only('answer-http') || only('wechat')) yield await benchHttp(only, load);
  if (only('streams-60')) yield [await benchStreams(60, Math.max(seconds, 10), questions)];
  if (only('streams-1000')) yield [await benchStreams(1000, Math.max(seconds, 20), questions)];
  if (only('idle')) yield await benchIdle(idleConnections);
  if (only('cold')) yield [await benchCold(questions[0] as string)];
  if (only('import')) yield await benchImports(documents);
  if (only('search')) yield await benchSearches(chunks, seconds);
}

async function questionsOfPack(): Promise<string[]> {
  const { items } = await readKnowledge([benchConfig('.').packFolder]);
  return questionsFrom(items.map(({ item }) => item));
}

export interface SoakFlags {
  readonly minutes: string;
  readonly seconds?: string;
  readonly rate?: string;
  readonly out: string;
}

/** Between two looks, seconds; a short run looks oftener. */
const lookEvery = 10;
const fewestLooks = 6;
const limits = { megabytesPerHour: 60, latencyGrowth: 1.5 };

/** Writes soak.csv and soak.svg into `--out`. Exit code 1 when memory or latency grew beyond the limits, 2 for bad flags. */
export async function benchSoakCommand(flags: SoakFlags): Promise<number> {
  const seconds = flags.seconds === undefined ? Number(flags.minutes) * 60 : Number(flags.seconds);
  const rate = flags.rate === undefined ? undefined : Number(flags.rate);
  if (!(seconds >= 5 && seconds <= 86_400) || !(rate === undefined || (rate > 0 && rate <= 10_000))) {
    console.error('usage: wenban bench soak [--minutes 1–1440 | --seconds 5–86400] [--rate questions a second] [--out FOLDER]');
    return 2;
  }
  const machine = machineFacts(Date.now(), process.env.DATABASE_URL ? 'PostgreSQL' : 'SQLite (WAL, synchronous=FULL)');
  console.log(describeMachine(machine));
  const { points, ...ran } = await soak({
    seconds,
    everySeconds: Math.min(lookEvery, seconds / fewestLooks),
    concurrent,
    questions: await questionsOfPack(),
    rate,
    onPoint: ({ at, perSecond, p50, p95, rssMegabytes }) =>
      console.log(
        `${at.toFixed(0).padStart(6)} s  ${perSecond.toFixed(0).padStart(5)} /s   p50 ${p50.toFixed(1)} ms   p95 ${p95.toFixed(1)} ms   ${rssMegabytes.toFixed(0)} MB`,
      ),
  });
  const { megabytesPerHour, latencyGrowth, problems } = soakVerdict(points, limits);
  const folder = resolve(flags.out);
  const title = `${ran.rate.toFixed(0)} answers a second for ${(seconds / 60).toFixed(1)} minutes`;
  await writeFile(join(folder, 'soak.csv'), soakCsv(points));
  await writeFile(join(folder, 'soak.svg'), soakPlot(points, title, describeMachine(machine)));
  console.log(
    `memory ${megabytesPerHour >= 0 ? '+' : ''}${megabytesPerHour.toFixed(1)} MB an hour, latency × ${latencyGrowth.toFixed(2)}; ${join(folder, 'soak.csv')}, soak.svg`,
  );
  for (const problem of problems) console.error(`not flat: ${problem}`);
  return problems.length > 0 ? 1 : 0;
}
