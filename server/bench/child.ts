/** Processes of a measurement: the server in one, its clients in another, so that neither is measured with the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';

/** What a worker process can be told to be; see worker.ts. */
export type WorkerKind = 'server' | 'echo' | 'model' | 'clients';

/** What a worker says once it is ready, and what it answers when asked how it is. */
const readySchema = z.object({ ready: z.object({ url: z.string() }) });
const healthSchema = z.object({ health: z.object({ rss: z.number(), cpu: z.number(), note: z.string().optional() }) });
const failedSchema = z.object({ failed: z.string() });
export type Health = z.infer<typeof healthSchema>['health'];

export interface Worker {
  /** Of its HTTP server, without a slash at the end; empty for one that has none. */
  readonly url: string;
  /** Milliseconds from starting the process to its first word. */
  readonly startedIn: number;
  /** Resident memory in bytes after a collection, processor time so far in microseconds. */
  health(): Promise<Health>;
  /** Processor time so far, microseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Longest a worker may take to start: the first start brings in the whole pack, and ten thousand clients are greeted one by one. */
const patienceMs = (kind: WorkerKind): number => (kind === 'clients' ? 1_800_000 : 180_000);

/**
 * Starts this same program as a worker. `settings` reach it as JSON, `environment` on top of what this process has.
 * Errors: what the worker said when it failed, or that it ended or kept silent.
 */
export async function startWorker(
  kind: WorkerKind,
  settings: Readonly<Record<string, unknown>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Worker> {
  const begun = performance.now();
  const child = fork(process.argv[1] as string, ['bench', 'worker', kind, JSON.stringify(settings)], {
    env: { ...process.env, ...environment },
    execArgv: [...process.execArgv, '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const { ready } = await answer(child, readySchema, patienceMs(kind));
    const startedIn = performance.now() - begun;
    const health = async () => {
      if (!child.connected) throw new Error(`the ${kind} of the measurement has ended`);
      child.send('health');
      return (await answer(child, healthSchema, patienceMs(kind))).health;
    };
    return { url: ready.url, startedIn, health, cpu: async () => (await health()).cpu, stop: () => stopped(child) };
  } catch (error) {
    await stopped(child);
    throw error;
  }
}

/** The next message of a shape. */
function answer<T>(child: ChildProcess, schema: z.ZodType<T>, withinMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      child.off('message', hear).off('exit', ended);
      settle();
    };
    const hear = (message: unknown) => {
      const failed = failedSchema.safeParse(message);
      if (failed.success) return done(() => reject(new Error(failed.data.failed)));
      const parsed = schema.safeParse(message);
      if (parsed.success) done(() => resolve(parsed.data));
    };
    const ended = (code: number | null) => done(() => reject(new Error(`a worker process ended with ${code ?? 'a signal'}`)));
    const timer = setTimeout(() => done(() => reject(new Error('a worker process did not answer in time'))), withinMs);
    child.on('message', hear).on('exit', ended);
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
