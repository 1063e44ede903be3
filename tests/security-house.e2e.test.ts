import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConversation } from '../bot/store/conversations.ts';
import { flipSwitch } from '../bot/store/switches.ts';
import { openHouse, type TestHouse } from './support/house.ts';

let test: TestHouse;
beforeAll(async () => {
  test = await openHouse({ environment: { PUBLIC_URL: 'https://wenban.example' } });
}, 60_000);
afterAll(async () => {
  await test.close();
  expect(test.complaints).toEqual([]);
});

const flip = async (name: string, state: 'on' | 'off') => {
  await flipSwitch(test.house.database.db, { name, state, reason: '演练', actor: 'zhao', at: test.clock.now });
  await test.house.switches.refresh();
};

describe('[R-027] the kill switch of a channel', () => {
  it('answers with the truth and the phone number, never blocks an emergency, and is gone when switched on again', async () => {
    const citizen = await test.citizen();
    await flip('channel:test', 'off');
    const closed = await citizen.says('身份证丢了怎么补办');
    expect(closed.turn.outcome).toBe('channel_closed');
    expect(closed.text).toContain('停用');
    expect(closed.text).toContain(test.house.manifest.hotline);
    expect((await citizen.says('楼下着火了，有人被困')).turn.outcome).toBe('emergency_routed');
    await flip('channel:test', 'on');
    expect((await citizen.says('身份证丢了怎么补办')).turn.outcome).not.toBe('channel_closed');
  });

  it('another channel goes on', async () => {
    await flip('channel:sms', 'off');
    expect((await (await test.citizen()).says('身份证丢了怎么补办')).turn.outcome).not.toBe('channel_closed');
    await flip('channel:sms', 'on');
  });
});

describe('[R-129] a citizen and their own data, in plain words', () => {
  it('deletion is asked back once, then carried out with everything that was said', async () => {
    const citizen = await test.citizen();
    await citizen.says('我叫王小明，身份证丢了怎么补办');
    const asked = await citizen.says('请帮我删除我的数据');
    expect([asked.turn.outcome, asked.buttons.slice(0, 2)]).toEqual(['privacy_request', ['确认删除我的数据', '导出我的数据']]);
    const confirmed = await citizen.presses('确认删除我的数据');
    expect(confirmed.text).toContain('已经登记');
    await test.house.personal.fulfil();
    expect(await findConversation(test.house.database.db, citizen.conversationId)).toBeDefined();
    test.clock.now += 61_000;
    await test.house.personal.fulfil();
    expect(await findConversation(test.house.database.db, citizen.conversationId)).toBeUndefined();
    expect(await test.house.log.read(citizen.conversationId, 0, 10)).toEqual([]);
  });

  it('a copy comes by a link that only this conversation gets', async () => {
    const citizen = await test.citizen();
    const told = await citizen.says('导出我的数据');
    expect(told.text).toMatch(/https:\/\/wenban\.example\/privacy\/export\/[\w-]+\.[\w-]{43}/);
  });

  it.each(['怎么删除失信记录', '社保缴费记录怎么导出', '公司要删除我的档案信息怎么办', '如何查看我的公积金信息'])(
    '%s is a question like any other',
    async (text) => {
      expect((await (await test.citizen()).says(text)).turn.outcome).not.toBe('privacy_request');
    },
  );
});
