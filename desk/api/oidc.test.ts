import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findStaff, setRole } from '../../bot/store/staff.ts';
import { roleOf } from './oidc.ts';
import { Browser, type IdentityProvider, startIdentityProvider } from './testing/identity-provider.ts';
import { type DeskServer, PASSWORD, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let provider: IdentityProvider;
let browser: Browser;
let host: string;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  host = `127.0.0.1:${port}`;
  provider = await startIdentityProvider(`${publicUrl}/desk/api/oidc/callback`, `${publicUrl}/desk/`);
  const oidc = {
    issuer: provider.issuer,
    clientId: 'wenban',
    clientSecret: 'a secret of thirty-two characters',
    roleClaim: 'roles',
    roles: [
      { value: 'wenban-admins', role: 'admin' as const },
      { value: 'wenban-agents', role: 'agent' as const },
    ],
    nameClaim: 'preferred_username',
    scope: 'openid profile',
  };
  server = await startDeskServer({ port, realTime: true, api: { publicUrl, oidc, passwordLogin: false } });
  provider.people.set('s1', { name: '陈一', roles: ['staff', 'wenban-agents'] });
  provider.people.set('s2', { name: '外人', roles: ['staff'] });
  provider.people.set('s3', { name: 'li', roles: ['wenban-admins'] });
});
afterAll(async () => {
  await server.close();
  await provider.close();
});
beforeEach(() => {
  browser = new Browser();
});

const signIn = (as: string | undefined) => {
  provider.at = as;
  return browser.go(`${server.url}/desk/api/oidc/start`);
};
const me = async () => (await browser.go(`${server.url}/desk/api/me`)).text;

describe('[R-016] single sign-on', () => {
  it('signs somebody in with the role their group is mapped to, and the login page offers only what works', async () => {
    expect(JSON.parse((await browser.go(`${server.url}/desk/api/login/ways`)).text)).toEqual({
      password: false,
      singleSignOn: '/desk/api/oidc/start',
    });
    expect((await signIn('s1')).url).toBe(`${server.url}/desk/`);
    expect(JSON.parse(await me())).toEqual({ name: '陈一', role: 'agent' });
    expect(browser.cookie(host, 'wenban_oidc')).toBeUndefined();
    expect((await server.client().post('/login', { name: 'li', password: PASSWORD })).status).toBe(403);
  });

  it('a person without a mapped group has no access and reads why', async () => {
    const page = await signIn('s2');
    expect([page.status, page.text.includes('还没有开通问办的权限')]).toEqual([403, true]);
    expect(await me()).toContain('signed_out');
    expect(await findStaff(server.house.database.db, '外人')).toBeUndefined();
  });

  it('never takes over a local account of the same name', async () => {
    const page = await signIn('s3');
    expect([page.status, page.text.includes('本地账号')]).toEqual([403, true]);
    expect((await findStaff(server.house.database.db, 'li'))?.role).toBe('agent');
  });

  it('cancelling there leads back here with a kind word', async () => {
    expect((await signIn(undefined)).text).toContain('取消了登录');
  });

  it('a changed group changes the role and ends older sessions; a lost one ends them all', async () => {
    await signIn('s1');
    const before = browser;
    provider.people.set('s1', { name: '陈一', roles: ['wenban-admins'] });
    browser = new Browser();
    await signIn('s1');
    expect(JSON.parse(await me())).toEqual({ name: '陈一', role: 'admin' });
    expect((await before.go(`${server.url}/desk/api/me`)).status).toBe(401);
    provider.people.set('s1', { name: '陈一', roles: [] });
    const inside = browser;
    browser = new Browser();
    expect((await signIn('s1')).status).toBe(403);
    expect((await inside.go(`${server.url}/desk/api/me`)).status).toBe(401);
    provider.people.set('s1', { name: '陈一', roles: ['wenban-agents'] });
  });

  it('a callback this browser did not begin, a bent state and a forged cookie are refused', async () => {
    const callback = `${server.url}/desk/api/oidc/callback`;
    expect((await browser.go(`${callback}?code=x&state=y`)).status).toBe(403);
    provider.at = 's1';
    const start = await fetch(`${server.url}/desk/api/oidc/start`, { redirect: 'manual' });
    const pending = /wenban_oidc=([^;]+)/.exec(start.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(start.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax; Max-Age=600$/);
    const asked = new URL(start.headers.get('location') ?? '').searchParams;
    expect([asked.get('code_challenge_method'), asked.get('nonce')?.length, asked.get('state')?.length]).toEqual(['S256', 43, 43]);
    browser.plant(host, 'wenban_oidc', pending);
    expect((await browser.go(`${callback}?code=x&state=other&iss=${provider.issuer}`)).status).toBe(403);
    browser.plant(host, 'wenban_oidc', `${pending.slice(0, -4)}AAAA`);
    expect((await browser.go(`${callback}?code=x&state=${asked.get('state')}`)).text).toContain('请重新登录');
  });

  it('a session planted in the browser ends at sign-in, and signing out ends the session at the provider too', async () => {
    browser.plant(host, 'wenban_desk', 'a'.repeat(43));
    await signIn('s1');
    expect(browser.cookie(host, 'wenban_desk')).not.toBe('a'.repeat(43));
    const token = browser.cookie(host, 'wenban_desk');
    const out = await fetch(`${server.url}/desk/api/oidc/logout`, { redirect: 'manual', headers: { cookie: `wenban_desk=${token}` } });
    expect(out.headers.get('location')).toMatch(new RegExp(`^${provider.issuer}/session/end\\?`));
    expect(await me()).toContain('signed_out');
  });

  it('a role changed by hand ends the sessions', async () => {
    await signIn('s1');
    await setRole(server.house.database.db, '陈一', 'editor');
    expect(await me()).toContain('signed_out');
  });

  it('claims are read by their whole name or by steps; the first mapping that fits wins', () => {
    const roles = [
      { value: 'a', role: 'admin' as const },
      { value: 'b', role: 'agent' as const },
    ];
    expect(roleOf({ realm_access: { roles: ['b', 'a'] } }, { roleClaim: 'realm_access.roles', roles })).toBe('admin');
    expect(roleOf({ 'https://x/roles': 'b' }, { roleClaim: 'https://x/roles', roles })).toBe('agent');
    expect(roleOf({ roles: ['c'] }, { roleClaim: 'roles', roles })).toBeUndefined();
    expect(roleOf({ roles: [{}] }, { roleClaim: 'constructor.name', roles })).toBeUndefined();
  });
});
