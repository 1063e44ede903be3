/** Whose data it is: from one conversation, number or openid to everything the same person is known by. */
import { stateKey } from '../dialogue-state.ts';
import type { Db } from '../store/database.ts';
import type { Names } from './inventory.ts';

/** What rows of a person are found by. */
export interface Person {
  readonly conversations: readonly string[];
  readonly phones: readonly string[];
  readonly openids: readonly string[];
  readonly orders: readonly string[];
}

/** The person behind a conversation, phone number (E.164) or openid; undefined when nothing is kept of them. */
export async function findPerson(
  db: Db,
  start: { readonly conversation?: string | undefined; readonly phone?: string | undefined; readonly openid?: string | undefined },
): Promise<Person | undefined> {
  const conversations = new Set(start.conversation ? [start.conversation] : []);
  const phones = new Set(start.phone ? [start.phone] : []);
  const openids = new Set(start.openid ? [start.openid] : []);
  const orders = new Set<string>();
  for (let size = -1; size !== conversations.size + phones.size + openids.size; ) {
    size = conversations.size + phones.size + openids.size;
    for (const { phone, conversation_id } of await smsOf(db, conversations, phones)) {
      phones.add(phone);
      conversations.add(conversation_id);
    }
    for (const { openid, conversation_id, phone } of await wechatOf(db, conversations, phones, openids)) {
      openids.add(openid);
      conversations.add(conversation_id);
      if (phone !== null) phones.add(phone);
    }
    for (const id of await sameUser(db, conversations)) conversations.add(id);
  }
  const known = await rowsOf(db, conversations);
  const keys = known.map(({ channel, user_id }) => `${channel}:${user_id}`);
  if (known.length > 0) {
    const found = await db
      .selectFrom('work_orders')
      .select('id')
      .where((eb) => eb.or([eb('conversation_id', 'in', [...conversations]), eb('citizen_key', 'in', keys)]))
      .execute();
    for (const { id } of found) orders.add(id);
  }
  const numberKnown =
    phones.size > 0 &&
    (await db
      .selectFrom('sms_numbers')
      .select('phone')
      .where('phone', 'in', [...phones])
      .executeTakeFirst());
  if (known.length === 0 && !numberKnown) return undefined;
  return { conversations: known.map(({ id }) => id), phones: [...phones], openids: [...openids], orders: [...orders] };
}

/** The values that a column of this kind has in rows of the person. */
export async function namesOf(db: Db, person: Person): Promise<Readonly<Record<Names, readonly (string | number)[]>>> {
  const rows = await rowsOf(db, new Set(person.conversations));
  const messages =
    person.phones.length === 0
      ? []
      : await db
          .selectFrom('sms_messages')
          .select('id')
          .where('phone', 'in', [...person.phones])
          .execute();
  return {
    conversation: person.conversations,
    phone: person.phones,
    openid: person.openids,
    order: person.orders,
    activity: [],
    state: rows.map(({ channel, id }) => stateKey(channel, id)),
    message: messages.map(({ id }) => id),
    part: await partsOf(db, person.phones),
    push: await pushesOf(db, person.conversations),
  };
}

/** Groups of message parts from these numbers; there are only those of a day. Gateways write a number with or without its country code. */
async function partsOf(db: Db, phones: readonly string[]): Promise<string[]> {
  if (phones.length === 0) return [];
  const groups = await db.selectFrom('sms_part_groups').select('group_key').execute();
  return groups.flatMap(({ group_key }) => {
    const digits = (senderOf(group_key) ?? '').replace(/\D/g, '');
    const theirs = digits.length >= 7 && phones.some((phone) => phone.endsWith(digits) || digits.endsWith(phone.slice(1)));
    return theirs ? [group_key] : [];
  });
}

/** The number in the key of a group, as channels/sms makes it: a list of provider, number and more. */
function senderOf(groupKey: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(groupKey);
    return Array.isArray(parsed) ? String(parsed[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** What WeChat delivered and became a message of theirs. */
async function pushesOf(db: Db, conversations: readonly string[]): Promise<string[]> {
  if (conversations.length === 0) return [];
  const rows = await db
    .selectFrom('inbox')
    .select('message_id')
    .where('channel', 'like', 'wechat-%')
    .where('conversation_id', 'in', conversations)
    .execute();
  return rows.map(({ message_id }) => message_id);
}

async function rowsOf(db: Db, conversations: ReadonlySet<string>) {
  if (conversations.size === 0) return [];
  return db
    .selectFrom('conversations')
    .select(['id', 'channel', 'user_id'])
    .where('id', 'in', [...conversations])
    .execute();
}

async function sameUser(db: Db, conversations: ReadonlySet<string>): Promise<string[]> {
  const ids: string[] = [];
  for (const { channel, user_id } of await rowsOf(db, conversations)) {
    const rows = await db.selectFrom('conversations').select('id').where('channel', '=', channel).where('user_id', '=', user_id).execute();
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

async function smsOf(db: Db, conversations: ReadonlySet<string>, phones: ReadonlySet<string>) {
  return db
    .selectFrom('sms_sessions')
    .select(['phone', 'conversation_id'])
    .where((eb) => eb.or([eb('conversation_id', 'in', orNone(conversations)), eb('phone', 'in', orNone(phones))]))
    .execute();
}

async function wechatOf(db: Db, conversations: ReadonlySet<string>, phones: ReadonlySet<string>, openids: ReadonlySet<string>) {
  return db
    .selectFrom('wechat_citizens')
    .select(['openid', 'conversation_id', 'phone'])
    .where((eb) =>
      eb.or([eb('conversation_id', 'in', orNone(conversations)), eb('phone', 'in', orNone(phones)), eb('openid', 'in', orNone(openids))]),
    )
    .execute();
}

/** An empty list is no SQL. */
const orNone = (values: ReadonlySet<string>): string[] => (values.size === 0 ? [''] : [...values]);
