/** What the image holds is enough to start: installed and copied as the container file says, in a folder of its own. Long: it installs packages. */
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { projectRoot } from '../server/paths.ts';
import { ensureBuilt } from '../tests/support/build.ts';

const root = projectRoot();

it.skipIf(!process.env.WENBAN_LONG)(
  'production packages and the copied files alone start and answer (long form: WENBAN_LONG=1)',
  { timeout: 900_000 },
  async () => {
    await ensureBuilt();
    const folder = await mkdtemp(join(tmpdir(), 'wenban-image-'));
    try {
      const text = (await readFile(join(root, 'deploy', 'Containerfile'), 'utf8')).replace(/\\\n/g, ' ');
      const last = text.slice(text.lastIndexOf('\nFROM '));
      for (const [, from, sources = '', target = ''] of last.matchAll(/^COPY (?:--from=(\w+) )?(.+) (\S+)$/gm)) {
        if (from === 'packages') continue;
        for (const source of sources.split(' ')) {
          const into = target === './' ? join(folder, basename(source)) : join(folder, target);
          await cp(join(root, source.replace(/^\/src\//, '')), into, { recursive: true });
        }
      }
      const [, install = ''] = /^RUN (npm ci --omit=dev.*?) {2,}/m.exec(text) ?? [];
      expect(install).not.toBe('');
      execFileSync('sh', ['-c', install], { cwd: folder, stdio: 'ignore' });
      const child = spawn(process.execPath, [join(folder, 'dist/server/wenban.js'), 'serve'], {
        cwd: tmpdir(),
        env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'data'), NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stdout.on('data', (data) => (said += data));
      child.stderr.on('data', (data) => (said += data));
      try {
        let url: string | undefined;
        for (let tries = 0; url === undefined && tries < 600 && child.exitCode === null; tries++, await sleep(100))
          url = /(http:\/\/[\w.:]+)\/\s/.exec(said)?.[1];
        expect([url, said]).toEqual([expect.any(String), expect.any(String)]);
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
        expect((await fetch(`${url}/widget.js`)).status).toBe(200);
      } finally {
        child.kill('SIGKILL');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
