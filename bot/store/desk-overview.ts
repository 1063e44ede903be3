/** What was said last in conversations, and since when a citizen has no answer: for lists of many conversations at once. */
import type { LoggedActivity } from '../activity.ts';
import { toLogged } from './activities.ts';
import type { Db } from './database.ts';

export interface LastWords {
  /** The last message of anybody. */
  readonly last: LoggedActivity;
  /** When a person last wrote, epoch milliseconds; null: nobody has. */
  readonly personAt: number | null;
  /** When the citizen wrote the first message that no person has answered; null: there is none. */
  readonly openSince: number | null;
}

/** Nearly always enough to find the last words of a person; where it is not, more are read. */
const FEW = 15;
const MANY = 300;

/** By conversation; one without messages is absent. */
export async function lastWordsOf(db: Db, conversationIds: readonly string[]): Promise<Map<string, LastWords>> {
  const words = new Map<string, LastWords>();
  for (const id of conversationIds) {
    let messages = await newestMessages(db, id, FEW);
    if (messages.length === FEW && !messages.some(isPerson)) messages = await newestMessages(db, id, MANY);
    const [last] = messages;
    if (last === undefined) continue;
    const person = messages.findIndex(isPerson);
    const unanswered = messages.slice(0, person === -1 ? messages.length : person).findLast(({ from }) => from.role !== 'bot');
    const said = messages[person];
    words.set(id, { last, personAt: said ? timeOf(said) : null, openSince: unanswered ? timeOf(unanswered) : null });
  }
  return words;
}

/** Newest first. What they hold may be sealed in the database: it is looked into here. */
async function newestMessages(db: Db, conversationId: string, limit: number): Promise<LoggedActivity[]> {
  const rows = await db
    .selectFrom('activities')
    .select(['seq', 'body_json'])
    .where('conversation_id', '=', conversationId)
    .where('type', '=', 'message')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toLogged);
}

const isPerson = ({ from, channelData }: LoggedActivity): boolean => from.role === 'bot' && channelData?.origin === 'human';
const timeOf = ({ timestamp }: LoggedActivity): number => Date.parse(timestamp);
