/** Column types whose names differ between the engines. */
import { type RawBuilder, sql } from 'kysely';

export type Engine = 'sqlite' | 'postgres';

export interface ColumnTypes {
  /** Text compared and sorted by bytes, so that both engines give the same order whatever the server's locale. */
  readonly text: RawBuilder<unknown>;
  /** Whole numbers up to 2^53: epoch milliseconds, counters. */
  readonly int: RawBuilder<unknown>;
  readonly real: RawBuilder<unknown>;
  /** Ascending primary key the database gives. */
  readonly serial: RawBuilder<unknown>;
}

const sqlite: ColumnTypes = {
  text: sql`text`,
  int: sql`integer`,
  real: sql`real`,
  serial: sql`integer primary key autoincrement`,
};
const postgres: ColumnTypes = {
  text: sql`text collate "C"`,
  int: sql`bigint`,
  real: sql`double precision`,
  serial: sql`bigint generated always as identity primary key`,
};

/** The column types of an engine. */
export function columnTypes(engine: Engine): ColumnTypes {
  return engine === 'sqlite' ? sqlite : postgres;
}
