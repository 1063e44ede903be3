import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWechatDelivery, settleWechatDelivery, type WechatOutcome } from '../../bot/store/wechat-deliveries.ts';
import { saveWechatyLogin } from '../../bot/store/wechaty-login.ts';
import { deliveryWords } from './delivery-words.ts';
import { type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDeskServer();
});
afterAll(() => server.close());

/** The newest thing the bot said in a conversation, as a WeChat message that ended so. */
async function delivered(conversationId: string, outcome: WechatOutcome): Promise<string> {
  const { database, clock } = server.house;
  const said = (await server.house.logOf(conversationId)).findLast((one) => one.type === 'message');
  if (!said) throw new Error('nothing was said');
  const key = { activityId: said.id, conversationId, seq: said.seq, account: 'oa:default' };
  await claimWechatDelivery(database.db, key, { now: clock.now, leaseUntil: clock.now + 1000 }, false);
  await settleWechatDelivery(database.db, said.id, outcome, clock.now);
  return said.id;
}
const stateOf = async (id: string) =>
  (await server.house.database.db.selectFrom('wechat_deliveries').select('state').where('activity_id', '=', id).executeTakeFirst())?.state;

describe('WeChat deliveries at the desk', () => {
  it('shows what has not arrived, why, and what happens next; agents only of those who asked for a person', async () => {
    await server.house.arrive('d1', {});
    await server.house.says('d1', '居住证办好了吗');
    await server.house.asksForPerson('d1');
    await server.house.arrive('d2', {});
    await server.house.says('d2', '你好');
    await delivered('d1', { state: 'kept', code: 45015, error: 'WeChat answered 45015', told: 'sms' });
    const failed = await delivered('d2', { state: 'failed', code: 40164, error: 'WeChat answered 40164' });
    const agent = (await (await server.signedIn('li')).get('/deliveries')).body;
    expect(agent).toEqual([
      expect.objectContaining({
        conversationId: 'd1',
        state: 'kept',
        code: 45015,
        means: expect.stringContaining('48 小时'),
        next: expect.stringContaining('短信'),
        retry: false,
      }),
    ]);
    const admin = await server.signedIn('boss');
    const all = (await admin.get('/deliveries')).body as { id: string; means: string; retry: boolean }[];
    expect(all.find(({ id }) => id === failed)).toMatchObject({ means: expect.stringContaining('IP 白名单'), retry: true });
    // An agent may not touch a conversation that stayed with the bot.
    expect((await (await server.signedIn('li')).post(`/deliveries/${encodeURIComponent(failed)}/retry`, {})).status).toBe(409);
    expect((await admin.post(`/deliveries/${encodeURIComponent(failed)}/retry`, {})).status).toBe(204);
    expect(await stateOf(failed)).toBe('queued');
    expect((await admin.post(`/deliveries/${encodeURIComponent(failed)}/retry`, {})).status).toBe(409);
  });

  it('shows the login code of the wechaty account to administrators', async () => {
    const admin = await server.signedIn('boss');
    expect((await admin.get('/wechaty')).body).toEqual({ state: 'off', qrcode: null, image: null });
    await saveWechatyLogin(server.house.database.db, { state: 'scan', qrcode: 'https://x', image: '<svg/>' }, 1000);
    expect((await admin.get('/wechaty')).body).toEqual({ state: 'scan', qrcode: 'https://x', image: 'data:image/svg+xml;base64,PHN2Zy8+' });
    expect((await (await server.signedIn('li')).get('/wechaty')).status).toBe(403);
  });

  it('has words for every state', () => {
    const words = (state: 'sent' | 'queued' | 'kept' | 'failed', code: number | null, error: string | null = null) =>
      deliveryWords({ state, code, error, told: null });
    expect(words('failed', 12345).means).toBe('微信返回 12345');
    expect(words('failed', null, 'no answer').means).toContain('没有收到');
    expect(words('failed', null, 'the citizen has left the account').means).toContain('取消关注');
    expect(words('kept', null, 'no message may be sent').means).toContain('不能主动发');
    expect(words('queued', -1).next).toContain('自动再试');
    expect(words('sent', null)).toEqual({ means: '', next: '已送达微信' });
  });
});
