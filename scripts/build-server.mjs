/**
 * Builds the server and command line into dist/server. Packages go into the bundle: one file is read where hundreds were looked for, which
 * is most of what a start without them takes. Those with a library of machine code or with files of their own stay packages.
 */
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'dist', 'server');

/** Machine code, files beside the code, or absent unless the operator installs them; and what is loaded late, if ever. */
const staysPackage = [
  ...['@node-rs/jieba', 'libsql', 'pg-native', 'swagger-ui-dist', 'wechaty', 'qrcode'],
  ...['botbuilder', 'botbuilder-core', 'openai', 'openid-client', '@qdrant/js-client-rest', 'mammoth', 'unpdf'],
  ...['@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources', '@opentelemetry/sdk-trace-node'],
];

/** A CommonJS package in the bundle asks Node for its own modules by this. */
const banner = `#!/usr/bin/env node
import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

await rm(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { wenban: 'server/main.ts' },
  outdir: out,
  bundle: true,
  external: staysPackage,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  splitting: true,
  sourcemap: true,
  sourcesContent: false,
  charset: 'utf8',
  banner: { js: banner },
  logLevel: 'warning',
});
await chmod(path.join(out, 'wenban.js'), 0o755);
