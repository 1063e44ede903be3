/** The name a citizen sees for a member of staff: never the login name unless they chose it. */
import type { Db } from './database.ts';

export interface ShownName {
  /** What citizens see now. */
  readonly shown: string;
  /** What they see when nothing was chosen. */
  readonly standard: string;
}

const standardName = (number: number): string => `人工客服${String(number).padStart(2, '0')}`;

/** The name citizens see. Everybody gets a number of their own the first time it is asked for; it stays. Unknown accounts are 人工客服. */
export async function shownNameOf(db: Db, name: string): Promise<ShownName> {
  const row = (await find(db, name)) ?? (await number(db, name));
  if (row === undefined) return { shown: '人工客服', standard: '人工客服' };
  const standard = standardName(Number(row.number));
  return { shown: row.shown ?? standard, standard };
}

/** Chooses the name citizens see; null: back to the standard one. */
export async function setShownName(db: Db, name: string, shown: string | null): Promise<ShownName> {
  await shownNameOf(db, name);
  await db.updateTable('staff_names').set({ shown }).where('name', '=', name).execute();
  return shownNameOf(db, name);
}

const find = (db: Db, name: string) => db.selectFrom('staff_names').select(['number', 'shown']).where('name', '=', name).executeTakeFirst();

/** Numbers follow the order of asking; of two at once with the same number one tries again. */
async function number(db: Db, name: string): Promise<{ number: number; shown: string | null } | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const known = await db.selectFrom('staff').select('name').where('name', '=', name).executeTakeFirst();
    if (known === undefined) return undefined;
    const last = await db
      .selectFrom('staff_names')
      .select(({ fn }) => fn.max('number').as('number'))
      .executeTakeFirst();
    await db
      .insertInto('staff_names')
      .values({ name, number: Number(last?.number ?? 0) + 1, shown: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await find(db, name);
    if (row !== undefined) return row;
  }
  throw new Error(`no number could be found for ${name}`);
}
