/**
 * Measures what a turn costs this process and PostgreSQL, as JSON for scripts/scaling.ts:
 *   npx tsx scripts/scaling-measure.ts postgres://user@host/an-empty-database [turns] > costs.json
 * The database is filled with made-up conversations: give it one of its own.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { fullCapabilities } from '../bot/render.ts';
import { questionsFrom } from '../server/bench/questions.ts';
import { parseConfig } from '../server/config.ts';
import { buildHouse } from '../server/house.ts';
import { newId } from '../server/ids.ts';
import type { Costs } from './scaling/sizing.ts';

const channel = 'bench';
const turnsOfConversation = 5;
const [databaseUrl, count = '1000'] = process.argv.slice(2);
if (databaseUrl === undefined || !(Number(count) > 0)) {
  console.error('usage: npx tsx scripts/scaling-measure.ts postgres://… [turns]');
  process.exit(2);
}
const dataDir = await mkdtemp(join(tmpdir(), 'wenban-scaling-'));
const parsed = parseConfig({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl });
if (!parsed.ok) {
  console.error(parsed.problems.join('\n'));
  process.exit(2);
}
const house = await buildHouse({
  config: parsed.config,
  logger: pino({ level: 'silent' }),
  channels: [{ name: channel, capabilities: fullCapabilities }],
  // Nothing but the turns.
  refreshEveryMs: 0,
});
const questions = questionsFrom(house.index.items());
let asked = 0;
const talk = async (turns: number): Promise<number[]> => {
  const times: number[] = [];
  let conversationId = '';
  for (let i = 0; i < turns; i++) {
    if (i % turnsOfConversation === 0) {
      conversationId = (await house.core.openConversation({ channel, userId: newId() })).conversation.id;
      await house.core.settled(conversationId);
    }
    const start = performance.now();
    const text = questions[asked++ % questions.length] ?? '';
    await house.core.receive({ conversationId, messageId: newId(), activity: { type: 'message', from: { id: 'bench' }, text } });
    await house.core.settled(conversationId);
    times.push(performance.now() - start);
  }
  return times;
};

interface State {
  readonly cpu: NodeJS.CpuUsage;
  readonly transactions: number;
  readonly wal: number;
  readonly size: number;
  readonly databaseCpu: number | undefined;
}

async function state(): Promise<State> {
  const { db } = house.database;
  // Statistics of a session reach the view when it is idle for a second. Source: PostgreSQL manual, Cumulative Statistics System.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { rows } = await sql<{ transactions: string; wal: string; size: string }>`
    select (select xact_commit from pg_stat_database where datname = current_database())::text as transactions,
           pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as wal, pg_database_size(current_database())::text as size`.execute(db);
  const [row] = rows;
  return {
    cpu: process.cpuUsage(),
    transactions: Number(row?.transactions),
    wal: Number(row?.wal),
    size: Number(row?.size),
    databaseCpu: await databaseCpu(await serverPid()),
  };
}

async function serverPid(): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(house.database.db);
  return rows[0]?.pid;
}

/** Milliseconds of all processes below the postmaster, where PostgreSQL runs on this machine. Source: proc(5), /proc/pid/stat. */
async function databaseCpu(backend: number | undefined): Promise<number | undefined> {
  const parent = (await statOf(backend))?.[1];
  if (parent === undefined) return undefined;
  let ticks = 0;
  for (const name of await readdir('/proc')) {
    const fields = /^\d+$/.test(name) ? await statOf(Number(name)) : undefined;
    if (fields?.[1] === parent) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10;
}

async function statOf(pid: number | undefined): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

try {
  await talk(200);
  const before = await state();
  const times = await talk(Number(count));
  const used = process.cpuUsage(before.cpu);
  const after = await state();
  const turns = times.length;
  const mean = times.reduce((sum, time) => sum + time, 0) / turns;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / turns);
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const database = before.databaseCpu === undefined ? undefined : (after.databaseCpu ?? 0) - before.databaseCpu;
  const costs: Costs = {
    machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, PostgreSQL, ${new Date().toISOString().slice(0, 10)}`,
    turns,
    cpuMs: round((used.user + used.system) / 1000 / turns),
    variation: round(deviation / mean),
    transactions: round((after.transactions - before.transactions) / turns),
    walBytes: Math.round((after.wal - before.wal) / turns),
    storageBytes: Math.round((after.size - before.size) / turns),
    ...(database !== undefined && database > 0 ? { databaseCpuMs: round(database / turns) } : {}),
  };
  console.log(JSON.stringify(costs, null, 2));
} finally {
  await house.close();
  await rm(dataDir, { recursive: true, force: true });
}
