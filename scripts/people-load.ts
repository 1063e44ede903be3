/**
 * Many people at once: `npx tsx scripts/people-load.ts [--waiting 200] [--agents 20] [--minutes 10] [--seed 8]` starts a server of its own
 * (on DATABASE_URL or SQLite) and prints the figures; exit code 1 on any lost, doubled or crossed message. On Linux everybody has an
 * address of their own on the loopback network, so that the server's real limits by address stand.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../bot/store/database.ts';
import { addStaff } from '../bot/store/staff.ts';
import { hashPassword } from '../desk/api/passwords.ts';
import { reportLines } from '../tests/people/load/report.ts';
import { runLoad } from '../tests/people/load/run.ts';
import { startServer } from '../tests/support/process.ts';

const { values } = parseArgs({
  options: {
    waiting: { type: 'string', default: '200' },
    agents: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '8' },
  },
});
const password = 'people-load-only';
const supervisor = 'supervisor';
const agents = Array.from({ length: Number(values.agents) }, (_, index) => `agent${index + 1}`);

const dataDir = await mkdtemp(join(tmpdir(), 'wenban-people-'));
const databaseUrl = process.env.DATABASE_URL;
const database = await openDatabase({ dataDir, databaseUrl });
const passwordHash = await hashPassword(password);
for (const name of agents) await addStaff(database.db, { name, role: 'agent', passwordHash }, Date.now());
await addStaff(database.db, { name: supervisor, role: 'supervisor', passwordHash }, Date.now());
await database.close();

const server = await startServer(dataDir, databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl });
const load = () =>
  `load average ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`;
const before = load();
try {
  const result = await runLoad({
    url: server.url,
    agents,
    supervisor,
    password,
    waiting: Number(values.waiting),
    seconds: Number(values.minutes) * 60,
    speed: 1,
    seed: Number(values.seed),
    // The server gives a silent agent 150 s, and looks every 10 s.
    deadSeconds: 180,
    addressOf: (n) => (process.platform === 'linux' ? `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}` : undefined),
    progress: (line) => console.error(line),
  });
  const logged = server.log().trim();
  console.log(reportLines(result).join('\n'));
  console.log(`before: ${before} · after: ${load()} · ${databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'}`);
  if (logged !== '') console.log(`the server logged:\n${logged.slice(0, 4000)}`);
  if (result.violations.length > 0 || result.faults.length > 0 || logged !== '') process.exitCode = 1;
} catch (error) {
  console.error(error, server.log());
  process.exitCode = 1;
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
