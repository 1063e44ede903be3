import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readActivities } from './activities.ts';
import { findConversation } from './conversations.ts';
import type { DatabaseConfig } from './database.ts';
import { pendingInbox } from './inbox.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

/** Runs the accepting child, kills it `after` milliseconds past its first acknowledgement, returns what it acknowledged. */
function acknowledgedBeforeKill(config: DatabaseConfig, prefix: string, after: number): Promise<string[]> {
  const script = fileURLToPath(new URL('./testing/accept-forever.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(config), prefix], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let printed = '';
    let complaint = '';
    child.stdout.on('data', (data) => {
      if (printed === '') setTimeout(() => child.kill('SIGKILL'), after);
      printed += data;
    });
    child.stderr.on('data', (data) => (complaint += data));
    child.on('close', (_code, signal) => {
      // The last line may be cut.
      if (signal === 'SIGKILL') resolve(printed.split('\n').slice(0, -1));
      else reject(new Error(complaint));
    });
  });
}

onEachEngine('kill -9', (store) => {
  test('[R-015] every message that was acknowledged before a kill -9 is there afterwards', { timeout: 60_000 }, async () => {
    const { db, place } = store();
    await makeConversation(db);
    const acknowledged: string[] = [];
    for (const round of ['first', 'second', 'third']) {
      acknowledged.push(...(await acknowledgedBeforeKill(place.config, round, 20 + Math.random() * 300)));
    }
    const log = await readActivities(db, 'c1', 0, 1_000_000);
    const texts = new Set(log.map((activity) => activity.text));
    expect(acknowledged.length).toBeGreaterThan(3);
    expect(acknowledged.filter((id) => !texts.has(id))).toEqual([]);
    expect(texts.size).toBe(log.length);
    expect(log.map((activity) => activity.seq)).toEqual(log.map((_, index) => index + 1));
    expect((await pendingInbox(db, 'c1')).map((row) => row.activity.id)).toEqual(log.map((activity) => activity.id));
    expect((await findConversation(db, 'c1'))?.lastSeq).toBe(log.length);
  });
});
