/** Makes sure that what `npm run build` makes is there and up to date, whoever asks first. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../../server/paths.ts';

const root = projectRoot();
const bundle = join(root, 'dist', 'server', 'wenban.js');
const lock = join(root, 'dist', '.building');
const waitAtMostMs = 60_000;

/** Builds the server when a source file is younger than the bundle, and the browser files when there are none. */
export async function ensureBuilt(): Promise<string> {
  await mkdir(join(root, 'dist'), { recursive: true });
  const release = await acquire();
  try {
    if (!existsSync(bundle) || youngestSource() > statSync(bundle).mtimeMs) await run('scripts/build-server.mjs');
    if (!existsSync(join(root, 'dist', 'web', 'widget.js'))) await run('scripts/build-web.mjs');
  } finally {
    await release();
  }
  return bundle;
}

/** One builder at a time: a folder can be made only once. */
async function acquire(): Promise<() => Promise<void>> {
  const start = Date.now();
  for (;;) {
    try {
      await mkdir(lock);
      return () => rmdir(lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // Somebody was killed while building.
      if (Date.now() - start > waitAtMostMs) await rmdir(lock).catch(() => undefined);
      await sleep(100);
    }
  }
}

function youngestSource(): number {
  let youngest = 0;
  for (const folder of ['server', 'bot', 'channels', 'desk', 'knowledge']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (/(?<!\.test)\.tsx?$/.test(name)) youngest = Math.max(youngest, statSync(join(root, folder, name)).mtimeMs);
    }
  }
  return youngest;
}

async function run(script: string): Promise<void> {
  await promisify(execFile)(process.execPath, [script], { cwd: root });
}
