import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listNotes } from '../store/notes.ts';
import { addStaff, createSession } from '../store/staff.ts';
import { unseenNotices } from '../store/staff-notices.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { runningConversations } from './running.ts';
import { type House, openHouse } from './testing/house.ts';

let house: House;
const db = () => house.database.db;
const told = async (staff: string) => (await unseenNotices(db(), staff)).map(({ kind, text }) => `${kind} ${text}`);
const lastMessage = async (id: string) => (await house.logOf(id)).findLast(({ type }) => type === 'message')?.text;
const onDuty = (name: string) =>
  createSession(db(), { tokenHash: `h-${name}-${house.clock.now}`, staffName: name, expiresAt: house.clock.now + 1e8 }, house.clock.now);

/** li has taken c1; everybody is at the desk. */
async function liHasIt(): Promise<void> {
  await house.arrive('c1');
  await house.says('c1', '公积金怎么提取');
  await house.asksForPerson('c1');
  await house.desk.claim('c1', 'li');
}

onEachEngine('passing on', (store) => {
  beforeEach(async () => {
    house = await openHouse({ given: store().database });
    for (const name of ['li', 'wang', 'sup']) {
      await addStaff(db(), { name, role: name === 'sup' ? 'supervisor' : 'agent', passwordHash: '' }, 0);
      await onDuty(name);
    }
    await liHasIt();
  });
  afterEach(() => house.close());

  describe('[R-080] who passes a conversation on stays responsible until the receiver accepts', () => {
    it('both see it, the first owner is named, the citizen hears nothing before somebody accepts', async () => {
      const before = (await house.logOf('c1')).length;
      expect(await house.desk.transfer('c1', 'li', { user: 'wang' }, '要看贷款')).toBe('transferred');
      expect(await house.logOf('c1')).toHaveLength(before);
      const entry = { agent: 'li', offeredTo: 'wang', firstOwner: 'li', passedBy: 'li', note: 'li 转来：要看贷款' };
      expect(await house.desk.mine('li')).toMatchObject([entry]);
      expect(await house.desk.mine('wang')).toMatchObject([entry]);
      expect(await told('wang')).toEqual(['offered li 请您接手：公积金怎么提取']);
      expect(await house.desk.say('c1', 'li', { text: '请稍等', messageId: 'm1' })).not.toBe('not_yours');
      expect(await house.desk.claim('c1', 'wang')).toBe('claimed');
      expect(await lastMessage('c1')).toContain('已为您转给工作人员 wang');
      expect(await house.desk.mine('wang')).toMatchObject([{ agent: 'wang', offeredTo: null, firstOwner: 'li', passedBy: null }]);
      expect(await house.desk.say('c1', 'li', { text: '还有', messageId: 'm2' })).toBe('not_yours');
    });

    it('answering accepts, and the citizen reads who answers before the answer', async () => {
      await house.desk.transfer('c1', 'li', { user: 'wang' }, '');
      await house.desk.say('c1', 'wang', { text: '您好，我来办', messageId: 'm1' });
      const texts = (await house.logOf('c1')).filter(({ type }) => type === 'message').map(({ text }) => text);
      expect(texts.slice(-2)).toEqual([expect.stringContaining('wang'), '您好，我来办']);
      expect(await house.desk.mine('li')).toEqual([]);
    });

    it('the colleague may say no, the owner may take the offer back, and a stranger can do neither', async () => {
      await house.desk.transfer('c1', 'li', { user: 'wang' }, '');
      expect(await house.desk.decline('c1', 'sup')).toBe('not_offered');
      expect(await house.desk.decline('c1', 'wang')).toBe('declined');
      expect(await told('li')).toEqual(['declined wang 现在不能接手，仍由您负责：公积金怎么提取']);
      expect(await house.desk.mine('wang')).toEqual([]);
      await house.desk.transfer('c1', 'li', { user: 'wang' }, '');
      expect(await house.desk.decline('c1', 'li')).toBe('declined');
      expect(await house.desk.mine('li')).toMatchObject([{ agent: 'li', offeredTo: null }]);
    });

    it('what nobody accepts in time goes back to the owner, who is told: from a colleague, and from a queue', async () => {
      await house.desk.transfer('c1', 'li', { user: 'wang' }, '');
      expect(await house.desk.returnPassed(house.clock.now - 1)).toBe(0);
      expect(await house.desk.returnPassed(house.clock.now)).toBe(1);
      expect(await house.desk.mine('wang')).toEqual([]);
      expect(await told('li')).toEqual(['returned wang 没有及时接手，仍由您负责：公积金怎么提取']);
      await house.desk.transfer('c1', 'li', { skill: '公积金' }, '');
      expect(await house.modeOf('c1')).toBe('waiting');
      expect(await house.desk.queue()).toMatchObject([{ passedBy: 'li', firstOwner: 'li' }]);
      expect(await house.desk.returnPassed(house.clock.now)).toBe(1);
      expect(await house.modeOf('c1')).toBe('agent');
      expect(await house.desk.mine('li')).toMatchObject([{ agent: 'li', passedBy: null }]);
      expect(await lastMessage('c1')).toBe('暂时没有其他同事能接手，还是由工作人员 li 为您服务。');
    });

    it('a conversation in a queue stays there while its owner is away', async () => {
      await house.desk.transfer('c1', 'li', { skill: '公积金' }, '');
      house.clock.now += 3_600_000;
      expect(await house.desk.returnPassed(house.clock.now)).toBe(0);
      expect(await house.modeOf('c1')).toBe('waiting');
    });
  });

  describe('[R-133] a supervisor takes over', () => {
    it('the agent is told why, the citizen hears one sentence, a note keeps it', async () => {
      expect(await house.desk.takeOver('c1', 'sup', '市民投诉态度')).toBe('taken_over');
      expect(await told('li')).toEqual(['taken_over sup 接管了您的对话“公积金怎么提取”：市民投诉态度']);
      expect(await lastMessage('c1')).toBe('接下来由工作人员 sup 为您服务。之前的对话都能看到，您不用重复。');
      expect(await listNotes(db(), 'c1')).toMatchObject([{ staff: 'sup', text: '接管了 li 的对话：市民投诉态度' }]);
      expect(await house.desk.mine('li')).toEqual([]);
      expect(await house.desk.say('c1', 'li', { text: '我还在', messageId: 'm1' })).toBe('not_yours');
      expect(await house.desk.takeOver('c1', 'sup')).toBe('yours');
    });

    it('what nobody holds is not taken over', async () => {
      await house.desk.release('c1', 'li');
      expect(await house.desk.takeOver('c1', 'sup')).toBe('not_active');
      expect(await house.desk.takeOver('unknown', 'sup')).toBe('not_active');
    });

    it('against close, release and transfer at the same moment exactly one wins, and nothing is said by who lost it', async () => {
      for (const [index, act] of [
        () => house.desk.close('c1', 'li'),
        () => house.desk.release('c1', 'li'),
        () => house.desk.transfer('c1', 'li', { skill: '医保' }, ''),
      ].entries()) {
        if (index > 0) {
          await house.asksForPerson('c1');
          await house.desk.claim('c1', 'li');
        }
        const [mine, theirs] = await Promise.all([act(), house.desk.takeOver('c1', 'sup')]);
        expect([mine !== 'not_yours', theirs === 'taken_over'].filter(Boolean)).toHaveLength(1);
        const holders = (await house.desk.mine('sup')).length + (await house.desk.mine('li')).length;
        expect(holders).toBe(theirs === 'taken_over' ? 1 : 0);
        await house.desk.close('c1', 'sup');
        await house.desk.claim('c1', 'sup');
        await house.desk.close('c1', 'sup');
      }
    });

    it('a whisper reaches the agent and never the citizen', async () => {
      const news: unknown[] = [];
      house.desk.onNews((one) => news.push(one));
      const before = (await house.logOf('c1')).length;
      await house.desk.note('c1', 'sup', '先安抚，再查单号');
      expect(await told('li')).toEqual(['whisper sup 悄悄说：先安抚，再查单号']);
      expect(news).toEqual([
        { kind: 'note', conversationId: 'c1' },
        { kind: 'told', staff: 'li' },
      ]);
      await house.desk.note('c1', 'li', '好的');
      expect(await told('sup')).toEqual([]);
      expect(await house.logOf('c1')).toHaveLength(before);
    });
  });

  it('[R-082] the list of running conversations says who holds what, the last words, and since when the citizen waits', async () => {
    const taken = house.clock.now;
    expect(await runningConversations(db())).toMatchObject([{ agent: 'li', clock: { kind: 'first', since: taken } }]);
    house.clock.now += 30_000;
    await house.desk.say('c1', 'li', { text: '您好', messageId: 'm1' });
    expect(await runningConversations(db())).toMatchObject([{ last: { text: '您好' }, clock: null }]);
    house.clock.now += 30_000;
    const asked = house.clock.now;
    await house.says('c1', '要带什么');
    house.clock.now += 30_000;
    await house.says('c1', '在吗');
    expect(await runningConversations(db())).toMatchObject([{ last: { text: '在吗' }, clock: { kind: 'answer', since: asked } }]);
  });
});
