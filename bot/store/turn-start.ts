/** What a turn has to know before it begins, read in one go. */
import { type Conversation, toConversation } from './conversations.ts';
import type { Db } from './database.ts';
import { type StoredDemand, toDemand } from './demands.ts';
import { pending } from './inbox.ts';
import { prepared } from './prepared.ts';
import { type StoredState, toState } from './state.ts';

export interface TurnStart {
  readonly conversation: Conversation;
  /** The state under the key that was asked for; undefined: none yet. */
  readonly stored: StoredState | undefined;
  /** What the conversation is about so far. */
  readonly demand: StoredDemand | undefined;
  /** Whether a reminder or an end is due some time. Only a turn sets the first one, so one that read false has none to drop. */
  readonly reminded: boolean;
  /** Id of the first message of the conversation that waits for its turn; undefined: none does. */
  readonly next: number | undefined;
  /** Whether any webhook is on. */
  readonly webhooks: boolean;
}

/** The conversation with its state, demand and reminder; undefined when there is no such conversation. */
export async function turnStart(db: Db, conversationId: string, stateKey: string): Promise<TurnStart | undefined> {
  const row = await known.first(db, { conversationId, stateKey });
  if (row === undefined) return undefined;
  const { value_json, etag, type, domain, inbox_id, department, confidence, noted_at } = row;
  return {
    conversation: toConversation(row),
    stored: value_json === null || etag === null ? undefined : toState({ value_json, etag }),
    demand:
      type === null || domain === null || inbox_id === null || confidence === null || noted_at === null
        ? undefined
        : toDemand({ conversation_id: conversationId, inbox_id, type, domain, department, confidence, created_at: noted_at }),
    reminded: row.due_at !== null,
    next: row.next ?? undefined,
    webhooks: row.hooked !== null,
  };
}

const known = prepared((db, { conversationId, stateKey }: { conversationId: string; stateKey: string }) =>
  db
    .selectFrom('conversations')
    .leftJoin('bot_state', (join) => join.on('bot_state.key', '=', stateKey))
    .leftJoin('reminders', 'reminders.conversation_id', 'conversations.id')
    .leftJoin('demands', (join) =>
      join.on('demands.id', '=', (eb) =>
        eb
          .selectFrom('demands as one')
          .select(({ fn }) => fn.max('one.id').as('newest'))
          .whereRef('one.conversation_id', '=', 'conversations.id'),
      ),
    )
    .selectAll('conversations')
    .select(['bot_state.value_json', 'bot_state.etag', 'reminders.due_at'])
    .select(['demands.type', 'demands.domain', 'demands.inbox_id', 'demands.department', 'demands.confidence'])
    .select('demands.created_at as noted_at')
    .select((eb) => [
      eb
        .selectFrom('inbox')
        .select(({ fn }) => fn.min('inbox.id').as('first'))
        .whereRef('inbox.conversation_id', '=', 'conversations.id')
        .where('inbox.status', '=', pending)
        .as('next'),
      eb
        .selectFrom('webhooks')
        .select(({ fn }) => fn.min('webhooks.created_at').as('first'))
        .where('webhooks.state', '=', 'on')
        .as('hooked'),
    ])
    .where('conversations.id', '=', conversationId),
);
