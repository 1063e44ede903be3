import { expect, test } from 'vitest';
import { createConversation } from './conversations.ts';
import {
  claimSms,
  dueSms,
  findSms,
  lastWithMenu,
  postponeSms,
  queueSms,
  settleSms,
  smsSince,
  smsStates,
  suppressSms,
} from './sms-messages.ts';
import { dropConsent, giveConsent, optOut, smsNumber } from './sms-numbers.ts';
import { findPage, forgetPages, keepPage } from './sms-pages.ts';
import { forgetGroups, keepPart, moveGroup, overdueGroups } from './sms-parts.ts';
import { purgeSms } from './sms-purge.ts';
import { slowDownRate, takeRate } from './sms-rate.ts';
import { hasReceipt, recordReceipt, recordSubmission } from './sms-receipts.ts';
import {
  endSmsSession,
  findSmsSession,
  lastRatingAsked,
  noteRatingAsked,
  saveSmsSession,
  silentSmsSessions,
  smsSessionOf,
} from './sms-sessions.ts';
import { onEachEngine } from './testing/engines.ts';

const now = 1_772_000_000_000;
const phone = '+8613800000001';
const row = (key: string, fields: object = {}) => ({
  key,
  phone,
  port: '12',
  conversationId: null,
  class: 'reply' as const,
  draft: { text: key },
  segments: 2,
  expiresAt: now + 1000,
  ...fields,
});

onEachEngine('the SMS tables', (store) => {
  test('a number is opted out once, and consent takes it back', async () => {
    const { db } = store();
    expect(await smsNumber(db, phone)).toEqual({ optedOutAt: null, consentAt: null, consentSource: null });
    expect([await optOut(db, phone, now), await optOut(db, phone, now + 1)]).toEqual([true, false]);
    await giveConsent(db, phone, 'form', now + 2);
    expect(await smsNumber(db, phone)).toEqual({ optedOutAt: null, consentAt: now + 2, consentSource: 'form' });
    await dropConsent(db, phone, now + 3);
    expect((await smsNumber(db, phone)).consentAt).toBeNull();
  });

  test('messages are queued once, due in order per number and class, replies first, and claimed by one', async () => {
    const { db } = store();
    const rows = [
      row('n', { class: 'notice' }),
      row('a', { menu: { kind: 'rating' }, rest: ['x'] }),
      row('b'),
      row('c', { phone: '+15550001111', dueAt: now + 5 }),
    ];
    for (const one of rows) expect(await queueSms(db, one, now)).toBe(true);
    expect(await queueSms(db, row('a', { segments: 9 }), now)).toBe(false);
    const keys = async (at: number) => (await dueSms(db, at, 10)).map((one) => one.key);
    expect([await keys(now), await keys(now + 5)]).toEqual([
      ['a', 'n'],
      ['a', 'c', 'n'],
    ]);
    const [a] = await dueSms(db, now, 10);
    if (!a) throw new Error('nothing is due');
    expect(a).toMatchObject({ draft: { text: 'a' }, menu: { kind: 'rating' }, rest: ['x'], segments: 2, attempts: 0 });
    expect(
      await Promise.all([claimSms(db, a, 'cmpp', now + 9), claimSms(db, a, 'cmpp', now + 9)]).then((won) => won.filter(Boolean)),
    ).toHaveLength(1);
    expect(await keys(now)).toEqual(['n']);
    // Nobody came back: it is due again, as a message whose fate is unknown.
    expect((await dueSms(db, now + 9, 10)).find((one) => one.key === 'a')).toMatchObject({
      status: 'sending',
      provider: 'cmpp',
      attempts: 1,
    });
    await settleSms(db, a.id, { status: 'accepted', acceptedAt: now });
    await settleSms(db, a.id, { status: 'failed' });
    expect((await findSms(db, 'a'))?.status).toBe('accepted');
    expect(await lastWithMenu(db, phone, '12')).toMatchObject({ key: 'a' });
    expect([await smsSince(db, now), await smsSince(db, now + 1), await smsSince(db, now, '+1')]).toEqual([
      { messages: 1, segments: 2 },
      { messages: 0, segments: 0 },
      { messages: 0, segments: 0 },
    ]);
    const [b] = await dueSms(db, now, 10);
    if (!b) throw new Error('nothing is due');
    await postponeSms(db, b, now + 3);
    expect(await keys(now)).toEqual(['n']);
    await suppressSms(db, phone, 'n', now);
    expect(await smsStates(db)).toEqual({ accepted: 1, suppressed: 1, pending: 2 });
  });

  test('receipts may come first, twice and in any order; a message is what its parts are', async () => {
    const { db, database } = store();
    await queueSms(db, row('a'), now);
    const { id = 0 } = (await findSms(db, 'a')) ?? {};
    const receipt = (providerId: string, state: 'sent' | 'delivered' | 'failed', code: string | null = null) =>
      database.transaction((tx) => recordReceipt(tx, { provider: 'cmpp', providerId, state, code }, now));
    await receipt('2', 'delivered', 'DELIVRD');
    await database.transaction((tx) => recordSubmission(tx, { messageId: id, provider: 'cmpp', providerIds: ['1', '2'] }, now));
    const status = async () => (await findSms(db, 'a'))?.status;
    expect(await status()).toBe('sent');
    await receipt('2', 'sent');
    await receipt('1', 'delivered');
    await receipt('1', 'failed');
    expect([await status(), await hasReceipt(db, 'cmpp', '1'), await hasReceipt(db, 'cmpp', '3')]).toEqual(['delivered', true, false]);
    await queueSms(db, row('b'), now);
    const { id: other = 0 } = (await findSms(db, 'b')) ?? {};
    await database.transaction((tx) => recordSubmission(tx, { messageId: other, provider: 'cmpp', providerIds: ['7', '8'] }, now));
    await receipt('7', 'delivered');
    await receipt('8', 'failed', 'UNDELIV');
    expect(await findSms(db, 'b')).toMatchObject({ status: 'failed', code: 'UNDELIV' });
  });

  test('parts are kept once; a reused reference begins anew', async () => {
    const { db, database } = store();
    const keep = (number: number, body: string, messageId = body, at = now) =>
      database.transaction((tx) => keepPart(tx, 'g', { number, total: 2, body, fmt: 8, messageId }, at));
    expect((await keep(2, 'bb')).parts).toHaveLength(1);
    expect((await keep(2, 'bb')).parts).toHaveLength(1);
    expect(await keep(1, 'aa')).toMatchObject({ parts: [{ number: 1 }, { number: 2 }], state: 'open' });
    expect(await overdueGroups(db, now + 1)).toEqual(['g']);
    expect([await moveGroup(db, 'g', ['open'], 'done'), await moveGroup(db, 'g', ['open'], 'done')]).toEqual([true, false]);
    expect((await keep(1, 'aa')).state).toBe('done');
    expect(await keep(1, 'cc', 'new', now + 5)).toMatchObject({ parts: [{ body: 'cc' }], state: 'open' });
    await forgetGroups(db, now + 6);
    expect(await overdueGroups(db, now + 99)).toEqual([]);
  });

  test('sessions end once, unless the citizen wrote meanwhile', async () => {
    const { db } = store();
    for (const id of ['c1', 'c2']) await createConversation(db, { id, channel: 'sms', userId: 'u', locale: 'zh-CN' }, now);
    const session = { phone, port: '12', conversationId: 'c1', generation: 1, locale: 'zh-CN', lastInAt: now };
    await saveSmsSession(db, session);
    const [silent] = await silentSmsSessions(db, now + 1, 10);
    if (!silent) throw new Error('no session');
    await saveSmsSession(db, { ...session, lastInAt: now + 5 });
    expect(await endSmsSession(db, silent, now + 6)).toBe(false);
    const again = await findSmsSession(db, phone, '12');
    if (!again) throw new Error('no session');
    expect([await endSmsSession(db, again, now + 7), await endSmsSession(db, again, now + 7)]).toEqual([true, false]);
    expect(await lastRatingAsked(db, phone)).toBeNull();
    await noteRatingAsked(db, again, now + 8);
    await saveSmsSession(db, { ...session, conversationId: 'c2', generation: 2 });
    expect(await lastRatingAsked(db, phone)).toBe(now + 8);
    expect([await smsSessionOf(db, 'c1'), (await smsSessionOf(db, 'c2'))?.endedAt]).toEqual([undefined, null]);
  });

  test('a page has one code, which expires', async () => {
    const { db } = store();
    const codes = ['1', '1', '2', '3'];
    const keep = (messageKey: string) =>
      keepPage(db, { messageKey, phone, body: { a: 1 }, expiresAt: now + 10 }, () => codes.shift() ?? '', now);
    expect([await keep('m1'), await keep('m2'), await keep('m1')]).toEqual(['1', '2', '1']);
    expect([await findPage(db, '1', now), await findPage(db, '1', now + 10)]).toEqual([
      { code: '1', phone, body: { a: 1 }, expiresAt: now + 10 },
      undefined,
    ]);
    await forgetPages(db, now + 10);
    expect(await findPage(db, '1', now)).toBeUndefined();
  });

  test('what is due later holds nothing up, and comes when it is due', async () => {
    const { db } = store();
    for (const one of [row('later', { dueAt: now + 500 }), row('a'), row('b')]) await queueSms(db, one, now);
    const keys = async (at: number) => (await dueSms(db, at, 10)).map((one) => one.key);
    expect([await keys(now), await keys(now + 500)]).toEqual([['a'], ['later']]);
  });

  test('one rate for all processes: no second has more than the rate, whoever takes', async () => {
    const { database, another } = store();
    const other = await another();
    const rate = { name: 'all', perSecond: 5 };
    const take = (at: number, cost = 1, from = database) => from.transaction((tx) => takeRate(tx, rate, cost, at));
    const both = await Promise.all(Array.from({ length: 12 }, (_, index) => take(now, 1, index % 2 ? other : database)));
    expect(both.filter(Boolean)).toHaveLength(5);
    expect([await take(now + 999), await take(now + 1000, 3), await take(now + 1001, 3), await take(now + 1002, 2)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    // Hours without a message save nothing up; a long message goes when nothing else did, and is paid for after.
    const later = now + 3_600_000;
    const burst = [];
    for (let index = 0; index < 9; index++) burst.push(await take(later));
    expect(burst.filter(Boolean)).toHaveLength(5);
    expect([await take(later + 1000, 10), await take(later + 2999), await take(later + 3000)]).toEqual([true, false, true]);
    await database.transaction((tx) => slowDownRate(tx, rate, later + 10_000));
    expect(await take(later + 10_500, 1, other)).toBe(false);
    const slow = [];
    for (let index = 0; index < 5; index++) slow.push(await take(later + 11_001));
    expect(slow.filter(Boolean)).toHaveLength(2);
  });

  test('old messages go with their receipts, open ones stay; old consent of a silent number ends', async () => {
    const { db, database } = store();
    await queueSms(db, row('old'), now);
    await queueSms(db, row('open'), now);
    await queueSms(db, row('young'), now + 100);
    for (const key of ['old', 'young']) {
      const { id = 0 } = (await findSms(db, key)) ?? {};
      await database.transaction((tx) => recordSubmission(tx, { messageId: id, provider: 'cmpp', providerIds: [key] }, now));
    }
    await createConversation(db, { id: 'c1', channel: 'sms', userId: 'u', locale: 'zh-CN' }, now);
    for (const one of [phone, '+8613800000002', '+8613800000003']) await giveConsent(db, one, 'form', one.endsWith('3') ? now + 90 : now);
    await saveSmsSession(db, { phone, port: '', conversationId: 'c1', generation: 1, locale: 'zh-CN', lastInAt: now + 60 });
    expect(await purgeSms(db, now + 50, 10, now + 200)).toEqual({ messages: 1, consents: 1 });
    expect(await purgeSms(db, now + 50, 10, now + 200)).toEqual({ messages: 0, consents: 0 });
    expect([await findSms(db, 'old'), (await findSms(db, 'open'))?.key, (await findSms(db, 'young'))?.key]).toEqual([
      undefined,
      'open',
      'young',
    ]);
    expect([await hasReceipt(db, 'cmpp', 'old'), await hasReceipt(db, 'cmpp', 'young')]).toEqual([false, true]);
    const consents = await Promise.all([phone, '+8613800000002', '+8613800000003'].map((one) => smsNumber(db, one)));
    expect(consents.map((one) => one.consentAt !== null)).toEqual([true, false, true]);
  });
});
