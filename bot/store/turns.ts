/** What each turn decided, for reports and for finding out why. */
import type { Outcome } from '../outcome.ts';
import type { Db } from './database.ts';

export interface TurnRecord {
  id: string;
  conversationId: string;
  inboxId: number;
  outcome: Outcome;
  reason: string | null;
  commands: unknown[];
  /** Ids of the knowledge items cited. */
  citations: string[];
  confidence: number | null;
  /** Milliseconds per step; where a model was asked, also what that cost (bot/llm/turn-usage.ts). */
  timings: Record<string, number>;
  createdAt: number;
}

/** Stores a finished turn. */
export async function recordTurn(db: Db, turn: TurnRecord): Promise<void> {
  await db
    .insertInto('turns')
    .values({
      id: turn.id,
      conversation_id: turn.conversationId,
      inbox_id: turn.inboxId,
      outcome: turn.outcome,
      reason: turn.reason,
      commands_json: JSON.stringify(turn.commands),
      citations_json: JSON.stringify(turn.citations),
      confidence: turn.confidence,
      timings_json: JSON.stringify(turn.timings),
      created_at: turn.createdAt,
    })
    .execute();
}

/** How the newest turn of a conversation ended; undefined before the first. */
export async function lastOutcome(db: Db, conversationId: string): Promise<string | undefined> {
  const newest = db
    .selectFrom('turns')
    .select('outcome')
    .where('conversation_id', '=', conversationId)
    .orderBy('inbox_id', 'desc')
    .limit(1);
  return (await newest.executeTakeFirst())?.outcome;
}

/** The turns of a conversation, oldest first. */
export async function listTurns(db: Db, conversationId: string): Promise<TurnRecord[]> {
  const rows = await db
    .selectFrom('turns')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .orderBy('inbox_id')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    conversationId: row.conversation_id,
    inboxId: row.inbox_id,
    outcome: row.outcome as Outcome,
    reason: row.reason,
    commands: JSON.parse(row.commands_json) as unknown[],
    citations: JSON.parse(row.citations_json) as string[],
    confidence: row.confidence,
    timings: JSON.parse(row.timings_json) as Record<string, number>,
    createdAt: row.created_at,
  }));
}
