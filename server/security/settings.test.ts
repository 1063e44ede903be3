import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { securitySettings } from './settings.ts';

const oidc = {
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'w',
  OIDC_ROLES: 'gov:staff:agent,admins:admin',
  PUBLIC_URL: 'https://w.example',
};
const problems = (environment: NodeJS.ProcessEnv) => {
  const read = securitySettings(environment);
  return read.ok ? [] : read.problems;
};

describe('[R-027] security settings', () => {
  it('nothing set: passwords, no proxy trusted, sessions of eight idle and twelve hours in all', () => {
    expect(securitySettings({})).toMatchObject({
      ok: true,
      security: { oidc: undefined, passwordLogin: true, trustProxy: false, sessions: { idleMs: 28_800_000, absoluteMs: 43_200_000 } },
    });
  });

  it('groups may hold colons; the first mapping wins', () => {
    const read = securitySettings(oidc);
    expect(read.ok && read.security.oidc?.roles).toEqual([
      { value: 'gov:staff', role: 'agent' },
      { value: 'admins', role: 'admin' },
    ]);
  });

  it.each([
    [{ OIDC_CLIENT_ID: 'x' }, 'OIDC_ISSUER'],
    [{ ...oidc, OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID'],
    [{ ...oidc, PUBLIC_URL: '' }, 'PUBLIC_URL'],
    [{ ...oidc, OIDC_ISSUER: 'http://id.example' }, 'OIDC_ISSUER'],
    [{ ...oidc, OIDC_ROLES: 'a:king' }, 'OIDC_ROLES'],
    [{ ...oidc, OIDC_ROLES: '' }, 'OIDC_ROLES'],
    [{ PASSWORD_LOGIN: 'false' }, 'PASSWORD_LOGIN'],
    [{ DATA_KEYS: 'k1:short' }, 'DATA_KEYS'],
    [{ KEEP_CONVERSATIONS_DAYS: '30' }, 'KEEP_CONVERSATIONS_DAYS'],
  ])('%j names the key %s', (environment, key) => {
    expect(problems(environment)[0]).toMatch(new RegExp(`^${key}:`));
  });

  it('a visitor cannot choose the address limits count by, unless a trusted proxy says it', async () => {
    const seen = async (trust: string | undefined) => {
      const read = securitySettings({ TRUST_PROXY: trust });
      if (!read.ok) throw new Error(read.problems.join());
      const app = express().set('trust proxy', read.security.trustProxy);
      app.get('/', (request, response) => void response.send(request.ip));
      const server = app.listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } });
      server.closeAllConnections();
      server.close();
      return answer.text();
    };
    expect(await seen(undefined)).toBe('127.0.0.1');
    expect(await seen('1')).toBe('198.51.100.7');
    expect(await seen('10.0.0.0/8')).toBe('127.0.0.1');
    expect(await seen('127.0.0.1,198.51.100.7')).toBe('203.0.113.9');
  });
});
