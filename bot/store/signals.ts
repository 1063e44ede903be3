/** What several processes on one PostgreSQL tell each other: news and locks. */

/** Undelivered news is no loss: whoever was cut off hears `connected` and looks for itself. */
export interface Signals {
  /** Whether others can be heard and locks be taken now. */
  readonly connected: boolean;
  /** Why not, in words; undefined while connected or not started. */
  readonly problem: string | undefined;
  /** Connects, and again whenever the connection is lost, until `close`. */
  start(): void;
  close(): Promise<void>;
  /** Tells every process, this one too. Each payload at most `MAX_PAYLOAD` bytes. Rejects when not connected. */
  send(payloads: readonly string[]): Promise<void>;
  /** `heard` gets every payload; `connected` comes after each connect: anything may have been missed before it. */
  listen(listener: { heard(payload: string): void; connected(): void }): () => void;
  /** Takes a lock that ends with the connection, hence with the process. `unknown`: not connected, nobody can say. */
  tryLock(name: string): Promise<'taken' | 'elsewhere' | 'unknown'>;
  unlock(name: string): Promise<void>;
}

/** PostgreSQL refuses payloads of 8,000 bytes and more. Source: PostgreSQL manual, NOTIFY. */
export const MAX_PAYLOAD = 7900;
