import { expect, test } from 'vitest';
import {
  activeHandoffsOf,
  claimHandoff,
  type Handoff,
  lostHandoffs,
  type NewHandoff,
  openHandoff,
  openHandoffOf,
  recentService,
  updateHandoff,
  waitingHandoffs,
} from './handoffs.ts';
import { addStaff, createSession } from './staff.ts';
import { makeConversation, onEachEngine } from './testing/engines.ts';

const request = (conversationId: string, more: Partial<NewHandoff> = {}): NewHandoff => ({
  id: `h-${conversationId}`,
  conversationId,
  reason: 'user_request',
  skill: 'general',
  urgency: 'general',
  summary: '身份证补领',
  ...more,
});

onEachEngine('handoffs', (store) => {
  test('[R-033] a conversation enters the queue once; asking again returns the same handoff', async () => {
    const { db } = store();
    await makeConversation(db);
    const first = await openHandoff(db, request('c1'), 1000);
    const expected: Handoff = {
      ...request('c1'),
      status: 'waiting',
      agent: null,
      note: null,
      wrapUp: null,
      waitingSince: 1000,
      claimedAt: null,
      closedAt: null,
      language: 'zh',
      requeuedAt: null,
      firstOwner: null,
      passedBy: null,
      passedAt: null,
      offeredTo: null,
      takenFrom: null,
    };
    expect(first).toEqual(expected);
    expect(await openHandoff(db, request('c1', { id: 'h-again', skill: '医保' }), 2000)).toEqual(first);
    expect(await openHandoffOf(db, 'c1')).toEqual(first);
    expect(await openHandoffOf(db, 'nobody')).toBeUndefined();
  });

  test('at the same moment too there is only one', async () => {
    const { db, another } = store();
    const second = await another();
    await makeConversation(db);
    const opened = await Promise.all(
      Array.from({ length: 10 }, (_, index) => openHandoff(index % 2 ? db : second.db, request('c1', { id: `h${index}` }), 1000)),
    );
    expect(new Set(opened.map((handoff) => handoff.id)).size).toBe(1);
    expect(await waitingHandoffs(db)).toHaveLength(1);
  });

  test('the queue is ordered by urgency, then waiting time, then id', async () => {
    const { db } = store();
    const queue: [string, NewHandoff['urgency'], number][] = [
      ['g1', 'general', 1],
      ['s2', 'sub_urgent', 5],
      ['u1', 'urgent', 9],
      ['s1', 'sub_urgent', 4],
      ['g3', 'general', 2],
      ['g2', 'general', 2],
    ];
    for (const [id, urgency, since] of queue) {
      await makeConversation(db, id);
      await openHandoff(db, request(id, { urgency }), since);
    }
    expect((await waitingHandoffs(db)).map((handoff) => handoff.conversationId)).toEqual(['u1', 's1', 's2', 'g1', 'g2', 'g3']);
  });

  test('of many agents who claim at once exactly one gets the conversation', async () => {
    const { db, another } = store();
    const second = await another();
    await makeConversation(db);
    await openHandoff(db, request('c1'), 1000);
    const agents = Array.from({ length: 10 }, (_, index) => `agent${index}`);
    const claims = await Promise.all(agents.map((agent, index) => claimHandoff(index % 2 ? db : second.db, 'c1', agent, 2000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const winner = agents[claims.indexOf(true)] ?? '';
    expect(await openHandoffOf(db, 'c1')).toMatchObject({ status: 'active', agent: winner, claimedAt: 2000 });
    expect((await activeHandoffsOf(db, winner)).map((handoff) => handoff.id)).toEqual(['h-c1']);
    expect(await waitingHandoffs(db)).toEqual([]);
    expect(await claimHandoff(db, 'nobody', 'agent1', 1)).toBe(false);
  });

  test('given back, transferred, closed: only the given fields change, and a closed one can be followed by a new one', async () => {
    const { db } = store();
    await makeConversation(db);
    await openHandoff(db, request('c1'), 1000);
    await claimHandoff(db, 'c1', 'li', 2000);
    await updateHandoff(db, 'h-c1', {
      status: 'waiting',
      agent: null,
      claimedAt: null,
      skill: '医保',
      note: '问报销',
      waitingSince: 3000,
      urgency: 'urgent',
    });
    expect(await openHandoffOf(db, 'c1')).toMatchObject({
      status: 'waiting',
      agent: null,
      skill: '医保',
      note: '问报销',
      waitingSince: 3000,
      summary: '身份证补领',
    });
    expect(await activeHandoffsOf(db, 'li')).toEqual([]);
    await updateHandoff(db, 'h-c1', { status: 'closed', wrapUp: '已答复', closedAt: 4000 });
    expect(await openHandoffOf(db, 'c1')).toBeUndefined();
    expect((await openHandoff(db, request('c1', { id: 'h2' }), 5000)).id).toBe('h2');
    await expect(updateHandoff(db, 'nobody', { note: 'x' })).rejects.toThrow('nobody');
  });

  test('one who lost their agent goes before all others of the same urgency, after the urgent', async () => {
    const { db } = store();
    for (const [id, urgency, since] of [
      ['g1', 'general', 1],
      ['g2', 'general', 5],
      ['u1', 'urgent', 9],
    ] as const) {
      await makeConversation(db, id);
      await openHandoff(db, request(id, { urgency, language: 'en' }), since);
    }
    await updateHandoff(db, 'h-g2', { requeuedAt: 10 });
    expect((await waitingHandoffs(db)).map((handoff) => [handoff.conversationId, handoff.language])).toEqual([
      ['u1', 'en'],
      ['g2', 'en'],
      ['g1', 'en'],
    ]);
  });

  test('those whose agent was not seen any more, and not those just claimed', async () => {
    const { db } = store();
    await addStaff(db, { name: 'li', role: 'agent', passwordHash: '' }, 0);
    await addStaff(db, { name: 'wang', role: 'agent', passwordHash: '' }, 0);
    await createSession(db, { tokenHash: 'l', staffName: 'li', expiresAt: 1e9 }, 1000);
    await createSession(db, { tokenHash: 'w', staffName: 'wang', expiresAt: 1e9 }, 5000);
    for (const [id, agent, at] of [
      ['c1', 'li', 1000],
      ['c2', 'wang', 1000],
      ['c3', 'li', 4500],
    ] as const) {
      await makeConversation(db, id);
      await openHandoff(db, request(id), at);
      await claimHandoff(db, id, agent, at);
    }
    expect(await lostHandoffs(db, 4000)).toEqual([{ conversationId: 'c1', agent: 'li' }]);
    expect(await lostHandoffs(db, 500)).toEqual([]);
  });

  test('how long recent citizens of a queue waited and were served', async () => {
    const { db } = store();
    for (const [id, since, claimed, closed] of [
      ['c1', 0, 100, 600],
      ['c2', 200, 500, undefined],
    ] as const) {
      await makeConversation(db, id);
      await openHandoff(db, request(id), since);
      await claimHandoff(db, id, 'li', claimed);
      if (closed !== undefined) await updateHandoff(db, `h-${id}`, { status: 'closed', closedAt: closed });
    }
    expect(await recentService(db, 'general', 0, 10)).toEqual([
      { waited: 300, handled: undefined },
      { waited: 100, handled: 500 },
    ]);
    expect(await recentService(db, 'general', 200, 10)).toHaveLength(1);
    expect(await recentService(db, '医保', 0, 10)).toEqual([]);
  });
});
