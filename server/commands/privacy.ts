/** `wenban privacy export|delete|hold`: a person's rights, carried out by an operator and kept on record. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deletePerson } from '../../bot/privacy/delete.ts';
import { exportPerson } from '../../bot/privacy/export.ts';
import { holdConversation, releaseHold } from '../../bot/privacy/holds.ts';
import { findPerson, type Person } from '../../bot/privacy/person.ts';
import { scrub } from '../../bot/privacy/scrub.ts';
import type { OpenDatabase } from '../../bot/store/database.ts';
import type { Config } from '../config.ts';
import { newId } from '../ids.ts';
import { removeUploads } from '../security/remove-uploads.ts';
import { withStore } from './with-store.ts';

export interface PersonFlags {
  readonly conversation?: string;
  readonly phone?: string;
  readonly openid?: string;
  readonly actor: string;
}

/** Writes everything that is kept of a person to a file. Exit code 1 when nothing is. */
export const privacyExportCommand = (config: Config, flags: PersonFlags & { out: string }): Promise<number> =>
  withPerson(config, flags, async (database, person) => {
    const file = await exportPerson(database, person, { actor: flags.actor, now: Date.now(), newId });
    await writeFile(flags.out, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    console.log(`已导出 exported: ${flags.out}`);
    return 0;
  });

/** Deletes everything that is kept of a person; without `--yes` says what it would be. Exit code 1 when nothing is kept or a hold stands in the way. */
export const privacyDeleteCommand = (config: Config, flags: PersonFlags & { yes?: boolean }): Promise<number> =>
  withPerson(config, flags, async (database, person) => {
    if (!flags.yes) {
      console.log(`${person.conversations.length} 个对话会被删除，加 --yes 执行  conversations would be deleted; say --yes`);
      return 0;
    }
    const done = await deletePerson(database, person, { actor: flags.actor, channel: 'operator', now: Date.now(), newId });
    if (!done.ok) {
      console.error(`有依法保留的对话，没有删除 kept by a hold: ${done.held.join(', ')}`);
      return 1;
    }
    await removeUploads(join(config.dataDir, 'uploads'), done.uploads);
    await scrub(database, Date.now(), { atOnce: true });
    console.log(`已删除 deleted: ${JSON.stringify(done.counts)}`);
    return 0;
  });

/** Keeps a conversation, or lets it go again. */
export async function privacyHoldCommand(
  config: Config,
  id: string,
  { release, reason, actor }: { release?: boolean; reason?: string; actor: string },
): Promise<number> {
  if (!release && !reason) {
    console.error('请写明原因 say why: --reason');
    return 2;
  }
  return withStore(config, async (database) => {
    const done = release
      ? await releaseHold(database.db, id)
      : await holdConversation(database.db, { conversationId: id, reason: reason ?? '', actor, at: Date.now() });
    if (!done) console.error(`没有这个对话 no such conversation: ${id}`);
    return done ? 0 : 1;
  });
}

async function withPerson(
  config: Config,
  flags: PersonFlags,
  work: (database: OpenDatabase, person: Person) => Promise<number>,
): Promise<number> {
  const { conversation, phone, openid } = flags;
  if ([conversation, phone, openid].filter(Boolean).length !== 1) {
    console.error('请用 --conversation、--phone 或 --openid 之一 name one of --conversation, --phone, --openid');
    return 2;
  }
  return withStore(config, async (database) => {
    const person = await findPerson(database.db, { conversation, phone, openid });
    if (person === undefined) {
      console.error('没有这个人的数据 nothing is kept of this person');
      return 1;
    }
    return await work(database, person);
  });
}
