import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedActivity } from '../activity.ts';
import { refuseRating, saveRating } from '../store/ratings.ts';
import { addStaff, createSession } from '../store/staff.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { type House, openHouse } from './testing/house.ts';

let house: House;

const events = (log: LoggedActivity[], name: string) => log.filter((activity) => activity.name === name);
const statuses = async (id: string) => events(await house.logOf(id), 'handoff.status').map((activity) => activity.value);
const waits = async (id: string, options = {}) => {
  await house.arrive(id);
  await house.asksForPerson(id, options);
};

onEachEngine('the desk', (store) => {
  beforeEach(async () => {
    house = await openHouse({ given: store().database });
  });
  afterEach(() => house.close());

  describe('asking for a person', () => {
    it('[R-033] asking once puts the conversation into the queue, with its transcript and place', async () => {
      await house.arrive('c1');
      await house.says('c1', '身份证丢了怎么办');
      const opened = await house.asksForPerson('c1');
      expect(opened).toMatchObject({ state: 'opened', position: 1 });
      expect(await house.modeOf('c1')).toBe('waiting');
      const [initiate] = events(await house.logOf('c1'), 'handoff.initiate');
      expect(initiate?.value).toMatchObject({ reason: 'asked', skill: 'general', urgency: 'general' });
      expect(initiate?.attachments?.[0]).toMatchObject({ name: 'Transcript', contentType: 'application/json' });
      expect(JSON.stringify(initiate?.attachments?.[0]?.content)).toContain('身份证丢了怎么办');
      expect(await statuses('c1')).toMatchObject([{ state: 'waiting', position: 1 }]);
    });

    it('asking again opens no second handoff and tells the place again', async () => {
      await waits('c1');
      const again = await house.asksForPerson('c1');
      expect(again.state).toBe('waiting');
      expect(events(await house.logOf('c1'), 'handoff.initiate')).toHaveLength(1);
      expect(await house.desk.queue()).toHaveLength(1);
    });

    it('asking while a person is there changes nothing', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      expect(await house.asksForPerson('c1')).toMatchObject({ state: 'active', position: 0 });
      expect(await house.modeOf('c1')).toBe('agent');
    });

    it('an urgent matter goes first and the others hear their new place, those who kept theirs hear nothing', async () => {
      await waits('first');
      house.clock.now += 1000;
      await waits('second');
      house.clock.now += 1000;
      await waits('urgent', { urgency: 'urgent' });
      expect((await house.desk.queue()).map((entry) => entry.conversationId)).toEqual(['urgent', 'first', 'second']);
      expect(await statuses('first')).toMatchObject([{ position: 1 }, { position: 2 }]);
      expect(await statuses('second')).toMatchObject([{ position: 2 }, { position: 3 }]);
      await house.desk.claim('second', 'li');
      expect(await statuses('first')).toHaveLength(2);
    });
  });

  describe('claiming', () => {
    it('[R-033] of ten agents who claim at once exactly one gets the conversation', async () => {
      await waits('c1');
      const agents = Array.from({ length: 10 }, (_, index) => `agent-${index}`);
      const outcomes = await Promise.all(agents.map((agent) => house.desk.claim('c1', agent)));
      expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(9);
      expect(
        events(await house.logOf('c1'), 'handoff.status').filter((event) => JSON.stringify(event.value).includes('accepted')),
      ).toHaveLength(1);
      expect(await house.modeOf('c1')).toBe('agent');
    });

    it("claiming one's own conversation again is fine and says nothing twice", async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const before = (await house.logOf('c1')).length;
      expect(await house.desk.claim('c1', 'li')).toBe('claimed');
      expect(await house.logOf('c1')).toHaveLength(before);
    });

    it('a conversation that does not wait cannot be claimed', async () => {
      await house.arrive('c1');
      expect(await house.desk.claim('c1', 'li')).toBe('not_waiting');
      expect(await house.desk.claim('unknown', 'li')).toBe('not_waiting');
    });

    it('followers hear of the claim only after it is committed', async () => {
      await waits('c1');
      let readable: Promise<LoggedActivity[]> | undefined;
      house.log.follow('c1', () => {
        readable ??= house.logOf('c1');
      });
      await house.desk.claim('c1', 'li');
      expect(events((await readable) ?? [], 'handoff.status').at(-1)?.value).toMatchObject({ state: 'accepted', agent: 'li' });
    });
  });

  describe('answering', () => {
    it('reaches the citizen as words of a person', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      await house.desk.say('c1', 'li', { text: '您好，请带户口簿。', messageId: 'm1' });
      expect((await house.logOf('c1')).at(-1)).toMatchObject({
        type: 'message',
        text: '您好，请带户口簿。',
        from: { id: 'agent', name: 'li', role: 'bot' },
        channelData: { origin: 'human' },
      });
    });

    it('the same message id, ten times at once, is said once', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const said = await Promise.all(Array.from({ length: 10 }, () => house.desk.say('c1', 'li', { text: '你好', messageId: 'm1' })));
      expect(new Set(said.map((outcome) => (outcome === 'not_yours' ? '' : outcome.activity.id))).size).toBe(1);
      expect((await house.logOf('c1')).filter((activity) => activity.text === '你好')).toHaveLength(1);
    });

    it('words and the end of the service at the same moment never put words after the end', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const [, ...said] = await Promise.all([
        house.desk.close('c1', 'li'),
        ...Array.from({ length: 5 }, (_, index) => house.desk.say('c1', 'li', { text: `话 ${index}`, messageId: `m${index}` })),
      ]);
      const log = await house.logOf('c1');
      const end = log.find((activity) => JSON.stringify(activity.value ?? '').includes('completed'))?.seq ?? 0;
      const words = log.filter((activity) => activity.channelData?.origin === 'human');
      expect(words.every((activity) => activity.seq < end)).toBe(true);
      expect(words).toHaveLength(said.filter((outcome) => outcome !== 'not_yours').length);
    });

    it('five closes at once end the service once', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const closed = await Promise.all(Array.from({ length: 5 }, () => house.desk.close('c1', 'li')));
      expect(closed.filter((outcome) => outcome === 'closed')).toHaveLength(1);
      expect(events(await house.logOf('c1'), 'rating.request')).toHaveLength(1);
    });

    it('only the holder may speak, type, release, transfer and close', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const before = (await house.logOf('c1')).length;
      expect(await house.desk.say('c1', 'wang', { text: '你好', messageId: 'm1' })).toBe('not_yours');
      expect(await house.desk.typing('c1', 'wang')).toBe(false);
      expect(await house.desk.release('c1', 'wang')).toBe('not_yours');
      expect(await house.desk.transfer('c1', 'wang', { skill: '医保' }, '')).toBe('not_yours');
      expect(await house.desk.close('c1', 'wang')).toBe('not_yours');
      expect(await house.logOf('c1')).toHaveLength(before);
    });

    it('typing is shown live and never stored', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      const heard: unknown[] = [];
      house.log.follow('c1', (event) => heard.push(event));
      const before = (await house.logOf('c1')).length;
      expect(await house.desk.typing('c1', 'li')).toBe(true);
      expect(heard).toMatchObject([{ kind: 'transient', activity: { type: 'typing' } }]);
      expect(await house.logOf('c1')).toHaveLength(before);
    });
  });

  describe('passing on', () => {
    it('release gives the conversation back to the bot and says so', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      expect(await house.desk.release('c1', 'li')).toBe('released');
      expect(await house.modeOf('c1')).toBe('bot');
      expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'released' });
      expect(await house.desk.mine('li')).toEqual([]);
      expect(events(await house.logOf('c1'), 'rating.request')).toHaveLength(0);
    });

    it('transfer to a skill goes back to the queue in the place of its waiting time, with the note; places count per skill', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      house.clock.now += 1000;
      await waits('c2');
      expect(await house.desk.transfer('c1', 'li', { skill: '公积金' }, '要看贷款')).toBe('transferred');
      expect(await house.desk.queue()).toMatchObject([
        { conversationId: 'c1', skill: '公积金', note: 'li 转来：要看贷款' },
        { conversationId: 'c2' },
      ]);
      expect(await house.modeOf('c1')).toBe('waiting');
      expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'waiting', position: 1 });
      expect((await statuses('c2')).at(-1)).toMatchObject({ state: 'waiting', position: 1 });
    });

    it('transfer to a colleague needs one who exists, may answer, and is on duty', async () => {
      const { db } = house.database;
      await addStaff(db, { name: 'wang', role: 'agent', passwordHash: '' }, 0);
      await addStaff(db, { name: 'ana', role: 'analyst', passwordHash: '' }, 0);
      await waits('c1');
      await house.desk.claim('c1', 'li');
      expect(await house.desk.transfer('c1', 'li', { user: 'nobody' }, '')).toBe('unknown_agent');
      expect(await house.desk.transfer('c1', 'li', { user: 'ana' }, '')).toBe('unknown_agent');
      expect(await house.desk.transfer('c1', 'li', { user: 'li' }, '')).toBe('same_agent');
      expect(await house.desk.transfer('c1', 'li', { user: 'wang' }, '')).toBe('agent_offline');
      await createSession(db, { tokenHash: 'h', staffName: 'wang', expiresAt: house.clock.now + 1e6 }, house.clock.now);
      expect(await house.desk.transfer('c1', 'li', { user: 'wang' }, '急')).toBe('transferred');
      expect(await house.desk.mine('wang')).toMatchObject([{ conversationId: 'c1', note: 'li 转来：急', agent: 'li', offeredTo: 'wang' }]);
      expect(await house.desk.claim('c1', 'wang')).toBe('claimed');
      expect(await house.desk.mine('li')).toEqual([]);
      expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'accepted', agent: 'wang' });
    });
  });

  describe('closing', () => {
    it('[R-141] ends the service, goes back to the bot and asks for the rating with its reasons', async () => {
      await waits('c1');
      await house.desk.claim('c1', 'li');
      expect(await house.desk.close('c1', 'li', '已解答')).toBe('closed');
      expect(await house.modeOf('c1')).toBe('bot');
      expect((await statuses('c1')).at(-1)).toMatchObject({ state: 'completed' });
      const [request] = events(await house.logOf('c1'), 'rating.request');
      expect(request?.value).toMatchObject({ reasonTags: expect.arrayContaining(['答非所问', '其他']) });
      expect(await house.desk.close('c1', 'li')).toBe('not_yours');
    });

    it('[R-141] asks for the rating once per conversation, and never when it is rated already', async () => {
      await waits('c1');
      for (let round = 0; round < 2; round++) {
        await house.asksForPerson('c1');
        await house.desk.claim('c1', 'li');
        await house.desk.close('c1', 'li');
      }
      expect(events(await house.logOf('c1'), 'rating.request')).toHaveLength(1);
      await waits('c2');
      await saveRating(house.database.db, { conversationId: 'c2', score: 5, tags: [], comment: null, channel: 'web', createdAt: 0 });
      await house.desk.claim('c2', 'li');
      await house.desk.close('c2', 'li');
      expect(events(await house.logOf('c2'), 'rating.request')).toHaveLength(0);
    });

    it('[R-141] does not ask somebody who would rather not rate', async () => {
      await waits('c1');
      await refuseRating(house.database.db, 'c1', 0);
      await house.desk.claim('c1', 'li');
      await house.desk.close('c1', 'li');
      expect(events(await house.logOf('c1'), 'rating.request')).toHaveLength(0);
    });

    it('a citizen cannot fake what the desk reads from the log', async () => {
      await house.arrive('c1');
      await house.append('c1', { type: 'event', name: 'rating.request', from: { id: 'x', role: 'user' } });
      await house.asksForPerson('c1');
      await house.append('c1', {
        type: 'event',
        name: 'handoff.status',
        from: { id: 'x', role: 'user' },
        value: { state: 'waiting', position: 9 },
      });
      await house.desk.queueMoved();
      expect((await statuses('c1')).at(-1)).toMatchObject({ position: 9 });
      await house.desk.claim('c1', 'li');
      await house.desk.close('c1', 'li');
      expect(events(await house.logOf('c1'), 'rating.request').filter((event) => event.from.role === 'bot')).toHaveLength(1);
    });
  });
});
