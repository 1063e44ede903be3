/** Delivery receipts of SMS parts, in whatever order they come: also before we know which message they speak of. */
import type { Db } from './database.ts';
import { settleSms } from './sms-messages.ts';
import type { SmsReceiptsTable } from './tables.ts';

export type ReceiptState = SmsReceiptsTable['state'];

export interface Receipt {
  readonly provider: string;
  /** The provider's id of the part. */
  readonly providerId: string;
  readonly state: ReceiptState;
  readonly code: string | null;
}

/** A message came into another state. */
export interface SmsChange {
  readonly provider: string;
  readonly status: ReceiptState;
  /** The message in SMS. */
  readonly segments: number;
}

const rank: Record<ReceiptState, number> = { accepted: 0, sent: 1, delivered: 2, failed: 2 };

/** The provider took a message as these parts; the states it came into by that. Receipts that were faster count. Call it in a transaction. */
export async function recordSubmission(
  db: Db,
  submission: { messageId: number; provider: string; providerIds: readonly string[] },
  now: number,
): Promise<SmsChange[]> {
  const { messageId, provider, providerIds } = submission;
  for (const providerId of providerIds) {
    await db
      .insertInto('sms_receipts')
      .values({ provider, provider_id: providerId, message_id: messageId, state: 'accepted', code: null, at: now })
      .onConflict((conflict) => conflict.columns(['provider', 'provider_id']).doUpdateSet({ message_id: messageId }))
      .execute();
  }
  const accepted = await settleSms(db, messageId, { status: 'accepted', acceptedAt: now });
  const { segments } = await db.selectFrom('sms_messages').select('segments').where('id', '=', messageId).executeTakeFirstOrThrow();
  const further = await conclude(db, messageId, now);
  return [...(accepted ? [{ provider, status: 'accepted' as const, segments }] : []), ...(further ? [further] : [])];
}

/** Notes a receipt; what changed with its message. A state never goes back, and a repeated receipt changes nothing. Call it in a transaction. */
export async function recordReceipt(db: Db, receipt: Receipt, now: number): Promise<SmsChange | undefined> {
  const { provider, providerId, state, code } = receipt;
  await db
    .insertInto('sms_receipts')
    .values({ provider, provider_id: providerId, message_id: null, state, code, at: now })
    .onConflict((conflict) => conflict.columns(['provider', 'provider_id']).doNothing())
    .execute();
  const row = await db
    .selectFrom('sms_receipts')
    .select(['state', 'message_id'])
    .where('provider', '=', provider)
    .where('provider_id', '=', providerId)
    .executeTakeFirstOrThrow();
  if (rank[state] > rank[row.state]) {
    await db
      .updateTable('sms_receipts')
      .set({ state, code, at: now })
      .where('provider', '=', provider)
      .where('provider_id', '=', providerId)
      .execute();
  }
  return row.message_id === null ? undefined : conclude(db, row.message_id, now);
}

/** Whether a part is known under this id. */
export async function hasReceipt(db: Db, provider: string, providerId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sms_receipts')
    .select('provider_id')
    .where('provider', '=', provider)
    .where('provider_id', '=', providerId)
    .executeTakeFirst();
  return row !== undefined;
}

/** A message is delivered when all its parts are, failed when one is, sent when one left. */
async function conclude(db: Db, messageId: number, now: number): Promise<SmsChange | undefined> {
  const parts = await db.selectFrom('sms_receipts').select(['state', 'code']).where('message_id', '=', messageId).execute();
  const failed = parts.find((part) => part.state === 'failed');
  const status = failed
    ? 'failed'
    : parts.every((part) => part.state === 'delivered')
      ? 'delivered'
      : parts.some((part) => part.state !== 'accepted')
        ? 'sent'
        : 'accepted';
  const code = (failed ?? parts.find((part) => part.code !== null))?.code ?? null;
  const row = await db
    .updateTable('sms_messages')
    .set({ status, code, ...(status === 'failed' || status === 'delivered' ? { done_at: now } : {}) })
    .where('id', '=', messageId)
    .where('status', 'in', ['accepted', 'sent', 'delivered', 'failed'])
    .where('status', '!=', status)
    .returning(['provider', 'segments'])
    .executeTakeFirst();
  return row && { provider: row.provider ?? '', status, segments: row.segments };
}
