/** The rows of a person, table by table, by the inventory. */
import type { Kysely } from 'kysely';
import type { Db } from '../store/database.ts';
import { inventory } from './inventory.ts';
import { namesOf, type Person } from './person.ts';

type Loose = Kysely<Record<string, Record<string, unknown>>>;

/** Does `work` for each table with rows of the person, with the columns and values that find them. */
async function each(db: Db, person: Person, work: (table: string, finders: readonly [string, readonly unknown[]][]) => Promise<void>) {
  const names = await namesOf(db, person);
  for (const { table, holds, by } of inventory) {
    if (holds !== 'person' || by === undefined) continue;
    const finders = Object.entries(by).flatMap(([column, kind]): [string, readonly unknown[]][] =>
      kind !== undefined && names[kind].length > 0 ? [[column, names[kind]]] : [],
    );
    if (finders.length > 0) await work(table, finders);
  }
}

/** Everything kept of a person, by table. */
export async function rowsOfPerson(db: Db, person: Person): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {};
  await each(db, person, async (table, finders) => {
    const rows = await (db as unknown as Loose)
      .selectFrom(table)
      .selectAll()
      .where((eb) => eb.or(finders.map(([column, values]) => eb(column, 'in', values))))
      .execute();
    if (rows.length > 0) found[table] = rows;
  });
  return found;
}

/** Deletes everything kept of a person; answers rows by table. Call it in a transaction. */
export async function deleteRowsOfPerson(tx: Db, person: Person): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  await each(tx, person, async (table, finders) => {
    const { numDeletedRows } = await (tx as unknown as Loose)
      .deleteFrom(table)
      .where((eb) => eb.or(finders.map(([column, values]) => eb(column, 'in', values))))
      .executeTakeFirst();
    if (numDeletedRows > 0n) counts[table] = Number(numDeletedRows);
  });
  return counts;
}
