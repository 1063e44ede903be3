import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createConversation, findConversation } from '../conversations.ts';
import { type OpenDatabase, openDatabase } from '../database.ts';
import { acceptMessage, pendingInbox } from '../inbox.ts';
import { findRating, saveRating } from '../ratings.ts';
import { forgetGroups, keepPart } from '../sms-parts.ts';
import { onEachEngine } from '../testing/engines.ts';
import { findUpload, saveUpload } from '../uploads.ts';
import { findWechatCitizen, meetWechatCitizen } from '../wechat-citizens.ts';
import { isSealed, seal, sealForLookup, sealingKey } from './seal.ts';

const secret = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const dataKeys = [
  { id: 'k1', secret: secret(4) },
  { id: 'lookup', secret: secret(5) },
];
const stranger = sealingKey('k1', Buffer.alloc(32, 66));
/** What somebody may send who knows how envelopes look: short, of unknown keys, of other keys under our names, cut, and copied from us. */
const hostile = [
  'wbs1.x.y',
  'wbl1.x.y',
  'wbs1.',
  'wbs1..',
  'WBS1.k1.AAAA',
  `wbs1.k1.${'A'.repeat(60)}`,
  `wbl1.lookup.${'A'.repeat(60)}`,
  `wbs1.unknown.${'A'.repeat(60)}`,
  seal(stranger, 'x'),
  sealForLookup(stranger, 'x'),
  seal(sealingKey('k1', Buffer.alloc(32, 4)), 'copied'),
];

onEachEngine('[R-129] values that look like envelopes', (store) => {
  const forget = (database: OpenDatabase) =>
    (database.sealing?.plain ?? database.db).deleteFrom('settings').where('key', '=', 'sealing.check').execute();
  /** The same data with keys of ours. */
  const sealedStore = async (): Promise<OpenDatabase> => openDatabase({ ...store().place.config, dataKeys });

  it('come back as they were written, from every column, found by what they are', async () => {
    await forget(store().database);
    const database = await sealedStore();
    try {
      for (const [n, value] of hostile.entries()) {
        const { db } = database;
        const id = `c${n}`;
        await createConversation(db, { id, channel: 'web', userId: value, locale: 'zh-CN', profile: { name: value } }, 1);
        expect(await findConversation(db, id)).toMatchObject({ userId: value, profile: { name: value } });
        expect(await db.selectFrom('conversations').select('id').where('user_id', '=', value).execute()).toEqual([{ id }]);
        const accept = () =>
          database.transaction((tx) =>
            acceptMessage(
              tx,
              {
                channel: 'web',
                messageId: value,
                conversationId: id,
                activity: { type: 'message', from: { id: value }, text: value, channelData: { clientActivityID: value } },
              },
              1,
            ),
          );
        expect([(await accept()).duplicate, (await accept()).duplicate]).toEqual([false, true]);
        expect((await pendingInbox(db, id)).map(({ activity }) => activity.text)).toEqual([value]);
        await saveRating(db, { conversationId: id, score: 1, tags: [], comment: value, channel: 'web', createdAt: 1 });
        expect((await findRating(db, id))?.comment).toBe(value);
        const upload = { id: `upload-${n}`, conversationId: id, name: value, contentType: 'image/png', size: 1, sha256: 'x' };
        await saveUpload(db, upload, 1);
        expect((await findUpload(db, upload.id))?.name).toBe(value);
        await meetWechatCitizen(db, { account: 'oa:1', openid: value, unionId: value, conversationId: id }, 1);
        expect(await findWechatCitizen(db, 'oa:1', value)).toMatchObject({ openid: value, unionId: value });
      }
      const raw = await database.sealing?.plain.selectFrom('conversations').select('user_id').execute();
      expect(raw?.some(({ user_id }) => hostile.includes(user_id))).toBe(false);
    } finally {
      await forget(database);
      await database.close();
    }
  });

  it('are sealed like everything else when keys come to a database that has none', async () => {
    const first = store().database;
    const plain = first.sealing?.plain ?? first.db;
    for (const [n, value] of hostile.entries())
      await createConversation(plain, { id: `c${n}`, channel: 'web', userId: value, locale: 'zh-CN' }, 1);
    await createConversation(plain, { id: 'plain', channel: 'web', userId: 'somebody', locale: 'zh-CN' }, 1);
    await forget(first);
    for (const round of [1, 2]) {
      const database = await sealedStore();
      try {
        // The one that was really sealed with our key, as after a crash in the midst of it, is taken for what it holds.
        for (const [n, value] of hostile.slice(0, -1).entries())
          expect([round, (await findConversation(database.db, `c${n}`))?.userId]).toEqual([round, value]);
        expect((await findConversation(database.db, 'plain'))?.userId).toBe('somebody');
        const raw = await database.sealing?.plain.selectFrom('conversations').select('user_id').execute();
        expect(raw?.every(({ user_id }) => isSealed(user_id) && database.sealing?.ring.sealed(user_id))).toBe(true);
      } finally {
        await forget(database);
        await database.close();
      }
    }
  });

  it('a row somebody stored without keys meanwhile stays readable', async () => {
    await forget(store().database);
    const database = await sealedStore();
    try {
      await createConversation(database.sealing?.plain ?? database.db, { id: 'c1', channel: 'web', userId: 'plain', locale: 'zh-CN' }, 1);
      expect((await findConversation(database.db, 'c1'))?.userId).toBe('plain');
    } finally {
      await forget(database);
      await database.close();
    }
  });

  it('a query inside a query is sealed once; columns that are not listed are left as they are', async () => {
    await forget(store().database);
    const database = await sealedStore();
    try {
      const { db } = database;
      await database.transaction((tx) =>
        keepPart(tx, 'wbl1.a.b', { number: 1, total: 2, body: 'wbs1.k1.x', fmt: 8, messageId: 'wbs1.x.y' }, 1),
      );
      const group = db.selectFrom('sms_part_groups').select('group_key').where('group_key', '=', 'wbl1.a.b');
      const part = await db.selectFrom('sms_parts').selectAll().where('group_key', 'in', group).executeTakeFirst();
      expect(part).toMatchObject({ group_key: 'wbl1.a.b', body_hex: 'wbs1.k1.x', message_id: 'wbs1.x.y' });
      await forgetGroups(db, 2);
      expect(await db.selectFrom('sms_parts').select('number').execute()).toEqual([]);
      const forged = `wbs1.k1.${'A'.repeat(60)}`;
      await db.insertInto('settings').values({ key: 'x', value: forged }).execute();
      expect((await db.selectFrom('settings').select('value').where('key', '=', 'x').executeTakeFirst())?.value).toBe(forged);
    } finally {
      await forget(database);
      await database.close();
    }
  });
});

it('what is no envelope is never taken for one, and the form alone opens nothing', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^wb[sl]1\.[\w-]{0,40}\.?[\w-]{0,60}$/), (text) => {
      const ours = sealingKey('k1', Buffer.alloc(32, 4));
      expect(isSealed(seal(ours, text))).toBe(true);
      expect(isSealed(text)).toBe(/^wb[sl]1\.[^.]{1,32}\..{38,}$/.test(text));
    }),
  );
});
