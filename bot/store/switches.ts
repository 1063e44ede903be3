/** Kill switches: what was switched off or on, by whom, when and why. The newest event of a name is its state. */
import type { Db } from './database.ts';

export interface SwitchEvent {
  /** `model`, or `channel:<name>`. */
  readonly name: string;
  readonly state: 'on' | 'off';
  readonly reason: string;
  readonly actor: string;
  readonly at: number;
}

/** Switches something; every process of the store follows within a second. */
export async function flipSwitch(db: Db, event: SwitchEvent): Promise<void> {
  await db.insertInto('switch_events').values(event).execute();
}

/** The last event of each name, by name. */
export async function switchStates(db: Db): Promise<SwitchEvent[]> {
  return db
    .selectFrom('switch_events')
    .select(['name', 'state', 'reason', 'actor', 'at'])
    .where('id', 'in', (query) =>
      query
        .selectFrom('switch_events')
        .select(({ fn }) => fn.max('id').as('id'))
        .groupBy('name'),
    )
    .orderBy('name')
    .execute();
}

/** What was switched, newest first. */
export async function switchHistory(db: Db, limit: number): Promise<SwitchEvent[]> {
  return db.selectFrom('switch_events').select(['name', 'state', 'reason', 'actor', 'at']).orderBy('id', 'desc').limit(limit).execute();
}
