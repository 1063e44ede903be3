import { expect, test } from 'vitest';
import { cannedRepliesFor, deleteCannedReply, seedCannedReplies } from './canned-replies.ts';
import { createConversation } from './conversations.ts';
import type { Db } from './database.ts';
import { earlierConversations, isSamePerson } from './same-person.ts';
import { saveSmsSession } from './sms-sessions.ts';
import { addStaff } from './staff.ts';
import { setShownName, shownNameOf } from './staff-names.ts';
import { onEachEngine } from './testing/engines.ts';

async function talk(db: Db, id: string, channel: string, userId: string, now: number): Promise<void> {
  await createConversation(db, { id, channel, userId, locale: 'zh-CN' }, now);
  await db.updateTable('conversations').set({ last_seq: 5, updated_at: now }).where('id', '=', id).execute();
}
const wechat = (db: Db, account: string, openid: string, union: string | null, phone: string | null, conversation: string) =>
  db
    .insertInto('wechat_citizens')
    .values({
      account,
      openid,
      union_id: union,
      phone,
      conversation_id: conversation,
      quota_left: 0,
      quota_until: 0,
      last_seen_at: 1,
      created_at: 1,
    })
    .execute();

onEachEngine('one person on several channels', (store) => {
  test('is found by account, union id and bound number, newest first; a shared first name or a stranger is not', async () => {
    const { db } = store();
    await talk(db, 'oa', 'wechat-oa', 'wx-1', 10);
    await talk(db, 'mp', 'wechat-mp', 'wx-2', 20);
    await talk(db, 'sms', 'sms', 'sms-a', 30);
    await talk(db, 'sms-before', 'sms', 'sms-a', 5);
    await talk(db, 'other', 'web', 'wx-1', 40);
    await wechat(db, 'oa:hall', 'o1', 'u1', null, 'oa');
    await wechat(db, 'mp:hall', 'o2', 'u1', '+8613800000000', 'mp');
    const session = { phone: '+8613800000000', port: '1069', generation: 1, locale: 'zh-CN', lastInAt: 1 };
    await saveSmsSession(db, { ...session, conversationId: 'sms' });
    const ids = async (id: string) => (await earlierConversations(db, id, 20)).map(({ conversationId }) => conversationId);
    expect(await ids('mp')).toEqual(['sms', 'oa', 'sms-before']);
    expect(await ids('oa')).toEqual(['mp']);
    expect(await ids('sms')).toEqual(['mp', 'sms-before']);
    expect(await ids('other')).toEqual([]);
    expect(await isSamePerson(db, 'mp', 'sms')).toBe(true);
    expect(await isSamePerson(db, 'mp', 'other')).toBe(false);
    expect(await isSamePerson(db, 'mp', 'mp')).toBe(false);
    expect(await earlierConversations(db, 'nowhere', 20)).toEqual([]);
  });

  test('names citizens see: numbers in the order of asking, never twice; what was chosen stays until it is given up', async () => {
    const { db } = store();
    for (const name of ['li', 'wang', 'sun']) await addStaff(db, { name, role: 'agent', passwordHash: '' }, 1);
    const shown = await Promise.all(['li', 'wang', 'sun'].map(async (name) => (await shownNameOf(db, name)).shown));
    expect(shown.toSorted()).toEqual(['人工客服01', '人工客服02', '人工客服03']);
    expect((await setShownName(db, 'li', '小李')).shown).toBe('小李');
    expect((await shownNameOf(db, 'li')).standard).toBe(shown[0]);
    expect((await setShownName(db, 'li', null)).shown).toBe(shown[0]);
    expect((await shownNameOf(db, 'nobody')).shown).toBe('人工客服');
  });

  test('canned replies of a pack come in once: what was thrown away stays away', async () => {
    const { db } = store();
    const words = [{ title: '问候', text: '您好', shortcut: 'wh' }];
    expect(await seedCannedReplies(db, 'anlan', words, 1)).toBe(true);
    expect(await cannedRepliesFor(db, 'li')).toMatchObject([{ id: 'anlan-01', owner: null, title: '问候' }]);
    await deleteCannedReply(db, 'anlan-01');
    expect(await seedCannedReplies(db, 'anlan', words, 2)).toBe(false);
    expect(await cannedRepliesFor(db, 'li')).toEqual([]);
  });
});
