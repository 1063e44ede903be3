/** Codes for the window: kept while they are good, one a conversation. */
import type { Db } from './database.ts';

export interface WindowCode {
  readonly code: string;
  readonly conversationId: string;
  readonly caseJson: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Of a hundred million codes a few thousand are in use: a second try is rare, a fifth never happens. */
const tries = 5;

/** Keeps a case under a new code, in place of the conversation's code before; what has run out goes. Returns the code. */
export async function issueWindowCode(tx: Db, input: Omit<WindowCode, 'code'>, newCode: () => string): Promise<string> {
  const { conversationId, caseJson, issuedAt, expiresAt } = input;
  await tx
    .deleteFrom('window_codes')
    .where(({ or, eb }) => or([eb('conversation_id', '=', conversationId), eb('expires_at', '<=', issuedAt)]))
    .execute();
  for (let attempt = 0; attempt < tries; attempt++) {
    const code = newCode();
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('window_codes')
      .values({
        code,
        conversation_id: conversationId,
        case_json: caseJson,
        issued_at: issuedAt,
        expires_at: expiresAt,
        opened_at: null,
        opened_by: null,
      })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return code;
  }
  throw new Error('no free code for the window was found');
}

/** Opens a code that is still good and notes who did; undefined: unknown or run out. */
export async function openWindowCode(db: Db, code: string, staff: string, now: number): Promise<WindowCode | undefined> {
  const row = await db
    .updateTable('window_codes')
    .set({ opened_at: now, opened_by: staff })
    .where('code', '=', code)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      code: row.code,
      conversationId: row.conversation_id,
      caseJson: row.case_json,
      issuedAt: Number(row.issued_at),
      expiresAt: Number(row.expires_at),
    }
  );
}
