/** What the mock server needs of HTTP: files of the build, JSON and multipart bodies. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Activity } from '../../../../bot/activity.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
/** As strict as a careful city's site: nothing inline, nothing evaluated. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' ws:; font-src 'self' data:";

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg2Jf3HwAE4QJZ5X1bDwAAAABJRU5ErkJggg==', 'base64');

/** `/` is the portal, `/host` a page with hostile styles, the rest are files of the build. */
export async function assetsFrom(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const name = pathname === '/' ? '/portal/index.html' : pathname;
  const headers = { 'content-security-policy': POLICY, 'content-type': TYPES[path.extname(name)] ?? 'text/plain' };
  if (name === '/uploaded.png') return void response.writeHead(200, headers).end(PIXEL);
  if (name === '/host') return void response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(HOSTILE_PAGE);
  if (name === '/host.css') return void response.writeHead(200, headers).end(HOSTILE_STYLES);
  try {
    response.writeHead(200, headers).end(await readFile(path.join(folder, path.normalize(name))));
  } catch {
    response.writeHead(404).end();
  }
}

const HOSTILE_PAGE = `<!doctype html><html lang="zh-CN"><head><title>Host</title><link rel="stylesheet" href="/host.css">
<script src="/widget.js" defer></script></head><body><main><h1>Host</h1><button id="probe" class="button">Probe</button><p class="bubble" id="bubble">Text</p></main></body></html>`;

/** The worst a host page may do to elements it does not know. */
const HOSTILE_STYLES = `body * { font: italic 31px/3 cursive !important; color: rgb(255, 0, 255) !important; letter-spacing: 9px !important; text-transform: uppercase !important;
  border: 4px dashed lime !important; transform: rotate(3deg) !important; opacity: .5 !important; visibility: visible; direction: rtl !important; --wb-accent: red !important; }
body button, input, textarea { display: none !important; background: yellow !important; }
body wenban-chat { display: none !important; position: static !important; filter: blur(3px) !important; }`;

/** Reads the activity of a JSON or multipart body, and what file came with it. */
export async function readRequest(request: IncomingMessage): Promise<{ activity: Activity; file?: { name: string; type: string } }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const contentType = String(request.headers['content-type']);
  if (!contentType.startsWith('multipart/')) return { activity: JSON.parse(body.toString()) };
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const file = form.get('file') as File;
  return { activity: JSON.parse(await (form.get('activity') as File).text()), file: { name: file.name, type: file.type } };
}
