/** Memory of connections on which nobody speaks: widgets left open in ten thousand browsers. */
import { execFileSync } from 'node:child_process';
import { startWorker, type WorkerKind } from './child.ts';
import type { Row } from './sample.ts';
import { inFolder } from './throw-away.ts';

/** Each side of a connection is an open file; programs need some more. */
const spare = 200;

/** How many connections a process of this machine may hold, as the shell that starts it says. */
function openFiles(): number {
  try {
    const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    return said === 'unlimited' ? Number.POSITIVE_INFINITY : Number(said);
  } catch {
    return 1024;
  }
}

/** Opens `wanted` connections, or as many as the machine allows, to Wenban and to a bare echo. */
export async function benchIdle(wanted: number): Promise<Row[]> {
  const allowed = openFiles() - spare;
  const count = Math.min(wanted, allowed);
  const limit = count < wanted ? `; this machine allows ${allowed} (ulimit -n)` : '';
  return inFolder(async (dataDir) => [
    await held('idle', `${count} idle WebSocket connections`, 'server', { dataDir }, count, limit),
    await held('idle-echo', `${count} idle connections of a bare ws echo`, 'echo', {}, count, limit),
  ]);
}

async function held(
  id: string,
  name: string,
  kind: WorkerKind,
  settings: Readonly<Record<string, unknown>>,
  count: number,
  limit: string,
): Promise<Row> {
  const server = await startWorker(kind, settings);
  try {
    const bare = kind === 'echo';
    // The first connections make what all of them share.
    const warm = await startWorker('clients', { url: server.url, count: Math.min(100, count), bare });
    await warm.stop();
    const before = await server.health();
    const clients = await startWorker('clients', { url: server.url, count, bare });
    const open = Number((await clients.health()).note);
    const after = await server.health();
    await clients.stop();
    const each = (after.rss - before.rss) / 1024 / Math.max(1, open);
    // Connections that were refused leave nothing to divide by.
    const all = open >= count;
    const whole = `${all ? `${each.toFixed(1)} KB each` : `only ${open} could be opened`}; the process ${(before.rss / 1e6).toFixed(0)} MB without, ${(after.rss / 1e6).toFixed(0)} MB with ${open}${limit}`;
    return { id, name, note: whole, figures: { kilobytes: all ? each : Number.NaN, open, restMegabytes: before.rss / 1e6 } };
  } finally {
    await server.stop();
  }
}
