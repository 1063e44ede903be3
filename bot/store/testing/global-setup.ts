/** vitest globalSetup: one PostgreSQL server for the whole test run; suites read its URL with `inject('postgresUrl')`. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a server where databases may be created (see throw-away.ts); empty when there is none. */
    postgresUrl: string;
  }
}

/** Starts the server, or prints why there is none: an error with WENBAN_REQUIRE_POSTGRES=1. */
export default async function setup(project: TestProject): Promise<() => void> {
  const server = await startPostgres();
  if ('missing' in server) {
    if (process.env.WENBAN_REQUIRE_POSTGRES === '1') throw new Error(`WENBAN_REQUIRE_POSTGRES=1, but ${server.missing}`);
    console.warn(`PostgreSQL tests are skipped: ${server.missing}`);
    project.provide('postgresUrl', '');
    return () => undefined;
  }
  project.provide('postgresUrl', server.url);
  // A run that is broken off would leave the server behind.
  process.once('exit', server.stop);
  return () => {
    process.off('exit', server.stop);
    server.stop();
  };
}
