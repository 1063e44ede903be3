/** What a conversation is about, as it goes on: every change is kept, the last row counts. */
import type { Selectable } from 'kysely';
import type { Domain } from '../../knowledge/pack.ts';
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';
import type { DemandsTable } from './tables.ts';

/** The six types of GB/T 44189—2024, 5.3. */
export const demandTypes = ['consult', 'help', 'complaint', 'report', 'suggestion', 'online_guidance'] as const;
export type DemandType = (typeof demandTypes)[number];

export interface Demand {
  readonly type: DemandType;
  readonly domain: Domain;
  /** Name of the department; null when none stands out. */
  readonly department: string | null;
  /** 0..1, how clearly the department stands out. */
  readonly confidence: number;
}

export interface StoredDemand extends Demand {
  readonly conversationId: string;
  readonly inboxId: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Appends what a turn made of it, unless that is what was known before (`last`); answers whether it is news. */
export async function noteDemand(db: Db, demand: StoredDemand, last: StoredDemand | undefined): Promise<boolean> {
  if (last && last.type === demand.type && last.domain === demand.domain && last.department === demand.department) return false;
  await inserted.changed(db, demand);
  return true;
}

const inserted = prepared((db, demand: StoredDemand) =>
  db.insertInto('demands').values({
    conversation_id: demand.conversationId,
    inbox_id: demand.inboxId,
    type: demand.type,
    domain: demand.domain,
    department: demand.department,
    confidence: demand.confidence,
    created_at: demand.createdAt,
  }),
);

/** What the conversation was about, oldest first; the last one is what it is about now. */
export async function demandHistory(db: Db, conversationId: string): Promise<StoredDemand[]> {
  const rows = await db.selectFrom('demands').selectAll().where('conversation_id', '=', conversationId).orderBy('id').execute();
  return rows.map(toDemand);
}

/** A stored row as what it says. */
export function toDemand(row: Omit<Selectable<DemandsTable>, 'id'>): StoredDemand {
  return {
    conversationId: row.conversation_id,
    inboxId: row.inbox_id,
    type: row.type as DemandType,
    domain: row.domain as Domain,
    department: row.department,
    confidence: row.confidence,
    createdAt: row.created_at,
  };
}
