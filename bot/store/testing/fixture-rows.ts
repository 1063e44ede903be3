/** One row for every table a database has, whatever release made it: found from its own catalogue. */
import { type Kysely, sql, type TableMetadata } from 'kysely';
import type { Engine } from '../migrations/column-types.ts';

export type Row = Record<string, string | number | null>;

const faq = { kind: 'faq', id: 'x', question: '怎么办？', answer: '可以。', similar: [], basis: [], links: [] };
const activity = { type: 'message', id: 'x', from: { id: 'u', role: 'user' }, text: '你好', timestamp: '1970-01-01T00:00:00.001Z' };
/** Columns whose value means something to who reads them; all others get one of their type. */
const meant: Record<string, string> = {
  'conversations.id': 'c1',
  'activities.body_json': JSON.stringify({ ...activity, conversation: { id: 'c1' }, seq: 1 }),
  'turns.outcome': 'answered',
  'knowledge_items.body_json': JSON.stringify(faq),
  'knowledge_items.kind': 'faq',
  'knowledge_versions.body_json': JSON.stringify(faq),
  'knowledge_versions.kind': 'faq',
  'knowledge_versions.status': 'published',
  'knowledge_items.status': 'published',
};
const lists = /^(commands|citations|tags|skills|languages|taken)_json$/;
/** They point to the one row of another table. */
const person = /^(staff|staff_name|owner|name)$/;

/** Fills every table; returns the rows as they were stored, by table. Fails when a table can't be filled: teach this file its values. */
export async function fillTables<T>(db: Kysely<T>, engine: Engine): Promise<Map<string, Row[]>> {
  const tables = (await db.introspection.getTables()).filter((table) => !table.isView);
  const allowed = await firstAllowed(db, engine);
  const filled = new Map<string, Row[]>();
  let left = tables;
  let problem: unknown;
  // Tables that refer to others come after them: whoever fails is tried again.
  for (let round = 0; left.length > 0 && round < 6; round++) {
    const failed: TableMetadata[] = [];
    for (const table of left) {
      const row = rowFor(table, allowed);
      try {
        const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)));
        await sql`insert into ${sql.table(table.name)} (${columns}) values (${sql.join(Object.values(row))})`.execute(db);
        filled.set(table.name, await rowsOf(db, table.name));
      } catch (error) {
        problem = error;
        failed.push(table);
      }
    }
    left = failed;
  }
  if (left.length > 0) throw new Error(`cannot fill ${left.map(({ name }) => name).join(', ')}: ${String(problem)}`);
  return filled;
}

/** Every row of a table. */
export async function rowsOf<T>(db: Kysely<T>, table: string): Promise<Row[]> {
  return (await sql<Row>`select * from ${sql.table(table)}`.execute(db)).rows;
}

function rowFor({ name: table, columns }: TableMetadata, allowed: ReadonlyMap<string, string>): Row {
  return Object.fromEntries(
    columns
      .filter((column) => !column.isAutoIncrementing)
      .map(({ name, dataType }) => {
        const number = /int|real|float|double/i.test(dataType);
        if (number) return [name, 1];
        const value = meant[`${table}.${name}`] ?? allowed.get(`${table}.${name}`);
        if (value !== undefined) return [name, value];
        if (name === 'conversation_id') return [name, 'c1'];
        if (name.endsWith('_json')) return [name, lists.test(name) ? '[]' : '{}'];
        return [name, person.test(name) ? 'li' : 'x'];
      }),
  );
}

/** The first value each check allows, by `table.column`. */
async function firstAllowed<T>(db: Kysely<T>, engine: Engine): Promise<Map<string, string>> {
  const { rows } =
    engine === 'sqlite'
      ? await sql<{ name: string; rule: string }>`select name, sql as rule from sqlite_master where type = 'table'`.execute(db)
      : await sql<{
          name: string;
          rule: string;
        }>`select conrelid::regclass::text as name, pg_get_constraintdef(oid) as rule from pg_constraint where contype = 'c'`.execute(db);
  const found = new Map<string, string>();
  for (const { name, rule } of rows)
    for (const [, column = '', value = ''] of (rule ?? '').matchAll(/\(?"?(\w+)"?(?: in \(| = ANY \(ARRAY\[)'([^']+)'/g))
      found.set(`${name}.${column}`, value);
  return found;
}
