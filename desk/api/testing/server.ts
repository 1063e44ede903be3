/** The staff API on a real port over a real house, with an account for every role; for tests and for developing the app. */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type House, openHouse } from '../../../bot/handoff/testing/house.ts';
import { addStaff } from '../../../bot/store/staff.ts';
import { hashPassword } from '../passwords.ts';
import { createDeskApi, type DeskApiOptions } from '../router.ts';
import { plainOptions } from './options.ts';

/** Every test account's password. */
export const PASSWORD = 'a good password';
const accounts = { li: 'agent', wang: 'agent', ed: 'editor', ana: 'analyst', sup: 'supervisor', boss: 'admin' } as const;

export interface DeskServer {
  readonly house: House;
  readonly url: string;
  readonly errors: unknown[];
  /** A client with its own cookie. */
  client(): DeskClient;
  /** A client that has signed in. */
  signedIn(name: keyof typeof accounts): Promise<DeskClient>;
  close(): Promise<void>;
}

export interface DeskClient {
  cookie: string;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  get(path: string): ReturnType<DeskClient['request']>;
  post(path: string, body?: unknown, headers?: Record<string, string>): ReturnType<DeskClient['request']>;
}

/** Starts the server; `webDir` (a built desk) is served at `/desk`. */
export async function startDeskServer(
  options: { realTime?: boolean; webDir?: string; port?: number; api?: Partial<DeskApiOptions> } = {},
): Promise<DeskServer> {
  const house = await openHouse({ realTime: options.realTime ?? false });
  const passwordHash = await hashPassword(PASSWORD, { log2N: 8 });
  for (const [name, role] of Object.entries(accounts)) await addStaff(house.database.db, { name, role, passwordHash }, house.clock.now);
  const now = options.realTime ? Date.now : () => house.clock.now;
  const errors: unknown[] = [];
  const closing = new AbortController();
  const app = express();
  const onError = (error: unknown) => errors.push(error);
  app.use('/desk/api', createDeskApi({ ...plainOptions(house), now, onError, signal: closing.signal, ...options.api }));
  if (options.webDir !== undefined) app.use('/desk', express.static(options.webDir));
  const server = app.listen(options.port ?? 0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const client = (): DeskClient => {
    const self: DeskClient = {
      cookie: '',
      request: async (method, path, body, headers = {}) => {
        const response = await fetch(`${url}/desk/api${path}`, {
          method,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), cookie: self.cookie, ...headers },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const cookie = response.headers.get('set-cookie');
        if (cookie !== null) self.cookie = cookie.split(';')[0] ?? '';
        const text = await response.text();
        return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown), headers: response.headers };
      },
      get: (path) => self.request('GET', path),
      post: (path, body, headers) => self.request('POST', path, body, headers),
    };
    return self;
  };
  return {
    house,
    url,
    errors,
    client,
    signedIn: async (name) => {
      const fresh = client();
      const { status } = await fresh.post('/login', { name, password: PASSWORD });
      if (status !== 204) throw new Error(`login of ${name} answered ${status}`);
      return fresh;
    },
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await house.close();
    },
  };
}
