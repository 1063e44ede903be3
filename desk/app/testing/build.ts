/** Bundles the desk's app for a test into a new temporary folder. */
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const app = path.resolve(import.meta.dirname, '..');

/** Returns the folder with app.js, app.css and index.html. */
export async function buildDeskApp(): Promise<string> {
  const outdir = await mkdtemp(path.join(tmpdir(), 'wenban-desk-app-'));
  await build({
    entryPoints: { app: path.join(app, 'main.tsx') },
    outdir,
    bundle: true,
    format: 'esm',
    target: 'es2020',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    logLevel: 'warning',
  });
  await cp(path.join(app, 'index.html'), path.join(outdir, 'index.html'));
  return outdir;
}
