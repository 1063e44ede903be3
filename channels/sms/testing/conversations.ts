/** The conversations every provider must carry, on the real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRating, ratingRefused } from '../../../bot/store/ratings.ts';
import { smsNumber } from '../../../bot/store/sms-numbers.ts';
import { startServer, type TestServer } from '../../../tests/support/server.ts';
import { mainlandCount, segmentCount } from '../text/segments.ts';
import { type Carrier, publicUrl } from './carriers.ts';

const morning = Date.parse('2026-03-02T10:00:00+08:00');
const minute = 60_000;
const hours = 60 * minute;

/** What must work over every provider; call it at the top of a test file. */
export function describeConversations(carrier: Carrier): void {
  describe(`SMS over ${carrier.name}`, () => {
    let server: TestServer;
    const clock = { now: morning };
    let people = 0;
    let ids = 0;

    beforeAll(async () => {
      clock.now = morning;
      server = await startServer({ ...carrier.environment, SMS_FOLLOW_UP_RATE: '1' }, { now: () => clock.now });
    });
    afterAll(async () => {
      await server.close();
      expect(carrier.problems()).toEqual([]);
    });

    /** Everything said is answered, and everything due has left. */
    async function settled() {
      const { house, sms } = server;
      for (let round = 0; round < 3; round++) {
        await sms?.settled();
        await house.core.settled();
        house.outbox.kick();
        await house.outbox.settled();
        sms?.queue.kick();
        await sms?.queue.settled();
      }
    }

    function citizen() {
      const phone = `138${carrier.name.charCodeAt(0)}${String(++people)
        .padStart(11, '0')
        .slice(-8 + String(carrier.name.charCodeAt(0)).length)}`;
      return {
        phone,
        /** Sends a text; what came back. */
        async says(text: string): Promise<string> {
          const before = carrier.got(phone).length;
          clock.now += 1000;
          await carrier.push(server, phone, text, String(1_772_000_000 + ++ids));
          await settled();
          return carrier.got(phone).slice(before).join('\n---\n');
        },
        async hears(): Promise<string> {
          await settled();
          return carrier.got(phone).at(-1) ?? '';
        },
        conversation: () =>
          server.house.database.db
            .selectFrom('sms_sessions')
            .select('conversation_id as id')
            .where('phone', '=', `+86${phone}`)
            .executeTakeFirstOrThrow(),
      };
    }

    /** What stands under a code. */
    async function readPage(said: string): Promise<string> {
      const code = /短码(\d{8})/.exec(said)?.[1] ?? new RegExp(`${publicUrl}/s/([\\w-]+)`).exec(said)?.[1];
      const response = await fetch(`http://127.0.0.1:${server.port}/s/${code}`);
      return response.text();
    }

    it('[R-030] answers a question in at most three SMS, with the whole cited answer one step away', async () => {
      const me = citizen();
      const said = await me.says('身份证丢了怎么补办要带什么');
      expect(said).not.toContain('---');
      expect(carrier.mainland ? mainlandCount(said) : segmentCount(said)).toBeLessThanOrEqual(3);
      expect(said).not.toMatch(/\*\*|\[1\]|\p{Emoji_Presentation}/u);
      expect(said).toMatch(/0转人工/);
      if (carrier.mainland) expect(said.startsWith('【安澜政务】')).toBe(true);
      const page = await readPage(said);
      expect(page).toContain('居民身份证补领/换领');
      expect(page).toContain('出处');
      if (carrier.freeText) {
        expect(said).toContain('机器人');
        expect(said).toContain('更多');
        const more = await me.says('更多');
        expect(more).not.toBe('');
        expect(more).not.toContain(said.slice(10, 60));
        expect(await me.says('居住证要多少钱')).toContain('20 元');
      }
    });

    it('[R-113] a numbered flow with digits, and a form as plain questions', async () => {
      const me = citizen();
      const asked = await me.says('帮我列一份身份证材料清单');
      const first = carrier.freeText ? asked : await readPersonal(asked, me.phone);
      expect(first).toMatch(/1：丢了/);
      await me.says('1');
      await me.says('35岁');
      const done = await me.says('1');
      const notice = carrier.freeText ? done : await readPage(done);
      expect(notice).toContain('身份证');
      const turns = await server.house.database.db
        .selectFrom('turns')
        .select('outcome')
        .where('conversation_id', '=', (await me.conversation()).id)
        .orderBy('created_at')
        .execute();
      expect(turns.map((turn) => turn.outcome).slice(-4)).toEqual(['in_flow', 'in_flow', 'in_flow', 'flow_completed']);
      await me.says('拿受理编号查进度');
      await me.says('AL2026000101');
      const found = await me.says('1101');
      expect(carrier.freeText ? found : await readPersonal(found, me.phone)).toContain('查到了');
    });

    async function readPersonal(said: string, phone: string): Promise<string> {
      const code = /短码(\d{8})/.exec(said)?.[1];
      if (code === undefined) return said;
      const url = `http://127.0.0.1:${server.port}/s/${code}`;
      expect(await (await fetch(url)).text()).toContain('手机号后四位');
      expect((await fetch(`${url}?tail=9999`)).status).toBe(403);
      return (await fetch(`${url}?tail=${phone.slice(-4)}`)).text();
    }

    it('[R-033] [R-141] 0 reaches a person, their words arrive, and the service is rated with a digit', async () => {
      const me = citizen();
      await me.says('社保卡怎么办');
      expect(await me.says('0')).not.toBe('');
      const { id } = await me.conversation();
      const { desk } = server.house;
      expect((await desk.queue()).map((entry) => entry.conversationId)).toContain(id);
      clock.now += 1000;
      expect(await desk.claim(id, '小李')).toBe('claimed');
      await settled();
      clock.now += 1000;
      await desk.say(id, '小李', { text: '您好，我来帮您查。', messageId: '1' });
      const words = await me.hears();
      expect(words).toContain('人工客服：您好，我来帮您查');
      expect(await me.says('好的谢谢')).toBe('');
      expect((await server.house.log.read(id, 0)).at(-1)).toMatchObject({ text: '好的谢谢', from: { role: 'user' } });
      clock.now += 1000;
      await desk.close(id, '小李');
      expect(await me.hears()).toContain('5非常满意');
      await me.says('5');
      expect(await findRating(server.house.database.db, id)).toMatchObject({ score: 5, channel: 'sms' });
      // Back to the bot, in the same conversation.
      expect(await me.says('社保卡要多少钱')).not.toBe('');
      expect((await me.conversation()).id).toBe(id);
    });

    it('honours opting out at once, in every state, and confirms once', async () => {
      const me = citizen();
      await me.says('帮我列一份身份证材料清单');
      expect(await me.says('ＴＤ。')).toContain('已退订');
      expect((await smsNumber(server.house.database.db, `+86${me.phone}`)).optedOutAt).not.toBeNull();
      expect(await me.says('退订')).toBe('');
      expect(await me.says('居住证要多少钱')).toBe('');
      await me.says('恢复');
      const again = await me.says('居住证要多少钱');
      expect(again).not.toBe('');
      expect(await me.says('我要退订水费短信提醒怎么办')).not.toBe('');
      expect((await smsNumber(server.house.database.db, `+86${me.phone}`)).optedOutAt).toBeNull();
    });

    it('[R-141] a silent session ends with one request for a rating, at most one a day', async () => {
      const me = citizen();
      await me.says('居住证要多少钱');
      const { id } = await me.conversation();
      clock.now += 31 * minute;
      await server.sms?.sweep();
      expect(await me.hears()).toContain('5非常满意');
      await me.says(carrier.freeText ? '2 没说清楚' : '2');
      const rating = await findRating(server.house.database.db, id);
      expect(rating).toMatchObject({ score: 2, ...(carrier.freeText ? { comment: '没说清楚' } : {}) });
      clock.now += 31 * minute;
      await server.sms?.sweep();
      // Rated and silent: a new matter, which must not ask again today.
      await me.says('居住证在哪办');
      expect((await me.conversation()).id).not.toBe(id);
      const before = carrier.got(me.phone).length;
      clock.now += 31 * minute;
      await server.sms?.sweep();
      await settled();
      expect(carrier.got(me.phone)).toHaveLength(before);
    });

    it('[R-141] who would rather not rate says so in a word, hears so once, and is not asked again', async () => {
      const me = citizen();
      await me.says('居住证要多少钱');
      clock.now += 31 * minute;
      await server.sms?.sweep();
      expect(await me.hears()).toContain('5非常满意');
      const said = await me.says('暂不评价');
      expect(said).not.toContain('---');
      if (carrier.freeText) expect(said).toContain('不评价也没关系');
      const { id } = await me.conversation();
      expect(await ratingRefused(server.house.database.db, id)).toBe(true);
      expect(await findRating(server.house.database.db, id)).toBeUndefined();
      await me.says('居住证在哪办');
      clock.now += 25 * hours;
      await me.says('居住证要多少钱');
      const before = carrier.got(me.phone).length;
      clock.now += 31 * minute;
      await server.sms?.sweep();
      await settled();
      expect(carrier.got(me.phone)).toHaveLength(before);
    });

    it('[R-137] [R-144] asks after a closed case within three days, only with consent, by day; unsolved reaches a person again', async () => {
      const me = citizen();
      await me.says('订阅');
      const said = await me.says('转人工');
      expect(said).not.toBe('');
      if (carrier.freeText) expect(said).toMatch(/是机器人[\s\S]*人工/);
      const { id } = await me.conversation();
      const { desk } = server.house;
      await desk.claim(id, '小王');
      clock.now += minute;
      await desk.close(id, '小王');
      await settled();
      clock.now = Date.parse('2026-03-02T23:30:00+08:00') + (clock.now > Date.parse('2026-03-02T21:00:00+08:00') ? 86_400_000 : 0);
      await server.sms?.sweep();
      await settled();
      expect(await me.hears()).not.toMatch(/回访|解决/);
      clock.now += 9 * 60 * minute;
      const asked = await me.hears();
      expect(asked).toContain(carrier.freeText ? '解决了吗' : '人工服务的事');
      await me.says('2');
      expect((await desk.queue()).map((entry) => entry.conversationId)).toContain(id);
    });

    it.skipIf(carrier.name === 'cmpp' || carrier.name === 'smpp')('takes every message once, however often it is pushed', async () => {
      const me = citizen();
      const id = String(1_772_000_000 + ++ids);
      await Promise.all([carrier.push(server, me.phone, '居住证要多少钱', id), carrier.push(server, me.phone, '居住证要多少钱', id)]);
      await carrier.push(server, me.phone, '居住证要多少钱', id);
      await settled();
      expect(carrier.got(me.phone).filter((text) => text !== '')).toEqual([expect.any(String)]);
    });
  });
}
