import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageSecurity, socketSources } from './headers.ts';

describe('[R-027] the sources of WebSockets', () => {
  it('are those of PUBLIC_URL, whatever the request says', () => {
    expect(socketSources('https://wenban.example/chat', 'evil.example')).toEqual(['wss://wenban.example']);
    expect(socketSources('http://127.0.0.1:8080', undefined)).toEqual(['ws://127.0.0.1:8080']);
  });

  it.each(['wenban.example', 'wenban.example:8443', '127.0.0.1:3000', '[::1]:3000', 'localhost'])(
    'without it are those of the host %s',
    (host) => {
      expect(socketSources(undefined, host)).toEqual([`ws://${host}`, `wss://${host}`]);
    },
  );

  it('are never widened by a Host header', () => {
    for (const host of [
      '*',
      '*.example',
      'a b',
      "a;script-src 'unsafe-inline'",
      'a,b',
      "'self'",
      'a/b',
      'a@b',
      '',
      '-a',
      'a:port',
      undefined,
    ])
      expect([host, socketSources(undefined, host)]).toEqual([host, []]);
    fc.assert(
      fc.property(fc.string(), (host) => {
        for (const source of socketSources(undefined, host)) expect(source).toMatch(/^wss?:\/\/[a-z\d[][a-z\d.:[\]-]*$/i);
      }),
    );
  });

  it('stand in the policy of a page, and a strange Host header spoils no page', async () => {
    const app = express().use(...pageSecurity(undefined));
    app.get('/', (_request, response) => void response.send('ok'));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const policyFor = (host: string) =>
        new Promise<string>((resolve, reject) => {
          request({ port, host: '127.0.0.1', headers: { host } }, (response) => {
            response.resume();
            resolve(/connect-src ([^;]*)/.exec(String(response.headers['content-security-policy']))?.[1] ?? '');
          })
            .on('error', reject)
            .end();
        });
      expect(await policyFor('wenban.example')).toBe("'self' ws://wenban.example wss://wenban.example");
      expect(await policyFor('*')).toBe("'self'");
    } finally {
      server.close();
    }
  });
});
