/** What the log already says about handoffs: the log is the only memory of what a citizen has been told. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';

const toldSchema = z.object({
  value: z.object({ state: z.string(), position: z.int().optional(), estimateMinutes: z.number().optional() }),
});

/** What a waiting citizen was told last. */
export interface ToldPlace {
  readonly position: number;
  readonly minutes: number | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Events of ours in a conversation, newest first. What they hold may be sealed in the database: it is looked into here. */
async function ownEvents(db: Db, conversationId: string): Promise<{ body: unknown; at: number }[]> {
  const rows = await db
    .selectFrom('activities')
    .select(['body_json', 'created_at'])
    .where('conversation_id', '=', conversationId)
    .where('type', '=', 'event')
    .where('from_role', '=', 'bot')
    .orderBy('seq', 'desc')
    .execute();
  return rows.map((row) => ({ body: JSON.parse(row.body_json) as unknown, at: row.created_at }));
}

const isNamed = (body: unknown, name: string): boolean => (body as { name?: unknown }).name === name;

/** Whether the conversation's log holds an event of ours of this name. */
export async function hasEvent(db: Db, conversationId: string, name: string): Promise<boolean> {
  return (await ownEvents(db, conversationId)).some(({ body }) => isNamed(body, name));
}

/** What each of these conversations was last told of its place; absent when its last `handoff.status` was no `waiting`. */
export async function toldPlaces(db: Db, conversationIds: readonly string[]): Promise<Map<string, ToldPlace>> {
  const told = new Map<string, ToldPlace>();
  for (let start = 0; start < conversationIds.length; start += 200) {
    const slice = conversationIds.slice(start, start + 200);
    const rows = await db
      .selectFrom('activities')
      .innerJoin(
        (eb) =>
          eb
            .selectFrom('activities')
            .select((inner) => ['conversation_id as id', inner.fn.max('seq').as('last')])
            .where('conversation_id', 'in', slice)
            .where('type', '=', 'event')
            .where('from_role', '=', 'bot')
            .groupBy('conversation_id')
            .as('latest'),
        (join) => join.onRef('latest.id', '=', 'activities.conversation_id').onRef('latest.last', '=', 'activities.seq'),
      )
      .select(['activities.conversation_id', 'activities.body_json', 'activities.created_at'])
      .execute();
    for (const row of rows) {
      let status: { body: unknown; at: number } | undefined = { body: JSON.parse(row.body_json) as unknown, at: row.created_at };
      // Of one who waits the last event nearly always is the place told.
      if (!isNamed(status.body, 'handoff.status'))
        status = (await ownEvents(db, row.conversation_id)).find(({ body }) => isNamed(body, 'handoff.status'));
      const parsed = toldSchema.safeParse(status?.body);
      if (!parsed.success || parsed.data.value.state !== 'waiting' || parsed.data.value.position === undefined) continue;
      const { position, estimateMinutes: minutes } = parsed.data.value;
      told.set(row.conversation_id, { position, minutes, at: status?.at ?? row.created_at });
    }
  }
  return told;
}
