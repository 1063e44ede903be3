/** What several processes on one PostgreSQL tell each other: LISTEN/NOTIFY and advisory locks, on one connection of its own. */
import pg from 'pg';
import type { Signals } from './signals.ts';

const CHANNEL = 'wenban';
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;
const CHECK_MS = 5000;
/** What was sent must come back to us within this time, or the connection does not carry notifications (a dead one, or a pooler's). */
const DEAF_AFTER_MS = 15_000;
const QUERY_TIMEOUT_MS = 10_000;

export class PostgresSignals implements Signals {
  readonly #url: string;
  readonly #listeners = new Set<{ heard(payload: string): void; connected(): void }>();
  /** An advisory lock counts how often its session took it: here each is taken once. */
  readonly #locks = new Set<string>();
  #client: pg.Client | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #check: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;
  #unheardSince: number | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  get problem(): string | undefined {
    return this.#client ? undefined : this.#problem;
  }

  start(): void {
    void this.#connect();
    this.#check = setInterval(() => {
      if (this.#unheardSince === undefined || performance.now() - this.#unheardSince < DEAF_AFTER_MS) return;
      this.#lost('notifications do not come back: a pooler in transaction mode passes no LISTEN, set DATABASE_DIRECT_URL');
    }, CHECK_MS);
    this.#check.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#check);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async send(payloads: readonly string[]): Promise<void> {
    this.#unheardSince ??= performance.now();
    await this.#query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [CHANNEL, payloads]);
  }

  listen(listener: { heard(payload: string): void; connected(): void }): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async tryLock(name: string): Promise<'taken' | 'elsewhere' | 'unknown'> {
    if (this.#locks.has(name)) return 'elsewhere';
    this.#locks.add(name);
    try {
      const [row] = await this.#query<{ taken: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name]);
      if (row?.taken) return 'taken';
      this.#locks.delete(name);
      return 'elsewhere';
    } catch {
      this.#locks.delete(name);
      return 'unknown';
    }
  }

  async unlock(name: string): Promise<void> {
    // A lock of a connection that was lost is gone already.
    if (!this.#locks.delete(name)) return;
    await this.#query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
  }

  /** One statement after another: a connection takes no second one before the first has ended. */
  #query<R>(text: string, values: unknown[]): Promise<R[]> {
    const answer = this.#queue.then(() => this.#ask<R>(text, values));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #ask<R>(text: string, values: unknown[]): Promise<R[]> {
    const client = this.#client;
    if (!client) throw new Error(this.#problem ?? 'not connected to other processes');
    try {
      return (await client.query(text, values)).rows as R[];
    } catch (error) {
      // These statements can't be wrong: whatever fails, the connection is.
      if (this.#client === client) this.#lost(wordsOf(error));
      throw error;
    }
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'wenban-signals',
      connectionTimeoutMillis: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => (this.#client === client ? this.#lost(wordsOf(error)) : undefined));
    client.on('end', () => (this.#client === client ? this.#lost('the connection ended') : undefined));
    client.on('notification', ({ payload }) => {
      this.#unheardSince = undefined;
      for (const { heard } of this.#listeners) heard(payload ?? '');
    });
    try {
      await client.connect();
      // A machine that vanished holds its locks until the server notices: within about 11 s.
      await client.query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3');
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      this.#problem = wordsOf(error);
      return this.#again();
    }
    if (this.#closed) return void client.end().catch(() => undefined);
    this.#client = client;
    this.#failures = 0;
    this.#unheardSince = undefined;
    for (const { connected } of this.#listeners) connected();
  }

  #lost(problem: string): void {
    const client = this.#client;
    this.#client = undefined;
    this.#unheardSince = undefined;
    this.#locks.clear();
    this.#problem = problem;
    void client?.end().catch(() => undefined);
    this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    this.#timer = setTimeout(() => void this.#connect(), pause);
    this.#timer.unref();
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
