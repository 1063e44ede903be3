/** What the assistant owes a citizen beyond an answer: the right door for whom they are, one list for one thing, a next step to press. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHandoffOf } from '../bot/store/handoffs.ts';
import { textsFor } from '../bot/texts.ts';
import { newOrderSchema } from '../bot/work-orders/work-orders.ts';
import { projectRoot } from '../server/paths.ts';
import { openHouse, type Reply, type TestHouse } from './support/house.ts';
import { loadTestPack, type TestPack } from './support/pack.ts';
import { inTown } from './support/town.ts';

const zh = textsFor('zh');
const { town, chat } = inTown();
const ask = async (text: string, audience?: string) =>
  (await town().citizen()).says(text, audience === undefined ? {} : { channelData: { audience } });
/** Addresses that can be pressed, by their words. */
const links = (reply: Reply): Record<string, string> =>
  Object.fromEntries(
    reply.messages
      .flatMap((message) => message.suggestedActions?.actions ?? [])
      .flatMap((action) => (action.type === 'openUrl' ? [[action.title, String(action.value)]] : [])),
  );
const itemOf = (reply: Reply) => reply.messages.map(({ channelData }) => channelData?.item).find(Boolean) as Record<string, string>;

let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});
const guide = (id: string) => pack.guides.find((one) => one.id === id);

describe('[R-003] whom an entry serves decides what it answers from', () => {
  it('an entry for companies and one for people answer the same words from their own guides', async () => {
    const company = await ask('社保登记怎么办', 'enterprise');
    expect([company.turn.outcome, company.turn.reason]).toEqual(['answered', 'employer-registration']);
    const person = await ask('社保登记怎么办', 'natural_person');
    const offered = person.buttons.flatMap((title) => pack.guides.filter((one) => (one.handlingItemName ?? one.name) === title));
    expect(offered.length).toBeGreaterThan(0);
    for (const one of offered) expect(one.audience).toContain('natural_person');
    expect(offered.map(({ id }) => id)).not.toContain('employer-registration');
  });

  it('an entry that says nothing, or nonsense, serves everybody', async () => {
    const everybody = await ask('社保登记怎么办');
    expect((await ask('社保登记怎么办', 'martians')).text).toBe(everybody.text);
  });

  it('a specialised hall is a pack of its own: its errands, and no others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wenban-hall-'));
    const anlan = join(projectRoot(), 'knowledge', 'packs', 'anlan');
    for (const name of ['guides', 'faqs']) {
      await mkdir(join(folder, name));
      await cp(join(anlan, name, 'tax.yaml'), join(folder, name, 'tax.yaml'));
    }
    for (const name of ['pack.yaml', 'calendar.yaml']) await cp(join(anlan, name), join(folder, name));
    const hall = await openHouse({ pack: folder });
    try {
      const tax = guide('deed-tax');
      const own = await (await hall.citizen()).says(`${tax?.handlingItemName ?? tax?.name}怎么办`);
      expect([own.turn.outcome, own.turn.reason]).toEqual(['answered', tax?.id]);
      const other = await (await hall.citizen()).says('身份证丢了怎么补办');
      expect(other.citations).toEqual([]);
      expect(other.turn.outcome).not.toBe('answered');
    } finally {
      await hall.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('[R-034] window, telephone and chat are one kind of case', () => {
  it('taken in by each way they stand in one list, and the citizen follows each of them anywhere by number and code', async () => {
    const { orders } = town().house.people;
    for (const channel of ['hall', 'phone', 'online']) {
      const matter = newOrderSchema.parse({ demandType: 'help', channel, title: `路灯不亮（${channel}）`, detail: '三天没亮了' });
      const order = await orders.create(matter, { kind: 'agent', name: '小陈' });
      expect([order.channel, order.state]).toEqual([channel, 'received']);
      const found = await chat('查办件进度', order.number, order.code);
      expect(found.text).toContain(`路灯不亮（${channel}）`);
    }
  });
});

describe('[R-039] what the assistant is there for', () => {
  it.each(['你能办什么', '你能做什么', '有什么功能', '你们服务范围是什么'])(
    '%s: the same words each time, from the first message on',
    async (text) => {
      expect([await chat(text), await chat('居住证多久办好', text)].map((reply) => reply.text)).toEqual(
        Array.from({ length: 2 }, () => zh.smallTalk.scope('安澜市')),
      );
    },
  );

  it('the words are these until somebody decides otherwise', () => {
    expect(zh.smallTalk.scope('安澜市')).toBe(
      '我能做三件事：\n1. 回答安澜市政务服务的问题：要什么材料、去哪办、多久、多少钱。\n2. 一步步带您办：列材料清单、看能不能办、查办件进度。\n3. 帮您转人工。\n打官司、仲裁、纪检举报、行政复议这类事，我会告诉您该找谁。',
    );
  });
});

describe('[R-041] one thing of several errands', () => {
  it.each([
    ['新生儿手续清单', ['不在医院，家里生的', '至少一方是安澜户口', '有', '有']],
    ['开饭店手续清单', []],
  ])('%s: items in order, every material once, what need not be brought apart', async (opening, answers) => {
    const citizen = await town().citizen();
    let reply = await citizen.says(opening);
    for (let n = 0; reply.turn.outcome === 'in_flow' && n < 12; n++)
      reply = answers[n] === undefined ? await citizen.presses(reply.buttons[0] ?? '') : await citizen.says(answers[n] ?? '');
    expect(reply.turn.outcome).toBe('flow_completed');
    const list = reply.messages.map(({ text }) => text ?? '').find((text) => text.includes('要带的材料')) ?? '';
    const numbered = (section: string) =>
      [...(section.split('\n\n')[0] ?? '').matchAll(/^\d+\. ([^：（[]+)/gm)].map(([, name]) => name?.trim());
    const items = numbered(list);
    const materials = numbered(list.slice(list.indexOf('**要带的材料**')));
    expect(items.length).toBeGreaterThan(2);
    expect(materials.length).toBeGreaterThan(1);
    expect(new Set(materials).size).toBe(materials.length);
  });
});

describe('[R-042] [R-043] the next step is one press away', () => {
  const fields = {
    公安: 'id-card-reissue',
    人社: 'social-security-card',
    教育: 'school-transfer',
    卫健: 'newborn-bundle',
    民政: 'dibao',
    住建: 'rental-filing',
  };

  it.each(Object.entries(fields))('%s reaches the telephone: %s', async (_field, id) => {
    const one = guide(id);
    const reply = await (await town().citizen()).says(`${one?.handlingItemName ?? one?.name}怎么办`);
    expect([reply.turn.reason, links(reply)[zh.handleMobile]]).toEqual([id, one?.mobileUrl]);
  });

  it('appointment and application lead to the page of that very errand', async () => {
    const reply = await ask('身份证丢了怎么补办');
    const one = guide('id-card-reissue');
    expect(links(reply)).toMatchObject({ [zh.handleOnline]: one?.onlineUrl, [zh.bookVisit]: one?.bookUrl });
    expect(links(await ask('我要预约'))).toMatchObject({ 预约取号: expect.stringMatching(/^https:/) });
  });

  it('progress is asked of the office and comes back as a state with the next step', async () => {
    const reply = await chat('查办件进度', 'AL2026000101', '1101');
    expect(reply.text).toMatch(/现在：\*\*.+\*\*[\s\S]*下一步：/);
  });

  it.each([
    ['我要投诉', 'complaint'],
    ['我要举报', 'report'],
    ['提个建议', 'suggestion'],
    ['我想求助', 'help'],
  ] as const)('%s: says what to tell, takes the matter, and a person takes it down', async (words, kind) => {
    const citizen = await town().citizen();
    expect((await citizen.says(words)).text).toBe(zh.tellMatter[kind]);
    const matter = await citizen.says('东门口那块地整夜有人敲敲打打');
    expect(matter.text).toContain('这件事要人来处理');
    expect((await citizen.presses('转人工')).turn.outcome).toBe('handed_over');
    const handoff = await openHandoffOf(town().house.database.db, citizen.conversationId);
    expect(handoff?.summary).toContain('东门口那块地整夜有人敲敲打打');
  });

  it('rating: when the talk is over the citizen is asked, and the stars are kept', async () => {
    const citizen = await town().citizen();
    await citizen.says('居住证要多少钱');
    expect((await citizen.says('再见')).events.map(({ name }) => name)).toContain('rating.request');
    expect((await citizen.sends('rating.submit', { score: 5, tags: [] })).text).toBe(zh.rated);
  });
});

describe('[R-084] an answer names the item in the official list', () => {
  it.each(['id-card-reissue', 'residence-permit', 'newborn-bundle'])('%s', async (id) => {
    const one = guide(id);
    const reply = await (await town().citizen()).says(`${one?.handlingItemName ?? one?.name}怎么办`);
    expect(itemOf(reply)).toMatchObject({ id, code: one?.taskCode, url: one?.url ?? one?.onlineUrl });
  });
});

describe('[R-069] [R-070] each of the ten services at the front has an answer or an action', () => {
  it.each([
    ['首问负责', '转人工', ''],
    ['一次性告知', '帮我列一份身份证材料清单', ''],
    ['信息公开', '信息公开', 'faq-open-rules'],
    ['引导', '身份证在哪办', 'id-card'],
    ['咨询', '居住证要多少钱', 'residence-permit'],
    ['预约', '我要预约', 'faq-hall-book'],
    ['代办', '能找人代办吗', 'faq-proxy'],
    ['第三方服务：缴费', '怎么缴费', 'faq-pay'],
    ['第三方服务：邮寄', '材料能寄过去吗', 'faq-mail'],
    ['填表', '我不会填表', 'faq-hall-agent'],
    ['帮办', '大厅有帮办吗', 'faq-hall-agent'],
  ])('%s: %s', async (service, words, source) => {
    const { turn, text } = await ask(words);
    if (service === '首问负责') expect(turn.outcome).toBe('handed_over');
    else if (service === '一次性告知') expect(turn.outcome).toBe('in_flow');
    else if (service === '引导') expect(text + turn.reason).toMatch(/身份证|id-card/);
    else expect([turn.outcome, turn.reason]).toEqual(['answered', source]);
  });
});

describe('[R-045] [R-074] [R-075] [R-076] machines, money and the post', () => {
  it.each(['哪里有自助机', '自助终端能办什么', '24小时自助服务区在哪'])(
    '%s: where, when, and which of query, application, appointment and printing',
    async (text) => {
      const reply = await ask(text);
      expect(reply.turn.reason).toBe('faq-kiosk');
      for (const words of ['24 小时', '查办件进度', '提交申请', '预约取号', '打印证明']) expect(reply.text).toContain(words);
    },
  );

  it('what a machine is said to take are the errands whose guides say so', async () => {
    const { text } = await ask('自助终端能办什么');
    const able = pack.guides.filter(({ canKiosk }) => canKiosk);
    expect(able).toHaveLength(6);
    for (const words of ['身份证', '居住证', '护照', '社保卡', '老年优待卡', '驾驶证']) expect(text).toContain(words);
  });

  it('a fee comes with its amount and its ground; a card number is never kept readable for analysts', async () => {
    const fee = await ask('身份证丢了补办要多少钱');
    expect(fee.text).toMatch(/40 元[\s\S]*依据：《.+》/);
    const citizen = await town().citizen();
    const reply = await citizen.says('我的银行卡号是6222021234567890123，帮我缴费');
    expect(reply.text).toContain('请不要发银行卡号和密码');
    expect(JSON.stringify(await citizen.turns())).not.toContain('6222021234567890123');
  });

  it.each([
    ['passport', true],
    ['dibao', false],
  ])('%s: whether things may go by post stands in its notice', (id, may) => {
    const one = guide(id);
    expect(one?.canExpress).toBe(may);
    const told = pack.answerer.noticeOf(id, [], zh, { on: '2026-03-02' });
    expect(told?.text).toContain(may ? '支持快递：材料可以寄，办好可以寄到家' : '不支持快递');
  });
});

describe('[R-035] who leaves for good', () => {
  let other: TestHouse;
  beforeAll(async () => {
    other = await openHouse();
  });
  afterAll(() => other.close());
  const leaves = async (citizen: Awaited<ReturnType<TestHouse['citizen']>>) => {
    const { core } = other.house;
    const { conversationId } = citizen;
    const activity = { type: 'endOfConversation' as const, from: { id: 'citizen' } };
    await core.receive({ conversationId, messageId: `${conversationId}:end`, activity });
    await core.settled(conversationId);
    return core.receive({
      conversationId,
      messageId: `${conversationId}:late`,
      activity: { ...activity, type: 'message' as const, text: '还在吗' },
    });
  };

  it('leaves no open flow behind, and nothing more is taken in', async () => {
    const citizen = await other.citizen();
    await citizen.says('帮我列一份身份证材料清单');
    await citizen.says('丢了');
    expect(await leaves(citizen)).toEqual({ error: 'ended' });
    expect((await citizen.conversation()).mode).toBe('ended');
    const row = await other.house.database.db
      .selectFrom('bot_state')
      .select('value_json')
      .where('key', 'like', `%${citizen.conversationId}%`)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.value_json)).toMatchObject({ flow: null, paused: null, ended: null, facts: {} });
  });

  it('waits for nobody, and nobody waits for them', async () => {
    const citizen = await other.citizen();
    await citizen.says('转人工');
    expect((await other.house.desk.queue()).map(({ conversationId }) => conversationId)).toContain(citizen.conversationId);
    await leaves(citizen);
    expect((await other.house.desk.queue()).map(({ conversationId }) => conversationId)).not.toContain(citizen.conversationId);
    expect((await citizen.conversation()).mode).toBe('ended');
  });
});
