/**
 * Builds everything a browser loads into dist/web: widget.js (one self-contained script), the sample portal, the staff desk.
 * Prints raw and gzip sizes; the widget may not exceed 40 KB gzip (exit 1).
 */
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The most the widget may weigh, gzipped, in bytes. */
export const WIDGET_GZIP_LIMIT = 40 * 1024;

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  target: 'es2020',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** Gives the widget its style sheets as minified text: they become constructed sheets, never <style> elements. */
const cssAsText = {
  name: 'css-as-text',
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await transform(await readFile(file, 'utf8'), { loader: 'css', minify: true, charset: 'utf8' });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

const exists = (file) =>
  stat(file).then(
    () => true,
    () => false,
  );

async function buildWidget(outDir) {
  await build({
    ...shared,
    plugins: [cssAsText],
    entryPoints: ['channels/web/widget/main.tsx'],
    outfile: path.join(outDir, 'widget.js'),
    format: 'iife',
  });
}

async function buildPortal(outDir) {
  const target = path.join(outDir, 'portal');
  await cp(path.join(root, 'channels/web/portal'), target, { recursive: true, filter: (file) => !/\.(ts|tsx|md)$/.test(file) });
  await cp(path.join(root, 'design/tokens.css'), path.join(target, 'tokens.css'));
}

async function buildDesk(outDir) {
  const source = path.join(root, 'desk/app');
  if (!(await exists(path.join(source, 'main.tsx')))) return false;
  const target = path.join(outDir, 'desk');
  await build({
    ...shared,
    entryPoints: { app: 'desk/app/main.tsx' },
    outdir: target,
    format: 'esm',
  });
  await cp(path.join(source, 'index.html'), path.join(target, 'index.html'));
  // The page links app.css whether or not the code imports a style sheet.
  if (!(await exists(path.join(target, 'app.css')))) await writeFile(path.join(target, 'app.css'), '');
  return true;
}

async function sizeOf(outDir, name) {
  const bytes = await readFile(path.join(outDir, name));
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

/**
 * Builds into `outDir` (default dist/web), replacing what stood there.
 * Returns the sizes of what was built and whether the widget keeps to its limit. Throws when a source does not compile.
 */
export async function buildWeb({ outDir = path.join(root, 'dist/web') } = {}) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const [desk] = await Promise.all([buildDesk(outDir), buildWidget(outDir), buildPortal(outDir)]);
  const names = [
    'widget.js',
    'portal/index.html',
    'portal/portal.css',
    'portal/portal.js',
    ...(desk ? ['desk/app.js', 'desk/app.css'] : []),
  ];
  const sizes = await Promise.all(names.map((name) => sizeOf(outDir, name)));
  return { outDir, sizes, withinLimit: (sizes[0]?.gzip ?? 0) <= WIDGET_GZIP_LIMIT };
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(9);

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { sizes, withinLimit } = await buildWeb();
  for (const { name, raw, gzip } of sizes) console.log(`${name.padEnd(20)} ${kilobytes(raw)} raw ${kilobytes(gzip)} gzip`);
  if (!withinLimit) {
    console.error(`widget.js is larger than ${kilobytes(WIDGET_GZIP_LIMIT).trim()} gzip`);
    process.exitCode = 1;
  }
}
