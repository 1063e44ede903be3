/** The built mini-program in a real browser: its markup compiled by the official compiler, run by the official simulator, on a `wx` that has a network. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);

interface Compiler {
  wxmlToJs(root: string): string;
  wxssToJs(root: string): string;
}
export interface Compiled {
  /** A function body that gives wcc's `$gwx`: path → render function. */
  readonly wxml: string;
  /** A function body that gives path → style. */
  readonly wxss: string;
}

/** Compiles markup and styles of a built mini-program. Undefined where the compiler's binaries (Linux x64, macOS, Windows) don't run. Throws for what it refuses. */
export function compile(root: string): Compiled | undefined {
  const compiler = require('miniprogram-compiler') as Compiler;
  try {
    return { wxml: compiler.wxmlToJs(root), wxss: compiler.wxssToJs(root) };
  } catch (error) {
    if (/ENOEXEC|ENOENT|EACCES/.test(String(error))) return undefined;
    throw error;
  }
}

const component = 'components/chat/chat';

/**
 * Renders the chat component in `page`, which must be at the server's own origin. `window.codes` are what wx.login gives, in turn; `window.shown` what
 * toasts said.
 */
export async function renderChat(page: Page, root: string, { wxml }: Compiled, properties: object): Promise<void> {
  const files: Record<string, string> = {};
  for (const kind of ['js', 'json', 'wxss']) files[`/${component}.${kind}`] = await readFile(join(root, `${component}.${kind}`), 'utf8');
  await page.addScriptTag({ content: runtime });
  await page.addScriptTag({ path: require.resolve('miniprogram-simulate/build.js') });
  await page.evaluate(
    ({ files, wxml, component, properties }) => {
      const scope = window as unknown as {
        __FILE_MAP__: Record<string, unknown>;
        __webview_engine_version__: number;
        simulate: {
          load(path: string, tag: string, options: object): string;
          render(id: string, properties: object): { attach(parent: Element): void };
        };
      };
      scope.__webview_engine_version__ = 0.02;
      const render = new Function(wxml)() as (path: string) => unknown;
      scope.__FILE_MAP__ = { ...files, [`/${component}.wxml`]: render(`${component}.wxml`) };
      const id = scope.simulate.load(`/${component}`, 'wenban-chat', { compiler: 'official', rootPath: '/' });
      const host = document.createElement('main');
      document.body.append(host);
      const rendered = scope.simulate.render(id, properties);
      Object.assign(window, { chat: rendered });
      rendered.attach(host);
    },
    { files, wxml, component, properties },
  );
}

/** The page's `wx`: the browser's network under the mini-program's names. */
const runtime = `
window.codes = []; window.shown = []; window.sockets = new Set();
const storage = {};
window.wx = {
  login: ({ success, fail }) => { const code = window.codes.shift(); code ? success({ code }) : fail(); },
  request({ url, method, header, data, success, fail }) {
    fetch(url, { method, headers: header, body: data ? JSON.stringify(data) : undefined }).then(
      async (response) => success({ statusCode: response.status, data: await response.json().catch(() => undefined) }), fail);
  },
  connectSocket({ url }) {
    const socket = new WebSocket(url);
    window.sockets.add(socket);
    return {
      onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener({ data })),
      onClose: (listener) => socket.addEventListener('close', listener),
      onError: (listener) => socket.addEventListener('error', listener),
      close: () => socket.close(),
    };
  },
  setClipboardData: ({ data }) => { window.copied = data; },
  showToast: ({ title }) => window.shown.push(title),
  makePhoneCall: ({ phoneNumber }) => { window.called = phoneNumber; },
  getStorageSync: (key) => storage[key] ?? '',
  setStorageSync: (key, value) => { storage[key] = value; },
};`;
