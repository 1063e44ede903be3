/** The whole server on a throw-away data directory, optionally behind a line that can be cut. */
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { addStaff, type StaffRole } from '../../bot/store/staff.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { parseConfig } from '../../server/config.ts';
import { type Running, type ServeOptions, serve } from '../../server/serve.ts';

export interface TestServer extends Running {
  /** Adds an agent who can log in at the desk. */
  addAgent(name: string, password: string, role?: StaffRole): Promise<void>;
}

/** Starts the real server as `wenban serve` does; `close` removes its data. */
export async function startServer(environment: NodeJS.ProcessEnv = {}, options: ServeOptions = {}): Promise<TestServer> {
  const dataDir = environment.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'wenban-test-')));
  const parsed = parseConfig({ PORT: '0', DATA_DIR: dataDir, ...environment });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const running = await serve(parsed.config, pino({ level: process.env.TEST_LOG ?? 'silent' }), options);
  return {
    ...running,
    addAgent: async (name, password, role = 'agent') => {
      await addStaff(running.house.database.db, { name, role, passwordHash: await hashPassword(password) }, Date.now());
    },
    close: async () => {
      await running.close();
      if (!environment.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Line {
  readonly url: string;
  /** Destroys every connection that runs over it; returns how many. New ones are accepted. */
  cut(): number;
  close(): Promise<void>;
}

/** A TCP line in front of a server. `target` is asked at every connection, so that the server may start later. */
export async function startLine(target: () => number): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      const { size } = sockets;
      for (const socket of sockets) socket.destroy();
      return size;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
