import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskRoutes } from './router.ts';
import { plainOptions } from './testing/options.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

/** An account of each role on the test server. */
const people = { agent: 'li', editor: 'ed', analyst: 'ana', supervisor: 'sup', admin: 'boss' } as const;

let server: DeskServer;
const clients = new Map<string, DeskClient>();

beforeAll(async () => {
  server = await startDeskServer();
  for (const [role, name] of Object.entries(people)) clients.set(role, await server.signedIn(name));
});
afterAll(() => server.close());

const routes = () => deskRoutes(plainOptions(server.house));
const address = (path: string) => path.replace(/\{\w+\}/g, 'none');

describe('[R-016] permissions: every route for every role', () => {
  it('a stranger reaches public routes only', async () => {
    for (const { spec } of routes()) {
      const answer = await server.client().request(spec.method.toUpperCase(), address(spec.path), spec.method === 'get' ? undefined : {});
      const code = (answer.body as { error?: { code: string } } | undefined)?.error?.code;
      expect([spec.method, spec.path, code === 'signed_out']).toEqual([spec.method, spec.path, spec.roles !== 'public']);
    }
  });

  it('a role reaches what names it, and nothing else', async () => {
    for (const [role, client] of clients) {
      for (const { spec } of routes()) {
        if (spec.roles === 'public' || spec.produces === 'text/event-stream') continue;
        const answer = await client.request(spec.method.toUpperCase(), address(spec.path), spec.method === 'get' ? undefined : {});
        const code = (answer.body as { error?: { code: string } } | undefined)?.error?.code;
        const allowed = (spec.roles as readonly string[]).includes(role);
        expect([role, spec.method, spec.path, code !== 'forbidden']).toEqual([role, spec.method, spec.path, allowed]);
        expect(answer.status).toBeLessThan(500);
      }
    }
  });
});
