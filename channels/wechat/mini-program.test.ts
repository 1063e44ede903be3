import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity } from '../../bot/activity.ts';
import { type Harness, startHarness } from './testing/harness.ts';

/** The smallest valid PNG. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const fee = /每证 20 元/;

let at: Harness;
beforeAll(async () => {
  at = await startHarness({
    accounts: [
      { kind: 'official-account', type: 'subscription', unionId: true },
      { kind: 'mini-program', unionId: true },
    ],
  });
});
afterAll(async () => {
  expect(at.platform.errors).toEqual([]);
  await at.close();
});

const conversationOf = async (openid: string): Promise<string> =>
  (
    await at.house.database.db
      .selectFrom('wechat_citizens')
      .select('conversation_id')
      .where('openid', '=', openid)
      .executeTakeFirstOrThrow()
  ).conversation_id;
const logOf = async (openid: string) => at.house.log.read(await conversationOf(openid), 0, 1000);

async function http(path: string, token: string | undefined, body?: unknown) {
  const response = await fetch(`${at.base}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind, asserted on by the tests
  return { status: response.status, json: (await response.json()) as any };
}
async function logIn(openid: string) {
  const code = `code-${Math.random()}`;
  at.platform.codes.set(code, openid);
  return (await http('/channels/wechat/mini-program/login', undefined, { code })).json as { conversationId: string; token: string };
}

describe("a mini-program's customer-service window", () => {
  it('[R-030] greets who enters and answers, as XML and as JSON, by message only', async () => {
    const citizen = at.citizen('mEnters', 1);
    const greeting = await citizen.does('user_enter_tempsession', { SessionFrom: 'hall' });
    expect(greeting).toMatchObject([{ by: 'message', text: expect.stringContaining('1. 身份证丢了怎么补办') }]);
    expect(await citizen.says('居住证要多少钱')).toMatchObject([{ by: 'message', text: expect.stringMatching(fee) }]);
    expect(await citizen.says('居住证要多少钱', { format: 'json' })).toMatchObject([{ by: 'message', text: expect.stringMatching(fee) }]);
  });
  it('takes a card as its title', async () => {
    const seen = await at
      .citizen('mCard', 1)
      .sends({ MsgType: 'miniprogrampage', Title: '居住证要多少钱', AppId: 'wx1', PagePath: 'p', ThumbUrl: 'u' });
    expect(seen.at(-1)?.text).toMatch(fee);
  });
});

describe('what is not text', () => {
  it('[R-031] a picture is fetched, kept for staff and answered kindly', async () => {
    at.platform.media.set('M1', { bytes: png, type: 'image/png' });
    const seen = await at.citizen('oPicture').sends({ MsgType: 'image', PicUrl: 'https://mmbiz.example/1', MediaId: 'M1' });
    expect(seen.at(-1)?.text).toContain('请用文字');
    const [attachment] = (await logOf('oPicture')).flatMap((one) => one.attachments ?? []);
    expect(attachment).toMatchObject({
      contentType: 'image/png',
      name: '微信图片',
      contentUrl: expect.stringMatching(/^\/v3\/directline\/uploads\//),
    });
  });
  it('[R-031] of a kind nobody accepts, too large or gone is left out, and staff see that there was something', async () => {
    at.platform.media.set('M2', { bytes: Buffer.from('MZ this is a program'), type: 'image/png' });
    for (const [openid, media] of [
      ['oProgram', 'M2'],
      ['oGone', 'M404'],
    ] as const) {
      const seen = await at.citizen(openid).sends({ MsgType: 'image', PicUrl: 'https://mmbiz.example/2', MediaId: media });
      expect(seen.length).toBeGreaterThan(0);
      const [attachment] = (await logOf(openid)).flatMap((one) => one.attachments ?? []);
      expect(attachment?.name).toMatch(/没有/);
      expect(attachment?.contentUrl).toBeUndefined();
    }
  });
  it('a place and a link are answered', async () => {
    expect(
      (await at.citizen('oPlace').sends({ MsgType: 'location', Location_X: '23.1', Location_Y: '113.3', Scale: 15, Label: '中山路' }))
        .length,
    ).toBeGreaterThan(0);
    expect(
      (await at.citizen('oLink').sends({ MsgType: 'link', Title: '居住证要多少钱', Description: '', Url: 'https://a.example' })).at(-1)
        ?.text,
    ).toMatch(fee);
  });
});

describe("the mini-program's own page", () => {
  it('logs in with a code once; the same person has the same conversation on every device', async () => {
    const first = await logIn('mPage');
    const second = await logIn('mPage');
    expect(second.conversationId).toBe(first.conversationId);
    expect(JSON.stringify(first)).not.toContain('never leaves');
    expect((await http('/channels/wechat/mini-program/login', undefined, { code: 'used' })).status).toBe(401);
    expect((await http('/channels/wechat/mini-program/login', undefined, {})).status).toBe(400);
    const path = `/v3/directline/conversations/${first.conversationId}/activities`;
    expect((await http(path, first.token, { type: 'message', from: { id: 'x' }, text: '居住证要多少钱' })).status).toBe(200);
    await at.settled();
    const { json } = await http(`${path}?watermark=0`, second.token);
    expect((json.activities as Activity[]).map(({ text }) => text ?? '').join('\n')).toMatch(fee);
    // The page has read it: nothing goes to the customer-service window.
    expect(at.platform.chats.get('mPage')).toBeUndefined();
    const other = await logIn('mOther');
    expect((await http(path, other.token)).status).toBe(403);
  });

  it('[R-018] goes on with a flow that began in the official account, where it was', async () => {
    at.platform.unionIds.set('oFlow', 'U2').set('mFlow', 'U2');
    const inAccount = at.citizen('oFlow');
    expect((await inAccount.says('查办件进度')).at(-1)?.text).toMatch(/编号|受理/);
    const { conversationId, token } = await logIn('mFlow');
    const path = `/v3/directline/conversations/${conversationId}/activities`;
    const says = async (text: string) => {
      await http(path, token, { type: 'message', from: { id: 'x' }, text });
      await at.settled();
      const { json } = await http(`${path}?watermark=0`, token);
      return (json.activities as Activity[]).findLast((one) => one.type === 'message')?.text ?? '';
    };
    expect(await says('AL2026000103')).toMatch(/后四位|手机|证件/);
    const before = inAccount.chat().length;
    expect(await inAccount.says('1103').then((seen) => seen.map(({ text }) => text).join())).not.toBe('');
    expect(inAccount.chat().length).toBeGreaterThan(before);
  });

  it('[R-018] goes on with the conversation of the official account, and back', async () => {
    at.platform.unionIds.set('oUnion', 'U1').set('mUnion', 'U1');
    const inAccount = at.citizen('oUnion');
    await inAccount.says('居住证要带什么');
    const { conversationId, token } = await logIn('mUnion');
    expect(conversationId).toBe(await conversationOf('oUnion'));
    const path = `/v3/directline/conversations/${conversationId}/activities`;
    // A follow-up that makes sense only after what was said there.
    await http(path, token, { type: 'message', from: { id: 'x' }, text: '那要多少钱？' });
    await at.settled();
    const { json } = await http(`${path}?watermark=0`, token);
    expect((json.activities as Activity[]).at(-1)?.text).toMatch(fee);
    const before = inAccount.chat().length;
    expect((await inAccount.says('在哪办')).length).toBeGreaterThan(0);
    expect(
      inAccount
        .chat()
        .slice(before)
        .map(({ text }) => text)
        .join(),
    ).toMatch(/政务服务中心|派出所/);
  });
});
