/** Who is told of what happens: addresses of departments' systems, and their secrets. */
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { WebhooksTable } from './tables/webhooks.ts';

export const webhookKinds = ['demand', 'order', 'follow_up', 'rating'] as const;
export type WebhookKind = (typeof webhookKinds)[number];

/** A key signatures are made with, until when; undefined: until another one takes its place. */
export interface WebhookSecret {
  readonly secret: string;
  readonly until?: number | undefined;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly WebhookKind[];
  readonly department: string | null;
  readonly fields: 'basic' | 'matter';
  /** The newest first. */
  readonly secrets: readonly WebhookSecret[];
  readonly state: 'on' | 'off';
  /** Why it is off. */
  readonly note: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
}

export async function addWebhook(db: Db, hook: Webhook): Promise<void> {
  await db
    .insertInto('webhooks')
    .values({
      id: hook.id,
      url: hook.url,
      kinds: `|${hook.kinds.join('|')}|`,
      department: hook.department,
      fields: hook.fields,
      secrets_json: JSON.stringify(hook.secrets),
      state: hook.state,
      note: hook.note,
      created_by: hook.createdBy,
      created_at: hook.createdAt,
    })
    .execute();
}

/** All of them, oldest first. */
export async function listWebhooks(db: Db): Promise<Webhook[]> {
  return (await db.selectFrom('webhooks').selectAll().orderBy('created_at').orderBy('id').execute()).map(toWebhook);
}

/** Those that are on and want this kind; the cheap question asked with every event. */
export async function webhooksFor(db: Db, kind: WebhookKind): Promise<Pick<Webhook, 'id' | 'department' | 'fields'>[]> {
  return db
    .selectFrom('webhooks')
    .select(['id', 'department', 'fields'])
    .where('state', '=', 'on')
    .where('kinds', 'like', `%|${kind}|%`)
    .execute();
}

export async function findWebhook(db: Db, id: string): Promise<Webhook | undefined> {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toWebhook(row);
}

/** Removes it with what was still to be delivered; false: there is none. */
export async function removeWebhook(tx: Db, id: string): Promise<boolean> {
  await tx.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute();
  return (await tx.deleteFrom('webhooks').where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n;
}

/** Switches it; what waits stays, and goes out when it is on again. False: there is none. */
export async function switchWebhook(db: Db, id: string, state: 'on' | 'off', note: string | null): Promise<boolean> {
  const changed = await db.updateTable('webhooks').set({ state, note }).where('id', '=', id).executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

export async function putWebhookSecrets(db: Db, id: string, secrets: readonly WebhookSecret[]): Promise<void> {
  await db
    .updateTable('webhooks')
    .set({ secrets_json: JSON.stringify(secrets) })
    .where('id', '=', id)
    .execute();
}

function toWebhook(row: Selectable<WebhooksTable>): Webhook {
  return {
    id: row.id,
    url: row.url,
    kinds: row.kinds.split('|').filter(Boolean) as WebhookKind[],
    department: row.department,
    fields: row.fields,
    secrets: JSON.parse(row.secrets_json) as WebhookSecret[],
    state: row.state,
    note: row.note,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
