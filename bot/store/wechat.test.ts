import { expect, test } from 'vitest';
import { appendActivities } from './activities.ts';
import { acceptMessage, finishInbox } from './inbox.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';
import {
  bindWechatPhone,
  forgetWechatCitizen,
  meetWechatCitizen,
  seeWechatCitizen,
  takeWechatQuota,
  wechatCitizensOf,
} from './wechat-citizens.ts';
import {
  claimWechatDelivery,
  keepWechatDelivery,
  requeueKeptWechat,
  settleWechatDelivery,
  undeliveredWechat,
  wasToldWechat,
  wechatStateOf,
} from './wechat-deliveries.ts';
import { acceptedEarlier, countWechatPush, pruneWechatPushes, turnIsOver } from './wechat-pushes.ts';
import { listWechatDeliveries, retryWechatDelivery } from './wechat-reports.ts';
import { askedBefore, saidSince } from './wechat-talk.ts';
import { claimWechatRefresh, findWechatToken, saveWechatToken } from './wechat-tokens.ts';
import { findWechatyLogin, saveWechatyLogin } from './wechaty-login.ts';

onEachEngine('WeChat', (store) => {
  const times = { now: 1000, leaseUntil: 2000 };
  async function said(): Promise<{ activityId: string; conversationId: string; seq: number; account: string }> {
    const { database, db } = store();
    await makeConversation(db);
    const [logged] = await database.transaction((tx) =>
      appendActivities(tx, 'c1', [{ type: 'message', from: { id: 'wenban', role: 'bot' }, text: 'hello' }], 1000),
    );
    return { activityId: logged?.id ?? '', conversationId: 'c1', seq: logged?.seq ?? 0, account: 'oa:default' };
  }

  test('of many who claim a message at once, in two processes, one gets it; after its lease another may', async () => {
    const key = await said();
    const other = (await store().another()).db;
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, i) => claimWechatDelivery(i % 2 ? store().db : other, key, times, true)),
    );
    expect(claims.filter((claim) => typeof claim === 'object')).toEqual([{ part: 0, attempts: 0 }]);
    expect(claims.filter((claim) => claim === 'busy')).toHaveLength(11);
    expect(await claimWechatDelivery(other, key, { now: 2000, leaseUntil: 3000 }, false)).toEqual({ part: 0, attempts: 0 });
    await settleWechatDelivery(other, key.activityId, { state: 'sent', route: 'message', part: 1 }, 2100);
    expect(await claimWechatDelivery(store().db, key, { now: 9000, leaseUntil: 9999 }, true)).toBe('over');
  });

  test('what is kept is offered to a response, and goes back to the outbox when messages are allowed again', async () => {
    const { database, db } = store();
    const key = await said();
    await keepWechatDelivery(db, key, 1000);
    expect(await claimWechatDelivery(db, key, times, false)).toBe('over');
    expect((await undeliveredWechat(db, 'c1')).map(({ activity, kept }) => [activity.text, kept])).toEqual([['hello', true]]);
    await database.transaction((tx) => requeueKeptWechat(tx, 'c1', 1500));
    expect(await wechatStateOf(db, key.activityId)).toBe('queued');
    // Somebody who is sending it is not disturbed.
    await claimWechatDelivery(db, key, times, false);
    await keepWechatDelivery(db, key, 1600);
    expect(await wechatStateOf(db, key.activityId)).toBe('sending');
  });

  test('of the log only what was said since the citizen spoke is read, and who spoke before', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const says = (role: 'bot' | 'user', text: string, type: 'message' | 'conversationUpdate' = 'message') => ({
      type,
      from: { id: role, role },
      text,
    });
    const words = async (count: number) => (await saidSince(db, 'c1', count)).map(({ text }) => text);
    const append = (...said: ReturnType<typeof says>[]) => database.transaction((tx) => appendActivities(tx, 'c1', said, 1000));
    await append(says('user', 'joins', 'conversationUpdate'), says('bot', 'hello'));
    expect(await words(9)).toEqual(['joins', 'hello']);
    expect(await askedBefore(db, 'c1', 2, 9)).toMatchObject({ type: 'conversationUpdate', seq: 1 });
    await append(says('user', 'asks'), says('bot', 'one'), says('bot', 'two'));
    expect(await words(9)).toEqual(['one', 'two']);
    expect(await words(1)).toEqual(['two']);
    expect(await askedBefore(db, 'c1', 5, 9)).toMatchObject({ text: 'asks', seq: 3 });
    expect(await askedBefore(db, 'c1', 5, 1)).toBeUndefined();
  });

  test('a turn is over when its message waits no more', async () => {
    const { database, db } = store();
    await makeConversation(db);
    const activity = { type: 'message' as const, from: { id: 'u', role: 'user' as const }, text: 'asks' };
    const message = { channel: 'wechat-oa', messageId: 'm1', conversationId: 'c1', activity };
    const { inboxId, seq } = await database.transaction((tx) => acceptMessage(tx, message, 1000));
    expect(await turnIsOver(db, 'c1', seq)).toBe(false);
    expect(await acceptedEarlier(db, ['wechat-oa', 'wechat-mp'], 'm1')).toEqual({ conversationId: 'c1', seq });
    await finishInbox(db, inboxId, 1100);
    expect(await turnIsOver(db, 'c1', seq)).toBe(true);
  });

  test('staff find what has not arrived, and send again what was given up, once', async () => {
    const { database, db } = store();
    const key = await said();
    await claimWechatDelivery(db, key, times, false);
    await settleWechatDelivery(
      db,
      key.activityId,
      { state: 'kept', code: 45015, error: 'too late', told: 'sms', route: 'follow-up' },
      1100,
    );
    expect(await wasToldWechat(db, 'c1')).toBe(true);
    const list = (filter: object) => listWechatDeliveries(db, { limit: 10, ...filter });
    expect(await list({ states: ['kept'] })).toMatchObject([{ activityId: key.activityId, text: 'hello', code: 45015, told: 'sms' }]);
    expect(await list({ handedOver: true })).toEqual([]);
    expect(await list({ activityId: 'another' })).toEqual([]);
    const retry = () => database.transaction((tx) => retryWechatDelivery(tx, key.activityId, 2000));
    expect(await retry()).toBe(false);
    await settleWechatDelivery(db, key.activityId, { state: 'failed', code: 40164, error: 'no' }, 1200);
    expect(await wasToldWechat(db, 'c1')).toBe(false);
    expect([await retry(), await retry(), await wechatStateOf(db, key.activityId)]).toEqual([true, false, 'queued']);
  });

  test('the login of a puppet is what was noted last', async () => {
    const { db } = store();
    expect(await findWechatyLogin(db)).toBeUndefined();
    await saveWechatyLogin(db, { state: 'scan', qrcode: 'https://x', image: '<svg/>' }, 1000);
    await saveWechatyLogin(db, { state: 'online', qrcode: null, image: null }, 2000);
    expect(await findWechatyLogin(db)).toEqual({ state: 'online', qrcode: null, image: null, updatedAt: 2000 });
  });

  test('a phone belongs to who gave it, and goes with them', async () => {
    const { db } = store();
    const who = { account: 'mp:default', openid: 'm1', unionId: null, conversationId: 'c1' };
    expect((await meetWechatCitizen(db, who, 1000)).phone).toBeNull();
    await bindWechatPhone(db, who.account, who.openid, '+8613800001111');
    expect((await wechatCitizensOf(db, 'c1')).map(({ phone }) => phone)).toEqual(['+8613800001111']);
    await forgetWechatCitizen(db, who.account, who.openid);
    expect(await wechatCitizensOf(db, 'c1')).toEqual([]);
  });

  test('an allowance is never overdrawn, however many take from it at once', async () => {
    const { db } = store();
    const who = { account: 'oa:default', openid: 'o1', unionId: null, conversationId: 'c1' };
    await Promise.all([meetWechatCitizen(db, who, 1000), meetWechatCitizen(db, { ...who, conversationId: 'c2' }, 1000)]);
    await seeWechatCitizen(db, who.account, who.openid, { left: 5, until: 5000 }, 1000);
    const taken = await Promise.all(Array.from({ length: 9 }, () => takeWechatQuota(db, who.account, who.openid, 2000)));
    expect(taken.filter((left) => left !== undefined).sort()).toEqual([0, 1, 2, 3, 4]);
    await seeWechatCitizen(db, who.account, who.openid, { left: 5, until: 5000 }, 3000);
    expect(await takeWechatQuota(db, who.account, who.openid, 5000)).toBeUndefined();
  });

  test('one person at two accounts has one conversation', async () => {
    const { db } = store();
    const first = await meetWechatCitizen(db, { account: 'oa:default', openid: 'o1', unionId: 'u', conversationId: 'c1' }, 1000);
    const second = await meetWechatCitizen(db, { account: 'mp:default', openid: 'm1', unionId: 'u', conversationId: 'c2' }, 2000);
    expect([first.conversationId, second.conversationId]).toEqual(['c1', 'c1']);
  });

  test('one process at a time fetches a token, and only while nobody else has', async () => {
    const { db } = store();
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimWechatRefresh(db, 'wx1', undefined, 1000, 2000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await saveWechatToken(db, 'wx1', { token: 't1', expiresAt: 9000 });
    expect(await findWechatToken(db, 'wx1')).toEqual({ token: 't1', expiresAt: 9000 });
    expect(await claimWechatRefresh(db, 'wx1', undefined, 3000, 4000)).toBe(false);
    expect(await claimWechatRefresh(db, 'wx1', 't1', 3000, 4000)).toBe(true);
  });

  test('deliveries of a push are counted, and forgotten after an hour', async () => {
    const { db } = store();
    expect(await countWechatPush(db, 'oa:default', 'k', 1000)).toBe(1);
    expect(await countWechatPush(db, 'oa:default', 'k', 6000)).toBe(2);
    await pruneWechatPushes(db, 1000 + 3_600_001);
    expect(await countWechatPush(db, 'oa:default', 'k', 9_000_000)).toBe(1);
  });
});
