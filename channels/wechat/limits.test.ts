import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { listWechatDeliveries } from '../../bot/store/wechat-reports.ts';
import { LocalRecogniser } from '../../bot/understand/local.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const sendPath = '/cgi-bin/message/custom/send';
let at: Harness;
let person = 0;
let name = '';
beforeAll(async () => {
  at = await startHarness({
    accounts: [
      {
        kind: 'official-account',
        type: 'service',
        followUp: { kind: 'template', templateId: 'T1', fields: { thing1: '{summary}', time2: '{time}' }, page: 'https://zwfw.example/' },
      },
    ],
    waits: { replyMs: 60, apiMs: 900 },
  });
  await addStaff(at.house.database.db, { name: 'xiaoli', role: 'agent', passwordHash: 'x' }, at.now());
});
beforeEach(() => {
  name = `oLimit${++person}`;
});
afterEach(() => {
  vi.restoreAllMocks();
  at.platform.plan(sendPath);
});
afterAll(() => at.close());

/** A citizen whom a person serves: everything that person says is one customer-service message. */
async function served() {
  const citizen = at.citizen(name);
  await citizen.says('转人工');
  const waiting = (await at.house.desk.queue()).at(-1);
  const id = waiting?.conversationId ?? '';
  await at.house.desk.claim(id, 'xiaoli');
  await at.settled();
  await citizen.says('在吗');
  let said = 0;
  return {
    ...citizen,
    id,
    hears: async (text: string) => {
      const before = citizen.chat().length;
      await at.house.desk.say(id, 'xiaoli', { text, messageId: `m${++said}` });
      await at.settled();
      return citizen.chat().slice(before);
    },
    states: async () =>
      (await listWechatDeliveries(at.house.database.db, { conversationId: id, limit: 100 })).map(({ state, code }) => ({ state, code })),
  };
}

describe('the allowance', () => {
  it('of five messages after one of the citizen is kept to; what is over waits for the next one, in order', async () => {
    const citizen = await served();
    const words = ['一', '二', '三', '四', '五', '六', '七'].map((n) => `第${n}句`);
    for (const word of words) await citizen.hears(word);
    const before = citizen.chat().length;
    expect(
      citizen
        .chat()
        .slice(-5)
        .map(({ text }) => text),
    ).toEqual(words.slice(0, 5).map((word) => expect.stringContaining(word)));
    expect((await citizen.states()).filter(({ state }) => state === 'kept')).toHaveLength(2);
    expect(citizen.chat().at(-1)?.text).toContain('回复任意内容');
    // The platform never had to refuse one.
    expect(at.complaints()).toEqual([]);
    await citizen.push({ MsgType: 'text', Content: '好的' });
    await vi.waitFor(
      async () => {
        await at.settled();
        const text = citizen
          .chat()
          .slice(before)
          .map((bubble) => bubble.text)
          .join('');
        expect(text).toMatch(/第六句[\s\S]*第七句/);
      },
      { timeout: 10_000 },
    );
    expect((await citizen.states()).every(({ state }) => state === 'sent')).toBe(true);
  });

  it('of a pressed menu item is three messages in a minute', async () => {
    const citizen = await served();
    await citizen.presses({ id: 'human', content: '转人工' });
    for (const word of ['甲', '乙', '丙', '丁']) await citizen.hears(word);
    expect((await citizen.states()).filter(({ state }) => state === 'kept')).toHaveLength(1);
  });

  it('that the platform counts otherwise (45047) ends there too', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 45047);
    expect(await citizen.hears('你好')).toEqual([]);
    expect((await citizen.states()).at(0)).toEqual({ state: 'kept', code: 45047 });
  });
});

describe('a slow core', () => {
  it('is acknowledged at once; the answer follows as a message, with a typing sign before it', async () => {
    const citizen = at.citizen(name);
    await citizen.does('subscribe');
    const { recognise } = LocalRecogniser.prototype;
    vi.spyOn(LocalRecogniser.prototype, 'recognise').mockImplementation(async function (this: LocalRecogniser, input) {
      await sleep(400);
      return recognise.call(this, input);
    });
    const seen = await citizen.says('居住证要多少钱');
    expect(seen).toMatchObject([{ by: 'message', text: expect.stringMatching(/每证 20 元/) }]);
    expect(at.platform.calledPath('/cgi-bin/message/custom/typing').some(({ body }) => body.touser === name)).toBe(true);
  });
});

describe('a refusal of the platform', () => {
  it('outside the 48 hours (45015) becomes a template message; the answer waits', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 45015);
    expect(await citizen.hears('您的居住证已经办好了，请带上回执来领取')).toEqual([]);
    const [follow] = at.platform.calledPath('/cgi-bin/message/template/send').slice(-1);
    const data = follow?.body.data as { thing1: { value: string } };
    expect(follow?.body).toMatchObject({ touser: name, template_id: 'T1', url: 'https://zwfw.example/' });
    expect([...data.thing1.value].length).toBeLessThanOrEqual(20);
    expect((await citizen.states()).at(0)).toMatchObject({ state: 'kept', code: 45015 });
    await citizen.does('TEMPLATESENDJOBFINISH', { MsgID: 200163836, Status: 'failed:user block' });
    const [delivery] = await listWechatDeliveries(at.house.database.db, { conversationId: citizen.id, states: ['kept'], limit: 1 });
    expect(delivery).toMatchObject({ route: 'follow-up', error: 'failed:user block' });
  });

  it('of a busy moment (-1) is tried again', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, -1);
    await citizen.hears('你好');
    await vi.waitFor(
      async () => {
        await at.settled();
        expect(citizen.chat().at(-1)?.text).toContain('你好');
      },
      { timeout: 10_000 },
    );
  });

  it('of a token (40001, 42001) costs one new token and one more call, for any number of messages at once', async () => {
    const citizens = [];
    for (let i = 0; i < 6; i++) {
      name = `oToken${i}`;
      citizens.push(await served());
    }
    at.platform.tokens.clear();
    const before = at.platform.issued();
    await Promise.all(citizens.map((citizen, i) => citizen.hears(`第 ${i} 个`)));
    await at.settled();
    expect(citizens.map((citizen) => citizen.chat().at(-1)?.text)).toEqual(citizens.map((_, i) => expect.stringContaining(`第 ${i} 个`)));
    expect(at.platform.issued() - before).toBe(1);
  });

  it('of menus (40200) turns them into numbers from then on', async () => {
    at.platform.plan(sendPath, 40200);
    const first = await at.citizen(name).does('subscribe');
    expect(first).toMatchObject([{ by: 'message', items: [], text: expect.stringContaining('1. 身份证丢了怎么补办') }]);
    name = 'oAfterMenus';
    const second = await at.citizen(name).does('subscribe');
    expect(second).toMatchObject([{ by: 'reply', text: expect.stringContaining('1. 身份证丢了怎么补办') }]);
  });

  it('of the citizen (43019) is final, without an alarm', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 43019);
    await citizen.hears('你好');
    expect((await citizen.states()).at(0)).toEqual({ state: 'failed', code: 43019 });
    expect(at.complaints().filter((line) => line.includes('"alarm"'))).toEqual([]);
  });

  it('of the account (40164) is final, with an alarm that names it', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 40164);
    await citizen.hears('你好');
    expect((await citizen.states()).at(0)).toEqual({ state: 'failed', code: 40164 });
    expect(at.complaints().filter((line) => line.includes('"alarm":"wechat"') && line.includes('oa:default'))).toHaveLength(1);
  });

  it('by silence is tried once more and not oftener: the message may have arrived', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 'hang', 'hang', 'hang');
    await citizen.hears('你好');
    const before = () => at.platform.calledPath(sendPath).filter(({ body }) => body.touser === name).length;
    await vi.waitFor(
      async () => {
        await at.settled();
        expect((await citizen.states()).at(0)).toMatchObject({ state: 'failed' });
      },
      { timeout: 8000 },
    );
    const calls = at.platform.calledPath(sendPath).filter(({ body }) => JSON.stringify(body).includes('你好') && body.touser === name);
    expect(calls).toHaveLength(2);
    expect(before()).toBeGreaterThanOrEqual(2);
  });

  it('of customer-service messages at all (48001) leaves the responses', async () => {
    const citizen = await served();
    at.platform.plan(sendPath, 48001);
    expect(await citizen.hears('请稍等，我查一下')).toEqual([]);
    expect((await citizen.states()).at(0)).toEqual({ state: 'kept', code: 48001 });
    const seen = await citizen.says('好的');
    expect(seen).toMatchObject([{ by: 'reply', text: expect.stringContaining('请稍等，我查一下') }]);
  });
});
