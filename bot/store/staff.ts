/** Staff accounts and their sessions. Passwords come hashed, session tokens as sha256. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { StaffTable } from './tables.ts';

export type StaffRole = StaffTable['role'];

export interface Staff {
  name: string;
  role: StaffRole;
  passwordHash: string;
  createdAt: number;
}

export interface Session {
  tokenHash: string;
  staffName: string;
  expiresAt: number;
  lastSeenAt: number;
  createdAt: number;
}

/** A session's last_seen_at is written at most this often, in milliseconds. */
const SEEN_INTERVAL = 60_000;

/** Adds an account; false when the name is taken. */
export async function addStaff(db: Db, staff: Pick<Staff, 'name' | 'role' | 'passwordHash'>, now: number): Promise<boolean> {
  const result = await db
    .insertInto('staff')
    .values({ name: staff.name, role: staff.role, password_hash: staff.passwordHash, created_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Sets an account's password and ends its sessions; false when there is no such account. */
export async function setPassword(db: Db, name: string, passwordHash: string): Promise<boolean> {
  const result = await db.updateTable('staff').set({ password_hash: passwordHash }).where('name', '=', name).executeTakeFirst();
  await deleteSessionsOf(db, name);
  return result.numUpdatedRows === 1n;
}

/** Gives an account another role and ends its sessions: what was opened with the old rights is closed. False when there is no such account. */
export async function setRole(db: Db, name: string, role: StaffRole): Promise<boolean> {
  const result = await db.updateTable('staff').set({ role }).where('name', '=', name).executeTakeFirst();
  await deleteSessionsOf(db, name);
  return result.numUpdatedRows === 1n;
}

/** The account with this name, if there is one. */
export async function findStaff(db: Db, name: string): Promise<Staff | undefined> {
  const row = await db.selectFrom('staff').selectAll().where('name', '=', name).executeTakeFirst();
  return row && toStaff(row);
}

/** All accounts by name. */
export async function listStaff(db: Db): Promise<Staff[]> {
  const rows = await db.selectFrom('staff').selectAll().orderBy('name').execute();
  return rows.map(toStaff);
}

/**
 * Starts a session of an existing account, and clears away sessions that have expired. With `verified`, the password hash that was
 * checked, it answers false and starts nothing when the password was changed meanwhile.
 */
export async function createSession(
  db: Db,
  session: Pick<Session, 'tokenHash' | 'staffName' | 'expiresAt'>,
  now: number,
  verified?: string,
): Promise<boolean> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  await db
    .insertInto('sessions')
    .values({
      token_hash: session.tokenHash,
      staff_name: session.staffName,
      expires_at: session.expiresAt,
      last_seen_at: now,
      created_at: now,
    })
    .execute();
  // After the insert, so that a change of password either ends this session or is seen here.
  if (verified === undefined || (await findStaff(db, session.staffName))?.passwordHash === verified) return true;
  await deleteSession(db, session.tokenHash);
  return false;
}

/** The session that has not expired, and whose it is; notes that it was seen, at most once a minute. */
export async function findSession(db: Db, tokenHash: string, now: number): Promise<{ staff: Staff; session: Session } | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('staff', 'staff.name', 'sessions.staff_name')
    .select(['staff.name', 'staff.role', 'staff.password_hash', 'staff.created_at'])
    .select(['sessions.token_hash', 'sessions.expires_at', 'sessions.last_seen_at', 'sessions.created_at as started_at'])
    .where('sessions.token_hash', '=', tokenHash)
    .where('sessions.expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const renew = now - row.last_seen_at >= SEEN_INTERVAL;
  if (renew) await db.updateTable('sessions').set({ last_seen_at: now }).where('token_hash', '=', tokenHash).execute();
  return {
    staff: toStaff(row),
    session: {
      tokenHash,
      staffName: row.name,
      expiresAt: row.expires_at,
      lastSeenAt: renew ? now : row.last_seen_at,
      createdAt: row.started_at,
    },
  };
}

/** Ends a session; one that is gone already is fine. */
export async function deleteSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

/** Ends every session of an account, for example after its password changed. */
export async function deleteSessionsOf(db: Db, name: string): Promise<void> {
  await db.deleteFrom('sessions').where('staff_name', '=', name).execute();
}

/** Who has been seen at or after `since`, by name: last_seen_at may lag by a minute. */
export async function staffSeenSince(db: Db, since: number): Promise<{ name: string; role: StaffRole }[]> {
  return db
    .selectFrom('sessions')
    .innerJoin('staff', 'staff.name', 'sessions.staff_name')
    .select(['staff.name', 'staff.role'])
    .distinct()
    .where('sessions.last_seen_at', '>=', since)
    .orderBy('staff.name')
    .execute();
}

function toStaff(row: Selectable<StaffTable>): Staff {
  return { name: row.name, role: row.role, passwordHash: row.password_hash, createdAt: row.created_at };
}
