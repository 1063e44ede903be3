/** What a phone number allows: opted out or not, and consent to messages it did not ask for. */
import type { Db } from './database.ts';

export interface SmsNumber {
  readonly optedOutAt: number | null;
  readonly consentAt: number | null;
  readonly consentSource: string | null;
}

const unknown: SmsNumber = { optedOutAt: null, consentAt: null, consentSource: null };

/** What is known of a number; nothing opted and nothing allowed when it was never seen. */
export async function smsNumber(db: Db, phone: string): Promise<SmsNumber> {
  const row = await db.selectFrom('sms_numbers').selectAll().where('phone', '=', phone).executeTakeFirst();
  return row ? { optedOutAt: row.opted_out_at, consentAt: row.consent_at, consentSource: row.consent_source } : unknown;
}

/** Takes every permission back. False when the number had opted out already. */
export async function optOut(db: Db, phone: string, now: number): Promise<boolean> {
  await ensure(db, phone, now);
  const result = await db
    .updateTable('sms_numbers')
    .set({ opted_out_at: now, consent_at: null, consent_source: null, updated_at: now })
    .where('phone', '=', phone)
    .where('opted_out_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The number may be written to again, also unasked; `source` says how the citizen said so (their message, a form). */
export async function giveConsent(db: Db, phone: string, source: string, now: number): Promise<void> {
  await ensure(db, phone, now);
  await db
    .updateTable('sms_numbers')
    .set({ opted_out_at: null, consent_at: now, consent_source: source, updated_at: now })
    .where('phone', '=', phone)
    .execute();
}

/** A number that changed hands: the new owner has allowed nothing. An opt-out stays: it can only be too careful. */
export async function dropConsent(db: Db, phone: string, now: number): Promise<void> {
  await db.updateTable('sms_numbers').set({ consent_at: null, consent_source: null, updated_at: now }).where('phone', '=', phone).execute();
}

async function ensure(db: Db, phone: string, now: number): Promise<void> {
  await db
    .insertInto('sms_numbers')
    .values({ phone, opted_out_at: null, consent_at: null, consent_source: null, updated_at: now })
    .onConflict((conflict) => conflict.column('phone').doNothing())
    .execute();
}
