import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultCalendars } from '../../bot/calendar/calendars.ts';
import { submitRating } from '../../bot/ratings/submit.ts';
import { type OpenDatabase, openDatabase } from '../../bot/store/database.ts';
import { noteDemand } from '../../bot/store/demands.ts';
import { makeConversation, onEachEngine } from '../../bot/store/testing/engines.ts';
import { listDeliveries, reviveDelivery } from '../../bot/store/webhook-deliveries.ts';
import { listWebhooks, switchWebhook } from '../../bot/store/webhooks.ts';
import { tellOfDemand } from '../../bot/webhooks/events.ts';
import { createWebhook, OLD_SECRET_MS, rotateSecret, type WebhookRequest } from '../../bot/webhooks/subscriptions.ts';
import { WorkOrders } from '../../bot/work-orders/work-orders.ts';
import { AddressGuard } from './address.ts';
import { postJson } from './post.ts';
import { pauses, WebhookSender } from './sender.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';

const DAY = 86_400_000;
const guard = new AddressGuard(['127.0.0.0/8']);

onEachEngine('[R-127] what departments are told', (store) => {
  let receiver: Receiver;
  let clock = 0;
  let ids = 0;
  let database: OpenDatabase;
  const failures: string[] = [];
  const now = () => clock;
  const newId = () => `id-${++ids}`;
  const tools = () => ({ database, now, newId, randomBytes });

  beforeEach(async () => {
    receiver = await startReceiver();
    clock = Date.parse('2026-03-02T01:00:00Z');
    ids = 0;
    failures.length = 0;
    const keys = ['k1', 'lookup'].map((id, index) => ({ id, secret: Buffer.alloc(32, index + 7).toString('base64') }));
    // On PostgreSQL nothing is sealed without keys, and then there are no webhooks.
    database = store().database.sealing ? store().database : await openDatabase({ ...store().place.config, dataKeys: keys });
    await makeConversation(database.db);
  });
  afterEach(async () => {
    receiver.close();
    if (database !== store().database) await database.close();
  });

  const sender = (place: OpenDatabase = database) =>
    new WebhookSender({
      database: place,
      now,
      random: () => 0,
      post: (url, body, headers) => postJson(url, body, headers, { guard, timeoutMs: 5000, ca: receiver.cert }),
      onError: (error) => failures.push((error as Error).message),
    });
  const subscribe = async (request: Partial<WebhookRequest> = {}) => {
    const hook = await createWebhook(tools(), { url: receiver.url, kinds: ['demand', 'order', 'follow_up', 'rating'], ...request }, 'boss');
    receiver.trust = { secret: hook.secret, now: clock };
    return hook;
  };
  const orders = () =>
    new WorkOrders({
      database,
      calendars: defaultCalendars(),
      now,
      newId,
      newCode: () => '4711',
      departments: new Set(['民政局', '公安局']),
      tell: async () => () => undefined,
    });
  const matter = {
    title: '路灯坏了 13800138000',
    detail: '我叫王小明，身份证 11010519491231002X，电话 13800138000',
    citizenKey: 'web:u1',
    channel: 'web',
    conversationId: 'c1',
    phone: '13800138000',
  };
  const admin = { kind: 'admin', name: 'boss' } as const;
  const rate = (score: number, comment?: string) =>
    database.transaction((tx) => submitRating(tx, { conversationId: 'c1', channel: 'web', value: { score, comment }, now: clock }));

  it('demand, order, follow-up and rating arrive signed, in order, without anything that names a citizen', async () => {
    await subscribe();
    await database.transaction(async (tx) => {
      const demand = {
        conversationId: 'c1',
        inboxId: 1,
        type: 'help',
        domain: 'civil',
        department: '民政局',
        confidence: 0.9,
        createdAt: clock,
      } as never;
      if (await noteDemand(tx, demand, undefined)) await tellOfDemand(tx, demand, 'web');
      // The same again is no news.
      if (await noteDemand(tx, demand, demand)) await tellOfDemand(tx, demand, 'web');
    });
    const order = await orders().create(matter, admin);
    await orders().act(order.id, { action: 'dispatch', department: '民政局' }, admin);
    await orders().act(order.id, { action: 'handle', note: '已派人' }, admin);
    await orders().act(order.id, { action: 'answer', reply: '修好了，王小明您看看', note: 'x', resolution: 'solved' } as never, admin);
    await rate(5, '谢谢 13800138000');
    expect(await sender().sweep()).toBeGreaterThanOrEqual(5);
    expect(receiver.received.every(({ genuine }) => genuine)).toBe(true);
    const types = receiver.received.map(({ event }) => event.type);
    expect(types.filter((type) => type.startsWith('order.'))).toEqual(['order.receive', 'order.dispatch', 'order.handle', 'order.answer']);
    expect(types.filter((type) => type === 'demand.noted')).toHaveLength(1);
    expect(types).toContain('rating.given');
    const said = receiver.received.map(({ text }) => text).join('\n');
    for (const secret of ['13800138000', '王小明', '11010519491231002X', '路灯', '谢谢', 'u1', '"c1"', '4711'])
      expect([secret, said.includes(secret)]).toEqual([secret, false]);
    expect(receiver.received.find(({ event }) => event.type === 'order.dispatch')?.event.data).toMatchObject({
      number: order.number,
      state: 'dispatched',
      department: '民政局',
      sequence: 2,
    });
    // The log keeps no content.
    expect((await listDeliveries(database.db, { limit: 50 })).every(({ status, body }) => status === 'sent' && body === '')).toBe(true);
  });

  it('an order’s words go along only where that was asked for, identifiers masked', async () => {
    await subscribe({ fields: 'matter', kinds: ['order'] });
    await orders().create(matter, admin);
    await sender().sweep();
    const { title, detail } = receiver.received[0]?.event.data ?? {};
    expect(title).toContain('路灯坏了');
    expect(`${title}${detail}`).not.toMatch(/13800138000|11010519491231002X/);
  });

  it('a department gets what is its own; one that is accused hears nothing of it', async () => {
    await subscribe({ department: '民政局', kinds: ['order'] });
    const { id } = await orders().create(matter, admin);
    expect(await sender().sweep()).toBe(0);
    await orders().act(id, { action: 'dispatch', department: '民政局' }, admin);
    const accusing = await orders().create({ ...matter, title: '民政局工作人员索要红包', detail: '民政局窗口的人收红包、吃拿卡要' }, admin);
    expect(accusing.accused).toEqual(['民政局']);
    await sender().sweep();
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['order.dispatch']);
  });

  it('what fails is tried again under the same id, later ones of the same matter wait, other matters do not', async () => {
    await subscribe({ kinds: ['order'] });
    const order = await orders().create(matter, admin);
    receiver.answers.push(500);
    await sender().sweep();
    await orders().act(order.id, { action: 'dispatch', department: '民政局' }, admin);
    const other = await orders().create(matter, admin);
    await sender().sweep();
    const numbers = () => receiver.received.map(({ event }) => [event.data.number, event.type]);
    expect(numbers()).toEqual([
      [order.number, 'order.receive'],
      [other.number, 'order.receive'],
    ]);
    clock += pauses[0] ?? 0;
    receiver.trust.now = clock;
    await sender().sweep();
    expect(numbers().slice(2)).toEqual([
      [order.number, 'order.receive'],
      [order.number, 'order.dispatch'],
    ]);
    expect(receiver.received[0]?.id).toBe(receiver.received[2]?.id);
    // Signed anew: the first attempt's time would be refused by now.
    expect(receiver.received.every(({ genuine }) => genuine)).toBe(true);
    expect(failures).toEqual(['the receiver answered 500']);
  });

  it('a receiver that asks for patience is given it', async () => {
    await subscribe({ kinds: ['order'] });
    await orders().create(matter, admin);
    receiver.answers.push(429);
    await sender().sweep();
    const [waiting] = await listDeliveries(database.db, { limit: 1 });
    expect([waiting?.code, (waiting?.nextAt ?? 0) - clock]).toEqual([429, 7_200_000]);
  });

  it('given up after two days, it waits for an administrator, who sends it again under the same id', async () => {
    await subscribe({ kinds: ['order'] });
    const order = await orders().create(matter, admin);
    for (const pause of [0, ...pauses]) {
      clock += pause;
      receiver.answers.push(503);
      await sender().sweep();
    }
    const [dead] = await listDeliveries(database.db, { status: 'dead', limit: 5 });
    expect(dead).toMatchObject({ attempts: pauses.length + 1, code: 503, error: 'the receiver answered 503' });
    expect(clock - (dead?.createdAt ?? 0)).toBeGreaterThan(2 * DAY);
    // Later news of the order is not held up for ever.
    await orders().act(order.id, { action: 'dispatch', department: '民政局' }, admin);
    expect(await sender().sweep()).toBe(1);
    expect(await reviveDelivery(database.db, dead?.id ?? 0, clock)).toBe(true);
    expect(await reviveDelivery(database.db, dead?.id ?? 0, clock)).toBe(false);
    expect(await sender().sweep()).toBe(1);
    expect(receiver.received.at(-1)?.id).toBe(dead?.eventId);
    clock += 31 * DAY;
    expect(await sender().prune()).toBe(2);
  });

  it('410 switches it off: what waits stays, and goes out when somebody switches it on', async () => {
    const { id } = await subscribe({ kinds: ['order'] });
    await orders().create(matter, admin);
    receiver.answers.push(410);
    await sender().sweep();
    expect(await listWebhooks(database.db)).toMatchObject([{ state: 'off', note: expect.stringContaining('410') }]);
    expect(await sender().sweep()).toBe(0);
    await switchWebhook(database.db, id, 'on', null);
    expect(await sender().sweep()).toBe(1);
  });

  it('several processes at once send each thing once', async () => {
    await subscribe({ kinds: ['order'] });
    for (let n = 0; n < 8; n++) await orders().create(matter, admin);
    await Promise.all([sender(), sender(), sender()].map((one) => one.sweep()));
    await sender().sweep();
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(8);
    expect(receiver.received).toHaveLength(8);
  });

  it('a secret is exchanged without a gap: for a day either one verifies, then only the new one', async () => {
    const { id, secret: old } = await subscribe({ kinds: ['order'] });
    const fresh = (await rotateSecret(tools(), id)) ?? '';
    const genuineWith = async (secret: string) => {
      receiver.trust = { secret, now: clock };
      await orders().create(matter, admin);
      await sender().sweep();
      return receiver.received.at(-1)?.genuine;
    };
    expect([await genuineWith(old), await genuineWith(fresh)]).toEqual([true, true]);
    clock += OLD_SECRET_MS;
    expect([await genuineWith(old), await genuineWith(fresh)]).toEqual([false, true]);
  });

  it('secrets and what waits are sealed in the database; without keys there are no webhooks', async () => {
    const { secret } = await subscribe({ kinds: ['order'] });
    await orders().create(matter, admin);
    const raw = await database.sealing?.plain.selectFrom('webhooks').select('secrets_json').executeTakeFirst();
    const waiting = await database.sealing?.plain.selectFrom('webhook_deliveries').select('body_json').executeTakeFirst();
    expect([raw?.secrets_json.startsWith('wbs1.'), waiting?.body_json.startsWith('wbs1.')]).toEqual([true, true]);
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const unsealed = { ...database, sealing: undefined };
    await expect(createWebhook({ ...tools(), database: unsealed }, { url: receiver.url, kinds: ['order'] }, 'boss')).rejects.toThrow(
      'DATA_KEYS',
    );
  });

  it.each(['http://a.example/', 'https://user:pass@a.example/', 'ftp://a.example', 'https://a.example/#x', 'nonsense'])(
    '%s is no address for it',
    async (url) => {
      await expect(subscribe({ url })).rejects.toThrow();
    },
  );
});
