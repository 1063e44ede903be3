/** Outgoing SMS: queued once under a key, sent in order per number, and what became of each. */
import { type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import type { SmsMessagesTable } from './tables.ts';

export interface SmsMessage {
  readonly id: number;
  readonly key: string;
  readonly phone: string;
  readonly port: string;
  readonly conversationId: string | null;
  readonly class: 'reply' | 'notice';
  /** What the channel made of it; its shape is the channel's. */
  readonly draft: unknown;
  readonly menu: unknown;
  readonly rest: unknown;
  readonly segments: number;
  readonly status: SmsMessagesTable['status'];
  readonly provider: string | null;
  readonly progress: unknown;
  readonly code: string | null;
  readonly attempts: number;
  readonly nextAt: number;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly acceptedAt: number | null;
}

export type NewSmsMessage = Pick<SmsMessage, 'key' | 'phone' | 'port' | 'conversationId' | 'class' | 'draft' | 'segments' | 'expiresAt'> & {
  readonly menu?: unknown;
  readonly rest?: unknown;
  /** Not before; absent: at once. */
  readonly dueAt?: number | undefined;
};

const open = sql<boolean>`status in ('pending', 'sending', 'uncertain')`;
const json = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));

/** Queues a message; false when its key is queued already (it stays as it is). */
export async function queueSms(db: Db, message: NewSmsMessage, now: number): Promise<boolean> {
  const result = await db
    .insertInto('sms_messages')
    .values({
      key: message.key,
      phone: message.phone,
      port: message.port,
      conversation_id: message.conversationId,
      class: message.class,
      draft_json: JSON.stringify(message.draft),
      menu_json: json(message.menu),
      rest_json: json(message.rest),
      segments: message.segments,
      status: 'pending',
      provider: null,
      progress_json: null,
      code: null,
      attempts: 0,
      next_at: Math.max(now, message.dueAt ?? 0),
      due_at: message.dueAt ?? 0,
      expires_at: message.expiresAt,
      created_at: now,
      accepted_at: null,
      done_at: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/**
 * What may be tried now, replies before notices, oldest first: of each number only its first open message of a class that is due, so that
 * order is kept, a reply need not wait for a notice that waits for the morning, and nothing waits for a reminder of next week.
 */
export async function dueSms(db: Db, now: number, limit: number): Promise<SmsMessage[]> {
  const rows = await db
    .selectFrom('sms_messages')
    .selectAll()
    .where(open)
    .where('next_at', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sms_messages as earlier')
            .select('earlier.id')
            .whereRef('earlier.phone', '=', 'sms_messages.phone')
            .whereRef('earlier.class', '=', 'sms_messages.class')
            .whereRef('earlier.id', '<', 'sms_messages.id')
            .where('earlier.due_at', '<=', now)
            .where(sql<boolean>`earlier.status in ('pending', 'sending', 'uncertain')`),
        ),
      ),
    )
    .orderBy('class', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toMessage);
}

/** Takes a message for sending; false when another process has it. `until`: when others may take it if we never come back. */
export async function claimSms(db: Db, message: SmsMessage, provider: string, until: number): Promise<boolean> {
  const result = await db
    .updateTable('sms_messages')
    .set((eb) => ({ status: 'sending' as const, provider, attempts: eb('attempts', '+', 1), next_at: until }))
    .where('id', '=', message.id)
    .where('status', '=', message.status)
    .where('next_at', '=', message.nextAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The state after a try; false when the message was not open any more: a receipt may have been faster. */
export async function settleSms(
  db: Db,
  id: number,
  patch: {
    status: SmsMessage['status'];
    code?: string | null | undefined;
    nextAt?: number | undefined;
    progress?: unknown;
    acceptedAt?: number | undefined;
    doneAt?: number | undefined;
  },
): Promise<boolean> {
  const result = await db
    .updateTable('sms_messages')
    .set({
      status: patch.status,
      ...(patch.code === undefined ? {} : { code: patch.code }),
      ...(patch.nextAt === undefined ? {} : { next_at: patch.nextAt }),
      ...(patch.progress === undefined ? {} : { progress_json: json(patch.progress) }),
      ...(patch.acceptedAt === undefined ? {} : { accepted_at: patch.acceptedAt }),
      ...(patch.doneAt === undefined ? {} : { done_at: patch.doneAt }),
    })
    .where('id', '=', id)
    .where(open)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Puts a message off without counting a try. */
export async function postponeSms(db: Db, message: SmsMessage, nextAt: number): Promise<void> {
  await db
    .updateTable('sms_messages')
    .set({ next_at: nextAt })
    .where('id', '=', message.id)
    .where('status', '=', message.status)
    .where('next_at', '=', message.nextAt)
    .execute();
}

/** Everything of a number that was not sent yet will not be, but for `exceptKey`. */
export async function suppressSms(db: Db, phone: string, exceptKey: string, now: number): Promise<void> {
  await db
    .updateTable('sms_messages')
    .set({ status: 'suppressed', code: 'opted_out', done_at: now })
    .where('phone', '=', phone)
    .where('status', 'in', ['pending', 'uncertain'])
    .where('key', '!=', exceptKey)
    .execute();
}

/** The last message of a number at a service number that its citizen has, and that says what digits mean now. */
export async function lastWithMenu(db: Db, phone: string, port: string): Promise<SmsMessage | undefined> {
  const row = await db
    .selectFrom('sms_messages')
    .selectAll()
    .where('phone', '=', phone)
    .where('port', '=', port)
    .where('status', 'in', ['uncertain', 'accepted', 'sent', 'delivered'])
    .where('menu_json', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toMessage(row);
}

export async function findSms(db: Db, key: string): Promise<SmsMessage | undefined> {
  const row = await db.selectFrom('sms_messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row && toMessage(row);
}

/** Messages and SMS (segments) that providers took since `since`, of one number or of all. */
export async function smsSince(db: Db, since: number, phone?: string): Promise<{ messages: number; segments: number }> {
  let query = db
    .selectFrom('sms_messages')
    .select((eb) => [eb.fn.countAll<number>().as('messages'), eb.fn.sum<number | null>('segments').as('segments')])
    .where('accepted_at', '>=', since);
  if (phone !== undefined) query = query.where('phone', '=', phone);
  const row = await query.executeTakeFirst();
  return { messages: Number(row?.messages ?? 0), segments: Number(row?.segments ?? 0) };
}

/** SMS (segments) that a provider may have and that are not counted as taken yet, by whichever process they are sent. */
export async function smsOnTheirWay(db: Db): Promise<number> {
  const row = await db
    .selectFrom('sms_messages')
    .select((eb) => eb.fn.sum<number | null>('segments').as('segments'))
    .where('status', 'in', ['sending', 'uncertain'])
    .executeTakeFirst();
  return Number(row?.segments ?? 0);
}

/** How many messages stand in each state. */
export async function smsStates(db: Db): Promise<Partial<Record<SmsMessage['status'], number>>> {
  const rows = await db
    .selectFrom('sms_messages')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.status, Number(row.count)]));
}

function toMessage(row: Selectable<SmsMessagesTable>): SmsMessage {
  const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  return {
    id: row.id,
    key: row.key,
    phone: row.phone,
    port: row.port,
    conversationId: row.conversation_id,
    class: row.class,
    draft: parsed(row.draft_json),
    menu: parsed(row.menu_json),
    rest: parsed(row.rest_json),
    segments: row.segments,
    status: row.status,
    provider: row.provider,
    progress: parsed(row.progress_json),
    code: row.code,
    attempts: row.attempts,
    nextAt: row.next_at,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    acceptedAt: row.accepted_at,
  };
}
