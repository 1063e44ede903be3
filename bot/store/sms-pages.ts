/** The full texts behind short codes, until they expire. */
import type { Db } from './database.ts';

export interface SmsPage {
  readonly code: string;
  readonly phone: string;
  readonly body: unknown;
  readonly expiresAt: number;
}

/** Keeps a full text under a fresh code; the same message gets its first code again. `newCode` is asked until a code is free. */
export async function keepPage(
  db: Db,
  page: { messageKey: string; phone: string; body: unknown; expiresAt: number },
  newCode: () => string,
  now: number,
): Promise<string> {
  for (;;) {
    const known = await db.selectFrom('sms_pages').select('code').where('message_key', '=', page.messageKey).executeTakeFirst();
    if (known) return known.code;
    const code = newCode();
    const result = await db
      .insertInto('sms_pages')
      .values({
        code,
        message_key: page.messageKey,
        phone: page.phone,
        body_json: JSON.stringify(page.body),
        created_at: now,
        expires_at: page.expiresAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows === 1n) return code;
  }
}

/** The page of a code that has not expired. */
export async function findPage(db: Db, code: string, now: number): Promise<SmsPage | undefined> {
  const row = await db.selectFrom('sms_pages').selectAll().where('code', '=', code).where('expires_at', '>', now).executeTakeFirst();
  return row && { code: row.code, phone: row.phone, body: JSON.parse(row.body_json), expiresAt: row.expires_at };
}

export async function forgetPages(db: Db, now: number): Promise<void> {
  await db.deleteFrom('sms_pages').where('expires_at', '<=', now).execute();
}
