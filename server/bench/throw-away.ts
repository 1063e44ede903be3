/** Houses and folders that are gone after a measurement, and a configuration that calls nobody. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, parseConfig } from '../config.ts';

/**
 * What is measured is Wenban and not an endpoint: of the environment only the database and the pack count. `more` is set on top.
 * Errors: what is wrong with the configuration, in words.
 */
export function benchConfig(dataDir: string, more: Readonly<Record<string, string>> = {}): Config {
  const { DATABASE_URL, KNOWLEDGE_PACK } = process.env;
  const environment = { ...(DATABASE_URL ? { DATABASE_URL } : {}), ...(KNOWLEDGE_PACK ? { KNOWLEDGE_PACK } : {}) };
  const parsed = parseConfig({ ...environment, CHAT_MESSAGES_PER_MINUTE: '1000000', ...more, DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.config;
}

/** What a fresh house learns in the background, as it is kept in its data folder. */
const lessons = ['learnt-kinds.bin', 'learnt-demand.bin'];
const longestLessonsMs = 300_000;

/** Resolves when the server on `dataDir` has learnt: until then it does more than answer. Errors: it takes far too long. */
export async function learnt(dataDir: string): Promise<void> {
  for (const begun = performance.now(); !lessons.every((file) => existsSync(join(dataDir, file))); await pause(200))
    if (performance.now() - begun > longestLessonsMs) throw new Error('the server to be measured has not learnt what it needs');
}

/** Runs `work` in a new folder and removes it afterwards, whatever came of it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wenban-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
