/** What a measurement was made on: without it no figure means anything. */
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly engine: string;
  /** ISO 8601. */
  readonly date: string;
  /** Of the last minute, before anything was measured: on two cores figures of a load above one half are too low. */
  readonly load: number;
}

/** `engine`: the database under the server. */
export function machineFacts(now: number, engine: string): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    engine,
    date: new Date(now).toISOString(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export function describeMachine({ cpu, cores, memoryGb, node, engine, date, load }: Machine): string {
  return `${cores} × ${cpu}, ${memoryGb} GB, Node ${node}, ${engine}, ${date.slice(0, 16).replace('T', ' ')} UTC, load ${load} at the start`;
}
