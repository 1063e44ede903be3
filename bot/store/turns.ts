/** What each turn decided, for reports and for finding out why. */
import type { Outcome } from '../outcome.ts';
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';

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
  const { commands, citations, timings, ...kept } = turn;
  const texts = { commands: JSON.stringify(commands), citations: JSON.stringify(citations), timings: JSON.stringify(timings) };
  await inserted.changed(db, { ...kept, ...texts });
}

interface TurnTexts {
  readonly commands: string;
  readonly citations: string;
  readonly timings: string;
}

const inserted = prepared((db, turn: Omit<TurnRecord, keyof TurnTexts> & TurnTexts) =>
  db.insertInto('turns').values({
    id: turn.id,
    conversation_id: turn.conversationId,
    inbox_id: turn.inboxId,
    outcome: turn.outcome,
    reason: turn.reason,
    commands_json: turn.commands,
    citations_json: turn.citations,
    confidence: turn.confidence,
    timings_json: turn.timings,
    created_at: turn.createdAt,
  }),
);

/** How the newest turn of a conversation ended; undefined before the first. */
export async function lastOutcome(db: Db, conversationId: string): Promise<string | undefined> {
  return (await newest.first(db, { conversationId }))?.outcome;
}

const newest = prepared((db, { conversationId }: { conversationId: string }) =>
  db.selectFrom('turns').select('outcome').where('conversation_id', '=', conversationId).orderBy('inbox_id', 'desc').limit(1),
);

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
