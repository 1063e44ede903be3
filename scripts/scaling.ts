/**
 * Prints what a town, a city or a province needs, from costs measured on the machine at hand:
 *   npx tsx scripts/scaling-measure.ts postgres://… > costs.json
 *   npx tsx scripts/scaling.ts costs.json [--daily-share 0.002] [--messages 5] [--peak-hour 0.15] [--flood 10] [--open 300] [--wait 0.5] [--seed 1]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { costsSchema, type Sizing, sizeFor } from './scaling/sizing.ts';

const places = [
  { name: 'town', residents: 50_000, passages: 2000 },
  { name: 'county', residents: 500_000, passages: 20_000 },
  { name: 'city', residents: 5_000_000, passages: 100_000 },
  { name: 'province', residents: 60_000_000, passages: 1_000_000 },
];

const number = (fallback: string) => ({ type: 'string' as const, default: fallback });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'daily-share': number('0.002'),
    messages: number('5'),
    'peak-hour': number('0.15'),
    flood: number('10'),
    open: number('300'),
    wait: number('0.5'),
    seed: number('1'),
  },
});
const positive = z.coerce.number().positive();
const given = z
  .object({
    'daily-share': positive.max(1),
    messages: positive,
    'peak-hour': positive.max(1),
    flood: positive,
    open: positive,
    wait: positive,
    seed: z.coerce.number().int().nonnegative(),
  })
  .safeParse(values);
const [file] = positionals;
if (!given.success || file === undefined) {
  const why = given.success ? 'name the file of measured costs' : z.prettifyError(given.error);
  console.error(`${why}\nusage: npx tsx scripts/scaling.ts costs.json [--daily-share …] (see the head of the file)`);
  process.exit(2);
}
const costs = costsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
if (!costs.success) {
  console.error(`${file}: ${z.prettifyError(costs.error)}`);
  process.exit(2);
}

const { messages, flood, open, wait, seed } = given.data;
const sizes = places.map(({ residents, passages }) =>
  sizeFor(
    costs.data,
    {
      residents,
      passages,
      dailyShare: given.data['daily-share'],
      messagesEach: messages,
      peakHour: given.data['peak-hour'],
      floodFactor: flood,
      openSeconds: open,
    },
    { waitAtMost: wait, arrivals: 100_000, seed },
  ),
);
const figure = (value: number, digits = 0) => value.toLocaleString('en-US', { maximumFractionDigits: digits });
const lines: readonly [string, (size: Sizing) => string][] = [
  ['messages on an ordinary day', (size) => figure(size.messagesADay)],
  ['messages a second, busiest hour', (size) => figure(size.peak, 2)],
  [`… on a flood day (×${flood})`, (size) => figure(size.flood, 1)],
  ['processes (one may die)', (size) => figure(size.processes)],
  ['wait before a turn, p99, flood, ms', (size) => figure(size.waitP99 * 1000)],
  ['WebSockets, flood', (size) => figure(size.webSockets)],
  ['connections to PostgreSQL', (size) => figure(size.databaseConnections)],
  ['transactions a second, flood', (size) => figure(size.transactionsASecond)],
  ['WAL, flood, MB/s', (size) => figure(size.walMegabytesASecond, 2)],
  ['cores of PostgreSQL, flood', (size) => (size.databaseCores === undefined ? 'not measured' : figure(size.databaseCores, 2))],
  ['storage a year, GB', (size) => figure(size.storageGigabytesAYear, 1)],
  ['Qdrant, MB (passages)', (size) => figure(size.qdrantMegabytes)],
];
console.log(`Costs: ${costs.data.machine}; ${figure(costs.data.turns)} turns, ${figure(costs.data.cpuMs, 2)} ms of processor time each.\n`);
console.log(`| | ${places.map(({ name, residents }) => `${name}, ${figure(residents)}`).join(' | ')} |`);
console.log(`|---|${places.map(() => '--:').join('|')}|`);
for (const [name, cell] of lines) console.log(`| ${name} | ${sizes.map(cell).join(' | ')} |`);
