/** Seals anew, in small batches, what another key sealed or nobody has sealed yet; a server may go on working on the same data. */
import { type Kysely, sql } from 'kysely';
import type { Db } from '../database.ts';
import { sealedColumns } from './columns.ts';
import type { KeyRing } from './key-ring.ts';
import { isSealed, keyIdOf } from './seal.ts';

export interface Resealed {
  readonly table: string;
  readonly rows: number;
}

type Row = Record<string, unknown>;

/**
 * Brings every listed column of every row to the current key. `plain`: the database without the sealing plugin, so that envelopes are seen
 * as they are. A row changed meanwhile is left alone: whoever changed it used a current key, and the last round finds it if not.
 */
export async function resealAll(
  plain: Db,
  ring: KeyRing,
  batch: number,
  onProgress: (done: Resealed) => void = () => undefined,
): Promise<Resealed[]> {
  const done: Resealed[] = [];
  for (const table of Object.keys(sealedColumns)) {
    let rows = 0;
    for (;;) {
      const changed = await plain
        .transaction()
        .execute((tx) => resealSome(tx as unknown as Kysely<Record<string, Row>>, table, ring, batch));
      rows += changed;
      if (changed > 0) onProgress({ table, rows });
      if (changed === 0) break;
    }
    done.push({ table, rows });
  }
  return done;
}

/**
 * Seals what was stored before there were keys and only has the form of an envelope: anybody may have written such a thing. Call it before the
 * first {@link resealAll}: once the columns are sealed, what a key doesn't open was tampered with. Running it again after a crash is safe.
 */
export async function sealPretenders(plain: Db, ring: KeyRing, batch: number): Promise<void> {
  const db = plain as unknown as Kysely<Record<string, Row>>;
  for (const [table, { sealed, lookup, key }] of Object.entries(sealedColumns)) {
    const columns = [...sealed, ...lookup];
    const refs = key.map((one) => sql.ref(one));
    for (let last: unknown[] | undefined; ; ) {
      const after = last ? sql<boolean>`(${sql.join(refs)}) > (${sql.join(last)}) and` : sql``;
      const { rows }: { rows: Row[] } = await sql<Row>`
        select ${sql.join([...new Set([...key, ...columns])].map((one) => sql.ref(one)))} from ${sql.table(table)}
        where ${after} (${sql.join(
          columns.map((one) => sql`${sql.ref(one)} like 'wb_1.%'`),
          sql` or `,
        )}) order by ${sql.join(refs)} limit ${sql.lit(batch)}`.execute(db);
      for (const row of rows) {
        const pretends = (column: string) => typeof row[column] === 'string' && /^wb.1\./i.test(row[column]) && !ring.sealed(row[column]);
        const values = Object.fromEntries([
          ...sealed.filter(pretends).map((column) => [column, ring.seal(String(row[column]))]),
          ...lookup.filter(pretends).map((column) => [column, ring.sealForLookup(String(row[column]))]),
        ]);
        await replaceIn(db, table, key, row, values);
      }
      const end = rows.at(-1);
      if (rows.length < batch || end === undefined) break;
      last = key.map((one) => end[one]);
    }
  }
}

/** Names of the keys that still seal something. */
export async function keysInUse(plain: Db): Promise<Set<string>> {
  const used = new Set<string>();
  for (const [table, { sealed, lookup }] of Object.entries(sealedColumns)) {
    for (const column of [...sealed, ...lookup]) {
      const { rows } = await sql<{ head: string }>`
        select distinct substr(${sql.ref(column)}, 1, 40) as head from ${sql.table(table)} where ${sql.ref(column)} like 'wb_1.%'`.execute(
        plain,
      );
      for (const { head } of rows) used.add(head.split('.')[1] ?? '');
    }
  }
  return used;
}

async function resealSome(db: Kysely<Record<string, Row>>, table: string, ring: KeyRing, batch: number): Promise<number> {
  const columns = sealedColumns[table];
  if (columns === undefined) return 0;
  const { sealed, lookup, key } = columns;
  const old = [
    ...sealed.map((column) => sql<boolean>`(${sql.ref(column)} <> '' and ${sql.ref(column)} not like ${`wbs1.${ring.current}.%`})`),
    ...lookup.map((column) => sql<boolean>`(${sql.ref(column)} <> '' and ${sql.ref(column)} not like 'wbl1.%')`),
  ];
  const { rows } = await sql<Row>`
    select ${sql.join([...new Set([...key, ...sealed, ...lookup])].map((one) => sql.ref(one)))} from ${sql.table(table)}
    where ${sql.join(old, sql` or `)} limit ${sql.lit(batch)}`.execute(db);
  let changed = 0;
  for (const row of rows) {
    const values: Row = {};
    for (const column of sealed) {
      const value = row[column];
      if (typeof value === 'string' && value !== '' && keyIdOf(value) !== ring.current) values[column] = ring.seal(ring.open(value));
    }
    for (const column of lookup) {
      const value = row[column];
      if (typeof value === 'string' && value !== '' && !isSealed(value)) values[column] = ring.sealForLookup(value);
    }
    changed += await replaceIn(db, table, key, row, values);
  }
  return changed;
}

/** Replaces values of a row that nobody has changed since it was read; answers how many rows that were: 1 or 0. */
async function replaceIn(db: Kysely<Record<string, Row>>, table: string, key: readonly string[], row: Row, values: Row): Promise<number> {
  if (Object.keys(values).length === 0) return 0;
  const same = [...new Set([...key, ...Object.keys(values)])].map((column) => sql<boolean>`${sql.ref(column)} = ${row[column]}`);
  const set = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  const { numAffectedRows } = await sql`update ${sql.table(table)} set ${sql.join(set)} where ${sql.join(same, sql` and `)}`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
