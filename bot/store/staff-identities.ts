/** Accounts of people who sign in at an identity provider: bound to issuer and subject, never to a name alone. */
import type { OpenDatabase } from './database.ts';
import { addStaff, findStaff, type StaffRole, setRole } from './staff.ts';

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}
export type IdentityOutcome =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: 'name_taken' | 'no_role' };

/** Stands where a password hash would: no password fits it. */
const noPassword = 'single-sign-on';

/**
 * Makes the person's account known and brings its role up to date; a changed role ends the account's sessions. Without `account` (the
 * provider grants no role any more) the sessions end and nothing else changes. A local account of the same name is never taken over.
 */
export async function signInIdentity(
  database: Pick<OpenDatabase, 'transaction'>,
  identity: Identity,
  account: { readonly name: string; readonly role: StaffRole } | undefined,
  now: number,
): Promise<IdentityOutcome> {
  return database.transaction(async (tx) => {
    const known = await tx
      .selectFrom('staff_identities')
      .innerJoin('staff', 'staff.name', 'staff_identities.staff_name')
      .select(['staff.name', 'staff.role'])
      .where('issuer', '=', identity.issuer)
      .where('subject', '=', identity.subject)
      .executeTakeFirst();
    if (account === undefined) {
      if (known) await tx.deleteFrom('sessions').where('staff_name', '=', known.name).execute();
      return { ok: false, reason: 'no_role' };
    }
    if (known) {
      if (known.role !== account.role) await setRole(tx, known.name, account.role);
      return { ok: true, name: known.name };
    }
    if (await findStaff(tx, account.name)) return { ok: false, reason: 'name_taken' };
    await addStaff(tx, { name: account.name, role: account.role, passwordHash: noPassword }, now);
    await tx
      .insertInto('staff_identities')
      .values({ issuer: identity.issuer, subject: identity.subject, staff_name: account.name, created_at: now })
      .execute();
    return { ok: true, name: account.name };
  });
}
