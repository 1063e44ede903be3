import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRatings } from '../../bot/store/ratings.ts';
import { addStaff } from '../../bot/store/staff.ts';
import { listWechatDeliveries } from '../../bot/store/wechat-reports.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let at: Harness;
beforeAll(async () => {
  at = await startHarness({
    accounts: [
      { kind: 'official-account', type: 'subscription' },
      { kind: 'official-account', id: 'hall', type: 'service' },
    ],
  });
});
afterAll(async () => {
  expect(at.platform.errors).toEqual([]);
  await at.close();
});

describe('a verified account that answers fast enough', () => {
  it('[R-030] greets who follows, in the response, with numbers to choose from', async () => {
    const seen = await at.citizen('oArrives').does('subscribe');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ by: 'reply' });
    expect(seen[0]?.text).toMatch(/智能助手[\s\S]*1\. 身份证丢了怎么补办[\s\S]*2\. /);
  });

  it('[R-033] answers a question in the response, with sources as links and the way to a person', async () => {
    const citizen = at.citizen('oAsks');
    await citizen.does('subscribe');
    const seen = await citizen.says('身份证丢了怎么补办');
    // Too long for one: the first part is free, the second costs one of the citizen's messages.
    expect(seen.map(({ by }) => by)).toEqual(['reply', 'message']);
    const text = seen.map((bubble) => bubble.text).join('');
    expect(text).toMatch(/来源：\n\[1-8\] <a href="https?:/);
    expect(text).toContain('转人工');
    expect(text).not.toContain('**');
  });

  it('takes a number as the choice it stands for', async () => {
    const citizen = at.citizen('oNumbers');
    await citizen.does('subscribe');
    const [byNumber] = await citizen.says('1');
    const other = at.citizen('oWords');
    await other.does('subscribe');
    const [byWords] = await other.says('身份证丢了怎么补办');
    expect(byNumber?.text).toBe(byWords?.text);
  });

  it('[R-033] hands over to a person who answers in the same chat', async () => {
    const citizen = at.citizen('oPerson');
    await citizen.says('身份证丢了怎么补办');
    const seen = await citizen.says('转人工');
    expect(seen.map(({ text }) => text).join()).toMatch(/转人工/);
    const waiting = (await at.house.desk.queue()).find(({ channel }) => channel === 'wechat-oa');
    expect(waiting).toBeDefined();
    await addStaff(at.house.database.db, { name: 'xiaoli', role: 'agent', passwordHash: 'x' }, at.now());
    await at.house.desk.claim(waiting?.conversationId ?? '', 'xiaoli');
    await at.house.desk.say(waiting?.conversationId ?? '', 'xiaoli', { text: '您好，我来帮您', messageId: 'm1' });
    await at.settled();
    expect(citizen.chat().at(-1)).toMatchObject({ by: 'message' });
    expect(citizen.chat().at(-1)?.text).toContain('您好，我来帮您');
    // While a person serves, the bot keeps quiet.
    expect(await citizen.says('谢谢')).toEqual([]);
  });

  it('[R-141] takes the rating as a plain number', async () => {
    const citizen = at.citizen('oRates');
    await citizen.says('身份证丢了怎么补办');
    const asked = await citizen.says('再见');
    expect(asked.map(({ text }) => text).join('\n')).toMatch(/满意吗[\s\S]*5\. 非常满意/);
    const thanks = await citizen.says('5');
    expect(thanks[0]?.text).toContain('谢谢您的评价');
    expect(
      (await listRatings(at.house.database.db, { limit: 10 })).some(({ score, channel }) => score === 5 && channel === 'wechat-oa'),
    ).toBe(true);
  });

  it('[R-141] takes 0 as the wish not to rate, says so once, and never asks again', async () => {
    const citizen = at.citizen('oRefuses');
    await citizen.says('身份证丢了怎么补办');
    const asked = await citizen.says('再见');
    expect(asked.map(({ text }) => text).join('\n')).toMatch(/5\. 非常满意[\s\S]*0\. 不评价/);
    expect(await citizen.says('0')).toMatchObject([{ by: 'reply', text: expect.stringContaining('不评价也没关系') }]);
    expect((await citizen.says('不评价')).map(({ text }) => text).join()).not.toContain('不评价也没关系');
    expect((await citizen.says('再见')).map(({ text }) => text).join()).not.toContain('满意吗');
  });

  it('leads through a flow, one question at a time', async () => {
    const citizen = at.citizen('oFlow');
    const first = await citizen.says('查办件进度');
    expect(first.at(-1)?.text).toMatch(/编号|受理/);
    const second = await citizen.says('AL2026000103');
    expect(second.at(-1)?.text).toMatch(/后四位|手机|证件/);
  });

  it('answers a message it can not read in words, and other events not at all', async () => {
    const citizen = at.citizen('oStrange');
    expect((await citizen.sends({ MsgType: 'hologram' }))[0]?.text).toContain('看不懂');
    expect(await citizen.does('LOCATION', { Latitude: '23.1', Longitude: '113.3' })).toEqual([]);
    expect(await citizen.does('VIEW', { EventKey: 'https://x.example' })).toEqual([]);
    expect(await citizen.does('never_heard_of')).toEqual([]);
  });

  it('a menu key or QR code that speaks is a question', async () => {
    const citizen = at.citizen('oMenu');
    await citizen.does('subscribe');
    const clicked = await citizen.does('CLICK', { EventKey: 'say:居住证要多少钱' });
    expect(clicked[0]?.text).toContain('20 元');
    const scanned = await citizen.does('SCAN', {
      EventKey: 'say:居住证要多少钱',
      Ticket: 'T',
      CreateTime: 1 + Math.floor(at.now() / 1000),
    });
    expect(scanned[0]?.text).toContain('20 元');
  });

  it('forgets who leaves', async () => {
    const citizen = at.citizen('oLeaves');
    await citizen.says('居住证要多少钱');
    await citizen.does('unsubscribe');
    const rows = await at.house.database.db.selectFrom('wechat_citizens').selectAll().where('openid', '=', 'oLeaves').execute();
    expect(rows).toEqual([]);
    const everything = JSON.stringify([
      await at.house.database.db.selectFrom('conversations').selectAll().execute(),
      await at.house.database.db.selectFrom('activities').selectAll().execute(),
      await at.house.database.db.selectFrom('inbox').selectAll().execute(),
    ]);
    expect(everything).not.toContain('oLeaves');
  });
});

describe('a service account', () => {
  it('offers choices as a menu that can be pressed, in one message', async () => {
    const citizen = at.citizen('oService', 1);
    const greeting = await citizen.does('subscribe');
    expect(greeting).toHaveLength(1);
    expect(greeting[0]?.by).toBe('message');
    const [item] = greeting[0]?.items ?? [];
    expect(item?.content).toBe('身份证丢了怎么补办');
    const seen = await citizen.presses(item as { id: string; content: string });
    expect(seen.map(({ text }) => text).join('\n')).toContain('身份证');
    // An old item still works.
    const again = await citizen.presses(item as { id: string; content: string });
    expect(again.length).toBeGreaterThan(0);
  });

  it('[R-141] takes the rating from a menu', async () => {
    const citizen = at.citizen('oServiceRates', 1);
    await citizen.says('居住证要多少钱');
    const asked = (await citizen.says('再见')).find(({ items }) => items.some(({ id }) => id.startsWith('rate:')));
    expect(asked?.items.map(({ content }) => content)).toContain('非常不满意');
    const thanks = await citizen.presses(asked?.items.find(({ content }) => content === '非常不满意') as { id: string; content: string });
    expect(thanks.map(({ text }) => text).join()).toContain('谢谢您直说');
  });

  it('[R-141] the last item of the menu is not to rate; pressing it again says nothing more', async () => {
    const citizen = at.citizen('oServiceRefuses', 1);
    await citizen.says('居住证要多少钱');
    const asked = (await citizen.says('再见')).flatMap(({ items }) => items);
    const item = asked.find(({ content }) => content === '不评价') as { id: string; content: string };
    expect(await citizen.presses(item)).toMatchObject([{ by: 'reply', text: expect.stringContaining('不评价也没关系') }]);
    expect(await citizen.presses(item)).toEqual([]);
    expect((await citizen.says('再见')).flatMap(({ items }) => items).filter(({ id }) => id.startsWith('rate:'))).toEqual([]);
  });
});

it('every message to a citizen has a state, and nobody sees the secrets in the log', async () => {
  const deliveries = await listWechatDeliveries(at.house.database.db, { limit: 1000 });
  expect(deliveries.length).toBeGreaterThan(10);
  expect(deliveries.filter(({ state }) => state !== 'sent')).toEqual([]);
  expect(at.lines.join()).not.toMatch(/token-\d|secret-\d|居住证要多少钱/);
  expect(at.complaints()).toEqual([]);
});
