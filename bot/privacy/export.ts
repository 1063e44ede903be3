/** A copy of everything kept of a person (个人信息保护法 45), with the AI label in text and in its metadata (标识办法 4, 5; GB 45438-2025). */
import type { OpenDatabase } from '../store/database.ts';
import { subjectOf } from './delete.ts';
import type { Person } from './person.ts';
import { rowsOfPerson } from './rows.ts';

export interface PersonExport {
  readonly notice: string;
  readonly exportedAt: string;
  /** The implicit label of GB 45438-2025. */
  readonly AIGC: Readonly<
    Record<'Label' | 'ContentProducer' | 'ProduceID' | 'ReservedCode1' | 'ContentPropagator' | 'PropagateID' | 'ReservedCode2', string>
  >;
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Reads the copy and records that it was given. */
export async function exportPerson(
  database: OpenDatabase,
  person: Person,
  { actor, now, newId }: { readonly actor: string; readonly now: number; readonly newId: () => string },
): Promise<PersonExport> {
  const id = newId();
  const tables = await rowsOfPerson(database.db, person);
  await database.db
    .insertInto('privacy_requests')
    .values({ id, kind: 'export', subject: subjectOf(person), channel: 'export', actor, asked_at: now, done_at: now, counts_json: null })
    .execute();
  return {
    notice: '这是问办保存的与您有关的全部内容。其中标有 AIGeneratedContent 的回答由人工智能生成（AI生成）。',
    exportedAt: new Date(now).toISOString(),
    AIGC: {
      // "1": is generated content; the file may hold some.
      Label: '1',
      ContentProducer: 'wenban',
      ProduceID: id,
      ReservedCode1: '',
      ContentPropagator: 'wenban',
      PropagateID: id,
      ReservedCode2: '',
    },
    tables,
  };
}
