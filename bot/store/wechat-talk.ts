/** What stands in the log of a WeChat conversation before a message: only as much of it as its meaning or its way out hangs on. */
import type { LoggedActivity } from '../activity.ts';
import { toLogged } from './activities.ts';
import type { Db } from './database.ts';
import { prepared } from './prepared.ts';

/** What was said to the citizen since they spoke last, ascending; of much, the newest `count`. */
export async function saidSince(db: Db, conversationId: string, count: number): Promise<LoggedActivity[]> {
  return (await since.all(db, { conversationId, count })).map(toLogged).reverse();
}

const since = prepared((db, { conversationId, count }: { conversationId: string; count: number }) =>
  db
    .selectFrom('activities as a')
    .select(['a.seq', 'a.body_json'])
    .where('a.conversation_id', '=', conversationId)
    .where('a.seq', '>', ({ selectFrom }) =>
      selectFrom('activities as spoken')
        .select(({ fn, lit }) => fn.coalesce(fn.max('spoken.seq'), lit(0)).as('last'))
        .where('spoken.conversation_id', '=', conversationId)
        .where('spoken.from_role', '!=', 'bot')
        .where('spoken.type', 'in', ['message', 'event']),
    )
    .orderBy('a.seq', 'desc')
    .limit(count),
);

/** The newest activity before `seq` that is not the bot's; undefined where the `count` before it are all the bot's. */
export async function askedBefore(db: Db, conversationId: string, seq: number, count: number): Promise<LoggedActivity | undefined> {
  const row = await before.first(db, { conversationId, seq, from: seq - count });
  return row && toLogged(row);
}

const before = prepared((db, { conversationId, seq, from }: { conversationId: string; seq: number; from: number }) =>
  db
    .selectFrom('activities')
    .select(['seq', 'body_json'])
    .where('conversation_id', '=', conversationId)
    .where('seq', '<', seq)
    .where('seq', '>=', from)
    .where('from_role', '!=', 'bot')
    .orderBy('seq', 'desc')
    .limit(1),
);
