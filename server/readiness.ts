/** What /readyz says: each part the server leans on, whether it works, and since when it doesn't. */
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Core } from '../bot/core.ts';
import type { JobState } from '../bot/jobs.ts';
import { backlog, type Waiting } from '../bot/store/backlog.ts';
import type { OpenDatabase } from '../bot/store/database.ts';

/** `degraded`: citizens are served, an operator should look. `off`: not configured. */
const stateSchema = z.enum(['ok', 'degraded', 'down', 'off']);
const partSchema = z.object({
  name: z.enum(['server', 'database', 'processes', 'knowledge', 'qdrant', 'inbox', 'outbox', 'jobs', 'model', 'disk']),
  state: stateSchema,
  /** In words; empty when there is nothing to say. */
  detail: z.string(),
  /** Figures of the part, units in their names. */
  figures: z.record(z.string(), z.number()).optional(),
});
export const readinessSchema = z.object({
  /** Whether to send citizens here. */
  ready: z.boolean(),
  /** Why not. */
  problems: z.array(z.string()),
  /** What works worse than it should. */
  warnings: z.array(z.string()),
  parts: z.array(partSchema),
});
export type Readiness = z.infer<typeof readinessSchema>;
type Part = z.infer<typeof partSchema>;

export interface ReadinessSource {
  readonly config: { readonly dataDir: string; readonly languageModel: unknown; readonly qdrant: unknown };
  readonly database: Pick<OpenDatabase, 'db' | 'engine' | 'signals'>;
  readonly repository: { revision(): Promise<string> };
  readonly index: { readonly revision: string; items(): readonly unknown[] };
  readonly standby?: { readonly degraded: Error | undefined } | undefined;
  readonly fanOut?: { readonly others: number } | undefined;
  readonly core: Pick<Core, 'storeTrouble'>;
  readonly jobs: { states(): JobState[] };
  readonly now: () => number;
}

const patienceMs = 3000;
/** A message that waits longer for its turn, or an answer to be sent, means too little capacity or a channel that is down. */
const oldInboxMs = 60_000;
const oldOutboxMs = 5 * 60_000;
const lowDisk = { bytes: 1024 ** 3, share: 0.05 };
const emptyDisk = 64 * 1024 ** 2;

/** Asks every part; never rejects, at most about three seconds. `stopping`: the server has been told to end. */
export async function readiness(source: ReadinessSource, stopping: boolean): Promise<Readiness> {
  const parts = [
    stopping ? part('server', 'down', 'the server is stopping') : part('server', 'ok'),
    ...(await Promise.all([database(source), queues(source), disk(source)])).flat(),
    processes(source),
    knowledge(source),
    qdrant(source),
    jobs(source),
    part('model', source.config.languageModel ? 'ok' : 'off', source.config.languageModel ? '' : 'answers are cited extracts'),
  ];
  const words = (state: Part['state']) => parts.filter((one) => one.state === state).map((one) => `${one.name}: ${one.detail}`);
  const problems = words('down');
  return { ready: problems.length === 0, problems, warnings: words('degraded'), parts };
}

const part = (name: Part['name'], state: Part['state'], detail = '', figures?: Record<string, number>): Part => ({
  name,
  state,
  detail,
  ...(figures ? { figures } : {}),
});

async function database({ repository, core }: ReadinessSource): Promise<Part> {
  const start = performance.now();
  try {
    await inTime(repository.revision());
    const figures = { latency_ms: Math.round(performance.now() - start) };
    if (core.storeTrouble !== undefined) return part('database', 'down', `nothing can be written: ${wordsOf(core.storeTrouble)}`, figures);
    return part('database', 'ok', '', figures);
  } catch (error) {
    return part('database', 'down', wordsOf(error));
  }
}

async function queues({ database, now }: ReadinessSource): Promise<Part[]> {
  try {
    const at = now();
    const { inbox, outbox } = await inTime(backlog(database.db, at));
    return [queue('inbox', inbox, at, oldInboxMs), queue('outbox', outbox, at, oldOutboxMs)];
  } catch {
    // The database part says why.
    return [part('inbox', 'degraded', 'cannot be read'), part('outbox', 'degraded', 'cannot be read')];
  }
}

function queue(name: 'inbox' | 'outbox', { count, oldest }: Waiting, now: number, oldMs: number): Part {
  const age = oldest === undefined ? 0 : Math.max(0, now - oldest);
  const figures = { waiting: count, oldest_seconds: Math.round(age / 1000) };
  return age > oldMs
    ? part(name, 'degraded', `${count} wait, the oldest for ${figures.oldest_seconds} s`, figures)
    : part(name, 'ok', '', figures);
}

async function disk({ config, database }: ReadinessSource): Promise<Part> {
  try {
    const { bavail, blocks, bsize } = await statfs(config.dataDir);
    const free = bavail * bsize;
    const figures = { free_bytes: free };
    // With PostgreSQL only uploads and the notes of embeddings are kept here.
    if (free < emptyDisk) return part('disk', database.engine === 'sqlite' ? 'down' : 'degraded', 'DATA_DIR is full', figures);
    if (free < Math.min(lowDisk.bytes, blocks * bsize * lowDisk.share)) return part('disk', 'degraded', 'DATA_DIR is nearly full', figures);
    return part('disk', 'ok', '', figures);
  } catch (error) {
    return part('disk', 'degraded', wordsOf(error));
  }
}

function processes({ database, fanOut }: ReadinessSource): Part {
  const { signals } = database;
  if (!signals) return part('processes', 'off', 'SQLite: this process is the only one');
  if (signals.connected) return part('processes', 'ok', '', { others: fanOut?.others ?? 0 });
  return part('processes', 'degraded', `other processes are not heard: ${signals.problem ?? 'not connected yet'}`);
}

function knowledge({ index }: ReadinessSource): Part {
  const items = index.items().length;
  return items > 0 ? part('knowledge', 'ok', '', { items }) : part('knowledge', 'down', 'nothing is published', { items });
}

function qdrant({ config, standby }: ReadinessSource): Part {
  if (!config.qdrant) return part('qdrant', 'off', 'the index is in this process');
  const because = standby?.degraded;
  return because ? part('qdrant', 'degraded', `this process answers from its own index: ${because.message}`) : part('qdrant', 'ok');
}

function jobs({ jobs }: ReadinessSource): Part {
  const late = jobs.states().filter(({ everyMs, sinceMs }) => sinceMs > 3 * everyMs + 60_000);
  if (late.length === 0) return part('jobs', 'ok');
  const words = late.map(({ name, sinceMs, error }) => `${name} not for ${Math.round(sinceMs / 1000)} s${error ? ` (${error})` : ''}`);
  return part('jobs', 'degraded', words.join('; '));
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const silent = sleep(patienceMs, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${patienceMs / 1000} s`);
  });
  silent.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([work, silent]);
}

const wordsOf = (error: unknown): string => {
  // Several addresses were tried: the message of the whole is empty.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};
