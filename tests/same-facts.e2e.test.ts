/** The same questions on the web, in an official account, in a mini-program and by SMS, on the real server: the same facts on every screen. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Activity, MessageEntity } from '../bot/activity.ts';
import { startCarriers } from '../channels/sms/testing/carriers.ts';
import { type PlatformAccount, startPlatform } from '../channels/wechat/testing/platform.ts';
import { ensureBuilt } from './support/build.ts';
import { startServer, type TestServer } from './support/server.ts';

const questions = [
  '身份证丢了怎么补办',
  '身份证补办可以叫家里人替我去吗',
  '临时身份证多少钱一张，能用多久',
  '居住证要多少钱',
  '申请居住证多少天出证',
  '居住证去年忘了签注，还能不能用',
  '宝宝出生一个多月了还没上户口，会被罚吗',
  '户口迁入审批要几天',
  '办护照一本多少钱',
  '护照几天能下来',
  '驾驶证过期八个月了还能换吗',
  '换驾照工本费几块',
  '社保卡丢了补卡要收钱吗',
  '领车辆检验标志收费不',
  '二手车买卖签完发票，最晚几天之内要过户',
  '车辆购置税最晚什么时候交',
  '新房办房产证，登记费一套收多少',
  '医保个人账户余额取出来几天到账',
  '失业登记要交钱吗',
  '公积金异地转移到账要几天',
  '退休时医保年限差两年咋办',
  '公司简易注销网上要公示几天',
  '残疾人证办下来一般多少天',
  '门头招牌备案要交啥图',
];

const keys = { token: 'zwfwtoken2026', encodingAesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ' };
const account: PlatformAccount = { ...keys, appId: 'wx00000000000000a1', secret: 'oa secret', original: 'gh_oa', type: 'subscription' };
const program: PlatformAccount = { ...keys, appId: 'wx00000000000000a2', secret: 'mp secret', original: 'gh_mp', type: 'mini-program' };
const keysOf = (prefix: string, { appId, secret, token, encodingAesKey }: PlatformAccount) => ({
  [`${prefix}_APP_ID`]: appId,
  [`${prefix}_APP_SECRET`]: secret,
  [`${prefix}_TOKEN`]: token,
  [`${prefix}_ENCODING_AES_KEY`]: encodingAesKey,
});

/** What one channel showed for a question, and what stands in the log for it. */
interface Answered {
  readonly shown: string;
  readonly answer: { text: string; sources: string[]; outcome: string };
}

const carriers = await startCarriers();
const carrier = carriers.twilio;
let platform: Awaited<ReturnType<typeof startPlatform>>;
let server: TestServer;
beforeAll(async () => {
  await ensureBuilt();
  platform = await startPlatform();
  for (const one of [account, program]) platform.add(one);
  server = await startServer({
    ...carrier.environment,
    ...keysOf('WECHAT_OA', account),
    ...keysOf('WECHAT_MP', program),
    WECHAT_OA_TYPE: account.type,
    WECHAT_API_BASE_URL: platform.url,
  });
});
afterAll(async () => {
  await server.close();
  await platform.close();
  for (const one of Object.values(carriers)) await one.close();
  expect([...platform.errors, ...carrier.problems()]).toEqual([]);
});

const base = () => `http://127.0.0.1:${server.port}`;
async function settled(): Promise<void> {
  const { house, sms } = server;
  for (let round = 0; round < 3; round++) {
    await house.core.settled();
    house.outbox.kick();
    await house.outbox.settled();
    sms?.queue.kick();
    await sms?.queue.settled();
  }
}

/** The last message of the bot in a conversation, with what the turn came to. */
async function answerIn(conversationId: string): Promise<Answered['answer']> {
  const log = await server.house.log.read(conversationId, 0, 1000);
  const answer = log.findLast((one) => one.from.role === 'bot' && one.type === 'message');
  const turn = await server.house.database.db
    .selectFrom('turns')
    .select('outcome')
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow();
  return { text: answer?.text ?? '', sources: sourcesOf(answer), outcome: turn.outcome };
}
const sourcesOf = (activity: Activity | undefined): string[] =>
  ((activity?.entities as MessageEntity[] | undefined) ?? [])
    .filter(({ type }) => type === 'https://schema.org/Message')
    .flatMap(({ citation }) => citation.map(({ appearance }) => appearance.name));

async function post(path: string, body: object, token?: string): Promise<Record<string, string>> {
  const response = await fetch(`${base()}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as Record<string, string>;
}

async function onWeb(question: string): Promise<Answered> {
  const { token } = await post('/v3/directline/tokens/generate', { user: { id: 'dl_facts' } });
  const { conversationId = '', token: talk } = await post('/v3/directline/conversations', {}, token);
  const path = `/v3/directline/conversations/${conversationId}/activities`;
  await post(path, { type: 'message', from: { id: 'dl_facts' }, text: question }, talk);
  await settled();
  const response = await fetch(`${base()}${path}`, { headers: { Authorization: `Bearer ${talk}` } });
  const { activities } = (await response.json()) as { activities: Activity[] };
  const last = activities.findLast((one) => one.from.id !== 'dl_facts' && one.type === 'message');
  return { shown: [last?.text ?? '', ...sourcesOf(last)].join('\n'), answer: await answerIn(conversationId) };
}

async function inWechat(question: string, i: number, where: PlatformAccount, path: string): Promise<Answered> {
  const openid = `${where.original}-${i}`;
  const fields = { ToUserName: where.original, FromUserName: openid, CreateTime: Math.floor(Date.now() / 1000) };
  await platform.push([`${base()}${path}`], where, { ...fields, MsgType: 'text', Content: question, MsgId: platform.nextId() });
  await settled();
  const { conversation_id: id } = await server.house.database.db
    .selectFrom('wechat_citizens')
    .select('conversation_id')
    .where('openid', '=', openid)
    .executeTakeFirstOrThrow();
  // The greeting comes first.
  const shown = (platform.chats.get(openid) ?? []).map(({ text }) => text).join('');
  return { shown, answer: await answerIn(id) };
}

let texts = 0;
async function bySms(question: string, i: number): Promise<Answered> {
  const phone = `1390000${String(i).padStart(4, '0')}`;
  const says = async (text: string) => {
    const before = carrier.got(phone).length;
    await carrier.push(server, phone, text, `SM${String(++texts).padStart(32, '0')}`);
    // The queue keeps to a rate.
    await vi.waitFor(
      async () => {
        await settled();
        expect(carrier.got(phone).length).toBeGreaterThan(before);
      },
      { timeout: 15_000, interval: 100 },
    );
    return carrier.got(phone).slice(before);
  };
  const shown = await says(question);
  const { conversation_id: id } = await server.house.database.db
    .selectFrom('sms_sessions')
    .select('conversation_id')
    .where('phone', '=', `+86${phone}`)
    .executeTakeFirstOrThrow();
  const answer = await answerIn(id);
  for (let pages = 0; pages < 10 && /更多/.test(shown.at(-1) ?? ''); pages++) shown.push(...(await says('更多')));
  // Sources stand on the page a message leads to.
  const code = /\/s\/([\w-]+)/.exec(shown.join('\n'))?.[1];
  if (code) shown.push(await (await fetch(`${base()}/s/${code}`)).text());
  return { shown: shown.join('\n'), answer };
}

/** Letters and digits only: layouts differ, marks and links too. */
const bare = (text: string): string =>
  text
    .replace(/<[^>]*>/g, '')
    .normalize('NFKC')
    .replace(/\[[\d,-]+\]/g, '')
    .replace(/[^\p{L}\p{N}.%]/gu, '');
const withoutMarks = (text: string): string => text.replace(/\[\d+\]/g, '');
/** Money, days, dates, phones. */
const numbers = (text: string): string[] => withoutMarks(text).match(/\d+(?:[.:-]\d+)*/g) ?? [];
/** The lines of a list. */
const items = (text: string): string[] =>
  withoutMarks(text)
    .split('\n')
    .filter((line) => /^\s*(?:[-*•]|\d+[.、])\s/.test(line))
    .map((line) => bare(line.replace(/^\s*(?:[-*•]|\d+[.、])\s/, '')));

let answered = 0;
describe('[R-011] the same question has the same facts on every channel', () => {
  it.each(questions.map((question, i) => [question, i] as const))('%s', async (question, i) => {
    const web = await onWeb(question);
    expect(web.answer.text).not.toBe('');
    if (web.answer.outcome === 'answered' && web.answer.sources.length > 0) answered++;
    const others = {
      'official account': await inWechat(question, i, account, '/channels/wechat/official-account'),
      'mini-program': await inWechat(question, i, program, '/channels/wechat/mini-program'),
      SMS: await bySms(question, i),
    };
    for (const [channel, { shown, answer }] of Object.entries(others)) {
      // What the core said is the same, word for word and source for source …
      expect([channel, answer]).toEqual([channel, web.answer]);
      // … and so is what a citizen can read of it.
      const read = bare(shown);
      const said = numbers(shown);
      expect([channel, numbers(web.answer.text).filter((number) => !said.includes(number))]).toEqual([channel, []]);
      expect([channel, items(web.answer.text).filter((item) => !read.includes(item))]).toEqual([channel, []]);
      const documents = new Set(web.answer.sources.map((name) => bare(name.split(' · ')[0] ?? '')));
      expect([channel, [...documents].filter((name) => !read.includes(name))]).toEqual([channel, []]);
    }
  });

  it('and at least twenty of them have an answer with sources', () => expect(answered).toBeGreaterThanOrEqual(20));
});
