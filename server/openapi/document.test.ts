import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES_PATH } from '../../channels/botframework/options.ts';
import { PAGE_PATH, SMS_PATH } from '../../channels/sms/options.ts';
import { DIRECT_LINE_PATH } from '../../channels/web/directline/options.ts';
import { WECHAT_PATH } from '../../channels/wechat/options.ts';
import { parseConfig } from '../config.ts';
import { buildHouse, type House } from '../house.ts';
import { createWeb, type Web } from '../http.ts';
import { NOTICE_PATH } from '../notices.ts';
import { SERVICE_REPORTS_PATH } from '../service-reports.ts';
import { type OpenApiDocument, openApiDocument } from './document.ts';
import { API_PAGE_PATH } from './page.ts';

/** Mounts whose requests and answers are a vendor's or a page's, not JSON of ours. */
const notOurJson = [
  SMS_PATH,
  PAGE_PATH,
  WECHAT_PATH,
  NOTICE_PATH,
  SERVICE_REPORTS_PATH,
  '/desk',
  '/portal',
  '/widget.js',
  '/widget.js.map',
  API_PAGE_PATH,
  '/api/ui',
  '/',
];

interface Layer {
  readonly route?: { readonly path: string | string[]; readonly methods: Record<string, boolean> };
  readonly handle: { readonly stack?: readonly Layer[]; readonly name: string };
  match(path: string): boolean;
}

let house: House;
let web: Web;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-openapi-'));
  const parsed = parseConfig({ DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  house = await buildHouse({ config: parsed.config, logger: pino({ level: 'silent' }), channels: [], refreshEveryMs: 0 });
  web = await createWeb({
    house,
    logger: pino({ level: 'silent' }),
    webFolder: dataDir,
    botFramework: Router().post('/', (_q, r) => void r.end()),
  });
  await new Promise<void>((resolve) => web.server.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(async () => {
  await web.close();
  await house.close();
  await rm(dataDir, { recursive: true });
});

/** Every route express serves, as `get /path/{name}`. */
function served(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const { path, methods } = layer.route;
      return [path]
        .flat()
        .flatMap((one) =>
          Object.keys(methods).map((method) => `${method} ${(prefix + one).replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1')}`),
        );
    }
    if (!layer.handle.stack) return [];
    if (prefix !== '') return served(layer.handle.stack, prefix);
    // The API page's router stands at the root.
    if (layer.match(API_PAGE_PATH) && layer.match('/')) return served(layer.handle.stack, '');
    const mount = [DIRECT_LINE_PATH, MESSAGES_PATH, '/desk/api', SMS_PATH, PAGE_PATH, WECHAT_PATH].find((known) => layer.match(known));
    if (mount === undefined) throw new Error('a router is mounted at a path this test does not know');
    return served(layer.handle.stack, mount);
  });
}

const isOurs = (route: string): boolean => {
  const path = route.slice(route.indexOf(' ') + 1);
  return !notOurJson.some(
    (mount) => path === mount || (mount !== '/' && mount !== '/desk' && mount !== API_PAGE_PATH && path.startsWith(`${mount}/`)),
  );
};

async function document(): Promise<OpenApiDocument> {
  const { port } = web.server.address() as AddressInfo;
  return (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as OpenApiDocument;
}

describe('the OpenAPI document', () => {
  it('names every JSON route that express serves, and none that it does not', async () => {
    const { paths } = await document();
    const described = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
    const real = served((web.app.router as unknown as { stack: Layer[] }).stack, '').filter(isOurs);
    expect(described.sort()).toEqual([...new Set(real)].sort());
  });

  it('describes bodies, parameters, refusals and who may call', async () => {
    const { paths } = await document();
    const say = paths['/desk/api/conversations/{id}/activities']?.post;
    expect(say).toMatchObject({
      operationId: 'postDeskApiConversationsIdActivities',
      security: [{ deskCookie: [] }],
      'x-roles': expect.arrayContaining(['agent']),
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: { required: true, content: { 'application/json': { schema: { required: ['text'] } } } },
    });
    expect(Object.keys((say?.responses ?? {}) as object)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '409']));
    expect(paths['/desk/api/login']?.post).not.toHaveProperty('security');
  });

  it('refuses two routes at one address', () => {
    const one = { method: 'get', path: '/a', summary: 'a' } as const;
    const group = { tag: 't', description: 't', prefix: '', security: 'none', routes: [one, one] } as const;
    expect(() => openApiDocument({ title: 't', version: '1' }, [group])).toThrow('two routes for GET /a');
  });
});
