import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../calendar/china-day.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { followUpCounts, openFollowUpOf } from '../store/work-orders-follow-ups.ts';
import { readFollowUpAnswer } from './follow-up-answer.ts';
import { isSampled } from './follow-ups.ts';
import { workOrderNumber } from './number.ts';
import type { WorkOrder } from './order.ts';
import { findWorkOrder, historyOf } from './repository.ts';
import { agent, answered, type Office, openOffice } from './testing/office.ts';

describe('[R-144] the sample', () => {
  const orders = Array.from({ length: 4000 }, (_, i) => ({ number: workOrderNumber(2026, i + 1), reopened: 0 }));
  const drawn = (seed: string, rate: number) => orders.filter((order) => isSampled(order, { seed, rate })).map(({ number }) => number);
  it('is the same for the same seed, another for another, and about as large as the rate says', () => {
    expect(drawn('2026-11', 0.2)).toEqual(drawn('2026-11', 0.2));
    expect(drawn('2026-11', 0.2)).not.toEqual(drawn('2026-12', 0.2));
    expect(drawn('2026-11', 0.2).length).toBeGreaterThan(700);
    expect(drawn('2026-11', 0.2).length).toBeLessThan(900);
    expect([drawn('x', 0).length, drawn('x', 1).length]).toEqual([0, 4000]);
  });
  it('a larger rate draws all that a smaller one drew', () => {
    const wide = new Set(drawn('2026-11', 0.5));
    expect(drawn('2026-11', 0.2).every((number) => wide.has(number))).toBe(true);
  });
});

describe('[R-137] reading an answer', () => {
  const cases: [string, string[]][] = [
    [
      'resolved',
      [
        '1',
        '１',
        '解决了',
        '已经解决了，谢谢',
        '办好了',
        '都修好了！',
        '满意',
        '很满意，谢谢你们',
        '可以了',
        '好了',
        '嗯',
        '是的',
        '已解决',
        '路灯修好了，点赞',
        'solved',
        '问题处理好了，感谢',
        '已恢复正常',
        '非常满意',
      ],
    ],
    [
      'unresolved',
      [
        '2',
        '没解决',
        '没有解决',
        '还没解决',
        '没有',
        '还没有',
        '不满意',
        '根本没人来',
        '没人联系我',
        '还是不亮',
        '修了又坏了',
        '没用',
        '敷衍了事',
        '未解决',
        '没给我解决',
        '问题依旧存在，没处理',
        '白说了',
        'not solved',
        '没有任何人联系过我',
        '水还是漏',
        '并没有解决',
      ],
    ],
    ['refused', ['不想评价', '别发了', '请勿打扰', '退订']],
    [
      'nothing',
      [
        '解决了吗',
        '身份证丢了怎么办',
        '公积金怎么提取？',
        '你们几点上班',
        '转人工',
        '',
        '3',
        '我想问一下居住证',
        '什么时候能解决',
        '孩子入学没有房产证怎么办？',
      ],
    ],
  ];
  it.each(cases.flatMap(([verdict, texts]) => texts.map((text) => [text, verdict])))('%s → %s', (text, verdict) => {
    expect(readFollowUpAnswer(text, true) ?? 'nothing').toBe(verdict);
  });
  it.each(['1', '2', '好的', '没有', '嗯', '退订'])('%s alone answers only a question that is open', (text) => {
    expect(readFollowUpAnswer(text, false)).toBeUndefined();
  });
});

let office: Office;
let order: WorkOrder;

onEachEngine('follow-ups', (store) => {
  beforeEach(async () => {
    office = openOffice(store().database, { rate: 1 });
    await office.arrive('c1');
    order = await office.take();
  });
  const now = async () => findWorkOrder(store().db, { id: order.id });
  /** Answered, agreed by silence, closed. */
  const closed = async () => {
    await answered(office, order.id);
    office.clock.now += 4 * DAY_MS;
    await office.sweep();
    expect((await now())?.state).toBe('closed');
    return office.clock.now;
  };
  /** Goes on hour by hour until the citizen is asked. */
  const asked = async () => {
    const end = await closed();
    for (let hour = 0; hour < 80 && (await openFollowUpOf(store().db, 'c1')) === undefined; hour++) {
      office.clock.now += 3_600_000;
      await office.followUps.sweep(office.onError);
    }
    return office.clock.now - end;
  };

  it('[R-144] the citizen is asked within three days of closing, by day, in their own conversation', async () => {
    expect(await asked()).toBeLessThanOrEqual(3 * DAY_MS);
    const hour = new Date(office.clock.now + 8 * 3_600_000).getUTCHours();
    expect(hour).toBeGreaterThanOrEqual(9);
    expect(hour).toBeLessThanOrEqual(21);
    expect((await office.told()).at(-1)).toBe(
      `回访：您反映的“路灯不亮”（工单 ${order.number}）已经办结，问题解决了吗？解决了请回复 1 或“解决了”，没有解决请回复 2 或“没解决”。不方便可以不回复。`,
    );
  });

  it('several processes ask once', async () => {
    await closed();
    office.clock.now += 2 * DAY_MS;
    const second = openOffice(await store().another());
    second.clock.now = office.clock.now;
    await Promise.all([office, second, office].map((one) => one.followUps.sweep(one.onError)));
    expect((await office.told()).filter((text) => text.startsWith('回访'))).toHaveLength(1);
  });

  it('[R-137] 解决了 is followed up and closed', async () => {
    await asked();
    expect(await office.followUps.answer('c1', '解决了，谢谢')).toMatchObject({
      verdict: 'resolved',
      reply: expect.stringContaining('太好了'),
    });
    await office.sweep();
    expect(await now()).toMatchObject({ state: 'closed', followUp: 'resolved', reopened: 0 });
    expect((await historyOf(store().db, order.id)).map(({ action }) => action).slice(-3)).toEqual(['close', 'follow_up', 'close']);
    expect(await followUpCounts(store().db, 0)).toEqual([{ status: 'answered', verdict: 'resolved', count: 1 }]);
    expect(await office.followUps.answer('c1', '解决了')).toBeUndefined();
  });

  it('[R-137] 没解决 reopens the order with a new limit', async () => {
    await asked();
    expect(await office.followUps.answer('c1', '没有，灯还是不亮')).toMatchObject({
      verdict: 'unresolved',
      reply: expect.stringContaining('重新办理'),
    });
    expect(await now()).toMatchObject({ state: 'received', reopened: 1, followUp: 'unresolved', startedAt: office.clock.now });
    await answered(office, order.id, '这次真的修好了');
    expect((await now())?.state).toBe('answered');
  });

  it('another matter is no answer; silence is written down and nobody asks twice', async () => {
    await asked();
    expect(await office.followUps.answer('c1', '身份证丢了怎么办')).toBeUndefined();
    office.clock.now += 4 * DAY_MS;
    await office.followUps.sweep(office.onError);
    await office.sweep();
    expect(await now()).toMatchObject({ state: 'closed', followUp: 'no_answer' });
    office.clock.now += 4 * DAY_MS;
    await office.followUps.sweep(office.onError);
    expect((await office.told()).filter((text) => text.startsWith('回访'))).toHaveLength(1);
    expect(office.errors).toEqual([]);
  });

  it('[R-144] a channel or citizen that allows none is not asked', async () => {
    office.refusing.add('c1');
    await closed();
    office.clock.now += 2 * DAY_MS;
    await office.followUps.sweep(office.onError);
    expect((await office.told()).some((text) => text.startsWith('回访'))).toBe(false);
    expect(await followUpCounts(store().db, 0)).toEqual([{ status: 'refused', verdict: null, count: 1 }]);
  });

  it('[R-144] found late at night, it waits for the morning', async () => {
    await closed();
    const day = Math.floor((office.clock.now + 2 * DAY_MS) / DAY_MS) * DAY_MS;
    // two in the night by China's clock
    office.clock.now = day - 6 * 3_600_000;
    await office.followUps.sweep(office.onError);
    expect((await office.told()).some((text) => text.startsWith('回访'))).toBe(false);
    office.clock.now = day + 2 * 3_600_000;
    await office.followUps.sweep(office.onError);
    expect((await office.told()).filter((text) => text.startsWith('回访'))).toHaveLength(1);
  });

  it('a server that was down past the third day does not ask any more', async () => {
    await closed();
    office.clock.now += 5 * DAY_MS;
    await office.followUps.sweep(office.onError);
    expect((await office.told()).some((text) => text.startsWith('回访'))).toBe(false);
  });

  it('an answer that waits for agreement is confirmed or reopened by the citizen’s words, and only by clear ones', async () => {
    await answered(office, order.id);
    expect(await office.followUps.answer('c1', '好的')).toBeUndefined();
    expect(await office.followUps.answer('c1', '没解决，还是不亮')).toMatchObject({ verdict: 'unresolved' });
    expect(await now()).toMatchObject({ state: 'received', reopened: 1 });
    await answered(office, order.id);
    expect(await office.followUps.answer('c1', '解决了')).toMatchObject({ verdict: 'resolved' });
    expect((await now())?.state).toBe('confirmed');
  });

  it('orders without a conversation, and those not accepted, are not followed up', async () => {
    const declined = await office.take();
    await office.orders.act(declined.id, { action: 'decline', note: '请向法院提出，电话 12368' }, agent);
    const walkIn = await office.take({ conversationId: null, channel: null });
    await answered(office, walkIn.id);
    office.clock.now += 4 * DAY_MS;
    await office.sweep();
    expect(await followUpCounts(store().db, 0)).toEqual([]);
  });
});
