import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskRoutes } from './router.ts';
import { plainOptions } from './testing/options.ts';
import { type DeskClient, type DeskServer, PASSWORD, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let boss: DeskClient;

beforeAll(async () => {
  server = await startDeskServer();
  boss = await server.signedIn('boss');
});
afterAll(() => server.close());

const writing = () => deskRoutes(plainOptions(server.house)).filter(({ spec }) => spec.method !== 'get');
const address = (path: string) => path.replace(/\{\w+\}/g, 'none');
const code = (answer: { body: unknown }) => (answer.body as { error?: { code: string } } | undefined)?.error?.code;

describe('[R-027] what another site may have sent is refused on every route that changes something', () => {
  it.each([
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['a request the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a request of a neighbouring site', { 'sec-fetch-site': 'same-site' }],
  ])('%s', async (_name, headers) => {
    expect(writing().length).toBeGreaterThan(20);
    for (const { spec } of writing()) {
      const answer = await boss.request(spec.method.toUpperCase(), address(spec.path), {}, headers as unknown as Record<string, string>);
      expect([spec.method, spec.path, answer.status, code(answer)]).toEqual([spec.method, spec.path, 403, 'foreign_origin']);
    }
  });

  it('what a plain HTML form can send', async () => {
    for (const { spec } of writing()) {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
        const answer = await boss.request(spec.method.toUpperCase(), address(spec.path), '{}', { 'content-type': type });
        expect([spec.path, type, answer.status]).toEqual([spec.path, type, 415]);
      }
    }
  });
});

describe('[R-016] sessions', () => {
  it('end half a day after signing in, used or not', async () => {
    const own = await startDeskServer();
    const client = await own.signedIn('li');
    for (let hour = 0; hour < 12; hour += 3) {
      expect((await client.get('/me')).status).toBe(200);
      own.house.clock.now += 3 * 3_600_000;
    }
    expect((await client.get('/me')).status).toBe(401);
    await own.close();
  });

  it('signing in gives a fresh cookie and ends the session that was there: nothing planted survives', async () => {
    const client = await server.signedIn('li');
    const planted = client.cookie;
    await client.post('/login', { name: 'li', password: PASSWORD });
    expect(client.cookie).not.toBe(planted);
    expect((await server.client().request('GET', '/me', undefined, { cookie: planted })).status).toBe(401);
  });

  it('behind https the cookie can be set by nobody else, and one without the prefix counts for nothing', async () => {
    const own = await startDeskServer({ api: { publicUrl: 'https://wenban.example' } });
    const client = own.client();
    const login = await client.post('/login', { name: 'li', password: PASSWORD }, { origin: 'https://wenban.example' });
    expect(login.headers.get('set-cookie')).toMatch(
      /^__Host-wenban_desk=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    expect((await client.get('/me')).status).toBe(200);
    expect((await own.client().request('GET', '/me', undefined, { cookie: client.cookie.replace('__Host-', '') })).status).toBe(401);
    await own.close();
  });
});
