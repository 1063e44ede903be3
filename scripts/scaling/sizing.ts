/** From measured costs and a population to processes, connections, writes and storage. Pure. */
import { z } from 'zod';
import { simulate } from './queue.ts';

/** What `scripts/scaling-measure.ts` measured, all per turn unless said otherwise. */
export const costsSchema = z.object({
  /** Where and when, in words. */
  machine: z.string(),
  turns: z.number().int().positive(),
  /** Processor milliseconds of the server's process. */
  cpuMs: z.number().positive(),
  /** Standard deviation of a turn's time over its mean, one at a time. */
  variation: z.number().nonnegative(),
  transactions: z.number().positive(),
  walBytes: z.number().positive(),
  storageBytes: z.number().positive(),
  /** Processor milliseconds of PostgreSQL; absent where it could not be read. */
  databaseCpuMs: z.number().positive().optional(),
});
export type Costs = z.infer<typeof costsSchema>;

/** How people ask. These are assumptions, not measurements: give your own. */
export interface Demand {
  readonly residents: number;
  /** Share of the residents who write on an ordinary day. */
  readonly dailyShare: number;
  readonly messagesEach: number;
  /** Share of a day's messages in its busiest hour. */
  readonly peakHour: number;
  /** A flood day has so many times the messages. */
  readonly floodFactor: number;
  /** How long a citizen keeps the window open, seconds. */
  readonly openSeconds: number;
  /** Passages of the knowledge. */
  readonly passages: number;
}

export interface Sizing {
  readonly messagesADay: number;
  /** Messages a second in the busiest hour of an ordinary and of a flood day. */
  readonly peak: number;
  readonly flood: number;
  readonly processes: number;
  /** Seconds, simulated, at the flood's peak with these processes. */
  readonly waitP99: number;
  readonly webSockets: number;
  readonly databaseConnections: number;
  readonly transactionsASecond: number;
  readonly walMegabytesASecond: number;
  readonly storageGigabytesAYear: number;
  /** Cores PostgreSQL needs at the flood's peak; undefined where its cost was not measured. */
  readonly databaseCores: number | undefined;
  readonly qdrantMegabytes: number;
}

/** A process's pool, and its connection for signals. Source: bot/store/postgres.ts, bot/store/signals.ts. */
export const connectionsOfProcess = 11;
/** Vector, terms and the rest. Source: docs/qdrant.md, 256 dimensions. */
const qdrantBytesOfPassage = 2900;
const most = 2000;

/** `waitAtMost`: seconds that 99 of 100 turns may wait before they begin. One process more than needed: one may die. */
export function sizeFor(costs: Costs, demand: Demand, options: { waitAtMost: number; arrivals: number; seed: number }): Sizing {
  const messagesADay = demand.residents * demand.dailyShare * demand.messagesEach;
  const peak = (messagesADay * demand.peakHour) / 3600;
  const flood = peak * demand.floodFactor;
  const service = costs.cpuMs / 1000;
  const waits = (servers: number) =>
    simulate({ rate: flood, service, variation: costs.variation, servers, line: 'split', arrivals: options.arrivals, seed: options.seed })
      .p99;
  // Below its load no line ends; from there on few steps are needed.
  let needed = Math.floor(flood * service) + 1;
  while (needed < most && waits(needed) > options.waitAtMost) needed += Math.max(1, Math.floor(needed / 20));
  const processes = needed + 1;
  return {
    messagesADay,
    peak,
    flood,
    processes,
    waitP99: waits(processes),
    webSockets: Math.ceil((flood / demand.messagesEach) * demand.openSeconds),
    databaseConnections: processes * connectionsOfProcess,
    transactionsASecond: flood * costs.transactions,
    walMegabytesASecond: (flood * costs.walBytes) / 1e6,
    storageGigabytesAYear: (messagesADay * 365 * costs.storageBytes) / 1e9,
    databaseCores: costs.databaseCpuMs === undefined ? undefined : (flood * costs.databaseCpuMs) / 1000,
    qdrantMegabytes: (demand.passages * qdrantBytesOfPassage) / 1e6,
  };
}
