/** Deletes what is kept of a person (个人信息保护法 47): rows of every table at once, files afterwards; a record without a name stays. */
import { createHash } from 'node:crypto';
import type { OpenDatabase } from '../store/database.ts';
import { heldOf } from './holds.ts';
import type { Person } from './person.ts';
import { deleteRowsOfPerson } from './rows.ts';
import { noteScrub } from './scrub.ts';

export interface DeleteTools {
  readonly actor: string;
  readonly channel: string;
  readonly now: number;
  readonly newId: () => string;
}
export type Deleted =
  | { readonly ok: true; readonly counts: Readonly<Record<string, number>>; readonly uploads: readonly string[] }
  /** What keeps the data: held conversations, open work orders. */
  | { readonly ok: false; readonly held: readonly string[] };

/** Of whom a record speaks, without saying who: ids here are random, so their hash can't be guessed back. */
export const subjectOf = ({ conversations, phones }: Person): string =>
  createHash('sha256')
    .update([...(conversations.length > 0 ? conversations : phones)].sort().join(' '))
    .digest('base64url');

/** Deletes all or nothing. `uploads`: ids of files the caller takes off the disk; {@link scrub} afterwards overwrites what the rows left, once for many. */
export async function deletePerson(database: OpenDatabase, person: Person, tools: DeleteTools): Promise<Deleted> {
  return database.transaction(async (tx): Promise<Deleted> => {
    const held = await heldOf(tx, person);
    if (held.length > 0) return { ok: false, held };
    const uploads =
      person.conversations.length === 0
        ? []
        : await tx
            .selectFrom('uploads')
            .select('id')
            .where('conversation_id', 'in', [...person.conversations])
            .execute();
    const counts = await deleteRowsOfPerson(tx, person);
    await tx
      .insertInto('privacy_requests')
      .values({
        id: tools.newId(),
        kind: 'delete',
        subject: subjectOf(person),
        channel: tools.channel,
        actor: tools.actor,
        asked_at: tools.now,
        done_at: tools.now,
        counts_json: JSON.stringify(counts),
      })
      .execute();
    await noteScrub(tx, tools.now);
    return { ok: true, counts, uploads: uploads.map(({ id }) => id) };
  });
}
