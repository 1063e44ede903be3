/** What is known of uploaded files; the bytes lie elsewhere under the upload's id. */
import type { Db } from './database.ts';

export interface Upload {
  id: string;
  conversationId: string;
  /** The file name the citizen's device gave. */
  name: string;
  contentType: string;
  size: number;
  sha256: string;
  createdAt: number;
}

/** Notes an upload of an existing conversation. */
export async function saveUpload(db: Db, upload: Omit<Upload, 'createdAt'>, now: number): Promise<void> {
  await db
    .insertInto('uploads')
    .values({
      id: upload.id,
      conversation_id: upload.conversationId,
      name: upload.name,
      content_type: upload.contentType,
      size: upload.size,
      sha256: upload.sha256,
      created_at: now,
    })
    .execute();
}

/** The upload with this id, if there is one. */
export async function findUpload(db: Db, id: string): Promise<Upload | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    conversationId: row.conversation_id,
    name: row.name,
    contentType: row.content_type,
    size: row.size,
    sha256: row.sha256,
    createdAt: row.created_at,
  };
}

/** Ids, sizes and digests of up to `limit` uploads behind the id `after`, in the order of their ids. */
export async function uploadsAfter(db: Db, after: string, limit: number): Promise<{ id: string; size: number; sha256: string }[]> {
  const rows = await db.selectFrom('uploads').select(['id', 'size', 'sha256']).where('id', '>', after).orderBy('id').limit(limit).execute();
  return rows.map(({ id, size, sha256 }) => ({ id, size: Number(size), sha256 }));
}

/** What is known of a conversation's files, oldest first. */
export async function filesOfConversation(db: Db, conversationId: string): Promise<Pick<Upload, 'id' | 'name' | 'contentType' | 'size'>[]> {
  const rows = await db
    .selectFrom('uploads')
    .select(['id', 'name', 'content_type', 'size'])
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, name, content_type, size }) => ({ id, name, contentType: content_type, size: Number(size) }));
}
