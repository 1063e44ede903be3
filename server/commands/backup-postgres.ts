/** pg_dump and pg_restore: PostgreSQL's own tools, wherever they are installed. Source: PostgreSQL manual, chapters pg_dump and pg_restore. */
import { spawn } from 'node:child_process';
import pg from 'pg';

/** Where to connect, as libpq's environment: a password on a command line is seen by everybody on the machine. */
function connection(databaseUrl: string): NodeJS.ProcessEnv {
  const url = new URL(databaseUrl);
  const given: Record<string, string | undefined> = {
    PGHOST: url.hostname,
    PGPORT: url.port || undefined,
    PGUSER: decodeURIComponent(url.username) || undefined,
    PGPASSWORD: decodeURIComponent(url.password) || undefined,
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
    PGSSLMODE: url.searchParams.get('sslmode') ?? undefined,
  };
  return { ...process.env, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** Dumps the whole database into `file` (custom format): one consistent moment, writers are not held up. */
export function dumpPostgres(databaseUrl: string, file: string): Promise<void> {
  return run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', '--file', file], databaseUrl);
}

/** Loads a dump into an empty database, all or nothing. Errors: the database holds tables already, or what pg_restore said. */
export async function restorePostgres(databaseUrl: string, file: string): Promise<void> {
  const [row] = await query<{ tables: string }>(databaseUrl, "select count(*) as tables from pg_tables where schemaname = 'public'");
  if (Number(row?.tables) > 0) throw new Error('the database of DATABASE_URL is not empty: restore into a new one');
  const { PGDATABASE = '' } = connection(databaseUrl);
  await run(
    'pg_restore',
    ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges', '--dbname', PGDATABASE, file],
    databaseUrl,
  );
}

/** Names of the migrations the database has had. */
export async function postgresMigrations(databaseUrl: string): Promise<string[]> {
  return (await query<{ name: string }>(databaseUrl, 'select name from kysely_migration order by name')).map(({ name }) => name);
}

async function query<R extends pg.QueryResultRow>(databaseUrl: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

function run(command: string, parameters: readonly string[], databaseUrl: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const child = spawn(command, parameters, { env: connection(databaseUrl), stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (data) => (said += data));
    child.once('error', () =>
      reject(new Error(`${command} was not found: install PostgreSQL's client tools, of the server's version or newer`)),
    );
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${said.trim()}`))));
  });
}
