/**
 * Builds the mini-program into a folder that WeChat DevTools opens and miniprogram-ci uploads:
 *   node channels/wechat/miniprogram/build.mjs --url https://zwfw.example [--account ID] [--appid wx…] [--phone] [--out dist/miniprogram]
 * --phone: citizens may ask to be told by SMS.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const source = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    account: { type: 'string' },
    appid: { type: 'string' },
    phone: { type: 'boolean', default: false },
    out: { type: 'string', default: 'dist/miniprogram' },
  },
});
if (!values.url?.startsWith('https://')) {
  console.error('--url: the https:// address of your Wenban server; mini-programs talk to no other');
  process.exit(2);
}
const out = resolve(values.out);
await mkdir(out, { recursive: true });
for (const entry of ['app', 'pages/chat/chat', 'components/chat/chat']) {
  await build({
    entryPoints: [join(source, `${entry}.ts`)],
    outfile: join(out, `${entry}.js`),
    bundle: true,
    format: 'cjs',
    // Phones with an old runtime: private fields and the like become what all of them know.
    target: 'es2017',
    define: {
      WENBAN_URL: JSON.stringify(values.url.replace(/\/+$/, '')),
      WENBAN_ACCOUNT: JSON.stringify(values.account ?? ''),
      WENBAN_PHONE: String(values.phone),
    },
    logLevel: 'warning',
  });
}
const files = ['app.json', 'sitemap.json', 'pages/chat/chat.json', 'pages/chat/chat.wxml'];
for (const kind of ['json', 'wxml', 'wxss']) files.push(`components/chat/chat.${kind}`);
for (const file of files) await cp(join(source, file), join(out, file));
const project = JSON.parse(await readFile(join(source, 'project.config.json'), 'utf8'));
await writeFile(
  join(out, 'project.config.json'),
  `${JSON.stringify({ ...project, ...(values.appid ? { appid: values.appid } : {}) }, null, 2)}\n`,
);
console.log(`built into ${out}`);
