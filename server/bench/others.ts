/** The measurements with commands of their own, each in a process of its own: `wenban bench import` and `wenban bench search`. */
import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Row } from './sample.ts';

const importSchema = z.object({
  documents: z.number(),
  passages: z.number(),
  megabytes: z.number(),
  steps: z.array(z.object({ name: z.string(), seconds: z.number(), cpuSeconds: z.number() })),
});
const searchSchema = z.object({
  units: z.number(),
  grownMegabytes: z.number(),
  results: z.array(
    z.object({ name: z.string(), buildSeconds: z.number(), p50: z.number(), p99: z.number(), recall: z.number().optional() }),
  ),
});

/** A unit of the search measurement with its words and vector, three times over (made up, indexed, being built), takes less than this. */
const bytesPerUnit = 6000;

/** Runs `wenban bench …` again and reads what it prints. Errors: what it said when it failed. */
async function ownCommand(args: readonly string[], heapMegabytes?: number): Promise<unknown> {
  const heap = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];
  const command = [...process.execArgv, ...heap, process.argv[1] as string, 'bench', ...args, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** Documents of all kinds from files into store and index. */
export async function benchImports(documents: number): Promise<Row[]> {
  const { passages, megabytes, steps } = importSchema.parse(await ownCommand(['import', '--documents', String(documents)]));
  return steps.map(({ name, seconds, cpuSeconds }, i) => ({
    id: `import-${i}`,
    name: `${documents.toLocaleString('en-US')} documents: ${name}`,
    perSecond: documents / seconds,
    cpuMs: (cpuSeconds * 1000) / documents,
    note: `${seconds.toFixed(1)} s${i === steps.length - 1 ? `; ${passages.toLocaleString('en-US')} passages, ${Math.round(megabytes)} MB` : ''}`,
  }));
}

/** Search over so many invented units, beside plain brute force. A size that this machine's memory can't hold is said to be left out. */
export async function benchSearches(sizes: readonly number[], seconds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const name = `search of ${size.toLocaleString('en-US')} chunks`;
    const needed = size * bytesPerUnit;
    if (needed > totalmem() / 2) {
      rows.push({
        id: `search-${size}`,
        name,
        note: `left out: it takes ${Math.ceil(needed / 2 ** 30)} GB, this machine has ${Math.round(totalmem() / 2 ** 30)}`,
      });
      continue;
    }
    const args = ['search', '--units', String(size), '--seconds', String(seconds)];
    const found = searchSchema.parse(await ownCommand(args, Math.max(2000, Math.ceil(needed / 2 ** 20))));
    for (const [i, one] of found.results.entries())
      rows.push({
        id: `search-${size}-${i}`,
        name: `${name}: ${one.name}`,
        p50: one.p50,
        p99: one.p99,
        note: `built in ${one.buildSeconds.toFixed(1)} s${i === 0 ? `, the process grew by ${found.grownMegabytes.toFixed(0)} MB` : ''}${one.recall === undefined ? '' : `, recall ${one.recall.toFixed(4)}`}`,
      });
  }
  return rows;
}
