/** The load run in its short form: everybody lives fifteen times faster, the server's clock too. The long one: scripts/people-load.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { startServer } from '../support/server.ts';
import { reportLines, waitFigures } from './load/report.ts';
import { runLoad } from './load/run.ts';

const speed = 15;
const password = 'a good password';
const agents = ['agent1', 'agent2', 'agent3', 'agent4', 'agent5'];

it('[R-033] agents and citizens all at once, one machine dies: no message lost, doubled, crossed or out of order', {
  timeout: 120_000,
}, async () => {
  const start = Date.now();
  const now = () => start + (Date.now() - start) * speed;
  // Everybody comes from one address here.
  const server = await startServer({}, { now, limits: { startsPerIp: 100_000, postsPerIp: 100_000, postsPerConversation: 1000 } });
  const over = new AbortController();
  const sweeping = (async () => {
    while (!over.signal.aborted) {
      await server.house.people.sweep();
      await sleep(300);
    }
  })();
  try {
    const passwordHash = await hashPassword(password, { log2N: 8 });
    for (const name of agents) await addStaff(server.house.database.db, { name, role: 'agent', passwordHash }, now());
    await addStaff(server.house.database.db, { name: 'sup', role: 'supervisor', passwordHash }, now());
    const result = await runLoad({
      url: `http://127.0.0.1:${server.port}`,
      agents,
      supervisor: 'sup',
      password,
      waiting: 12,
      seconds: 240,
      atLeast: 30,
      speed,
      seed: 8,
      deadSeconds: 180,
      addressOf: () => undefined,
    });
    const report = reportLines(result).join('\n');
    expect(result.violations, report).toEqual([]);
    expect(result.faults, report).toEqual([]);
    // Something did happen.
    expect(result.said.filter(({ by, outcome }) => by === 'agent' && outcome === 'accepted').length, report).toBeGreaterThanOrEqual(25);
    expect(waitFigures(result).joined, report).toBeGreaterThan(10);
    if (process.env.TEST_LOG) console.log(report);
  } finally {
    over.abort();
    await sweeping;
    await server.close();
  }
});
