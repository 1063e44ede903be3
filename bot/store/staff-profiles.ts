/** What a member of staff can do: skills, languages, department, and whether conversations may be given to them now. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { StaffProfilesTable, StaffTable } from './tables.ts';

export interface StaffProfile {
  readonly name: string;
  /** Queues they serve; empty: general only. */
  readonly skills: readonly string[];
  /** BCP 47 primary tags. */
  readonly languages: readonly string[];
  /** Set for people of a department: they see its inbox only. */
  readonly department: string | null;
  readonly presence: StaffProfilesTable['presence'];
  /** Conversations at once. */
  readonly capacity: number;
}

/** Of somebody who has said nothing about themselves. */
export const defaultProfile: Omit<StaffProfile, 'name'> = {
  skills: [],
  languages: ['zh'],
  department: null,
  presence: 'manual',
  capacity: 5,
};

/** Stores a profile, whatever was there. Errors: no such account. */
export async function putProfile(db: Db, profile: StaffProfile, now: number): Promise<void> {
  const changes = {
    skills_json: JSON.stringify(profile.skills),
    languages_json: JSON.stringify(profile.languages),
    department: profile.department,
    presence: profile.presence,
    capacity: profile.capacity,
    updated_at: now,
  };
  await db
    .insertInto('staff_profiles')
    .values({ name: profile.name, last_assigned_at: 0, ...changes })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(changes))
    .execute();
}

/** The profile of an account; the default one when it has none. */
export async function profileOf(db: Db, name: string): Promise<StaffProfile> {
  const row = await db.selectFrom('staff_profiles').selectAll().where('name', '=', name).executeTakeFirst();
  return row ? toProfile(row) : { name, ...defaultProfile };
}

/** Somebody who may be given conversations, with what they have in hand. */
export interface Candidate extends StaffProfile {
  readonly role: StaffTable['role'];
  /** Conversations in hand. */
  readonly load: number;
  /** When they were given one last, epoch milliseconds. */
  readonly lastAssignedAt: number;
}

/** Everybody seen since `since` who is not away, by name. */
export async function staffOnDuty(db: Db, since: number): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('staff')
    .leftJoin('staff_profiles', 'staff_profiles.name', 'staff.name')
    .select(['staff.name', 'staff.role', 'skills_json', 'languages_json', 'department', 'presence', 'capacity', 'last_assigned_at'])
    .select((eb) =>
      eb
        .selectFrom('handoffs')
        .select((inner) => inner.fn.countAll().as('load'))
        .whereRef('handoffs.agent', '=', 'staff.name')
        .where('handoffs.status', '=', 'active')
        .as('load'),
    )
    .where((eb) =>
      eb.exists(
        eb.selectFrom('sessions').select('token_hash').whereRef('staff_name', '=', 'staff.name').where('last_seen_at', '>=', since),
      ),
    )
    .orderBy('staff.name')
    .execute();
  return rows
    .filter((row) => row.presence !== 'away')
    .map((row) => ({
      name: row.name,
      role: row.role,
      skills: row.skills_json === null ? defaultProfile.skills : (JSON.parse(row.skills_json) as string[]),
      languages: row.languages_json === null ? defaultProfile.languages : (JSON.parse(row.languages_json) as string[]),
      department: row.department,
      presence: row.presence ?? defaultProfile.presence,
      capacity: row.capacity ?? defaultProfile.capacity,
      load: Number(row.load),
      lastAssignedAt: row.last_assigned_at ?? 0,
    }));
}

/** Notes that somebody was given a conversation. */
export async function noteAssigned(db: Db, name: string, now: number): Promise<void> {
  await db.updateTable('staff_profiles').set({ last_assigned_at: now }).where('name', '=', name).execute();
}

function toProfile(row: Selectable<StaffProfilesTable>): StaffProfile {
  return {
    name: row.name,
    skills: JSON.parse(row.skills_json) as string[],
    languages: JSON.parse(row.languages_json) as string[],
    department: row.department,
    presence: row.presence,
    capacity: row.capacity,
  };
}
