import { beforeEach, expect, it } from 'vitest';
import { createConversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import { claimHandoff, openHandoff } from '../store/handoffs.ts';
import { facetsOf } from '../store/ratings.ts';
import { ratedConversations, ratingFigures, ratingGroups, ratingTotals } from '../store/ratings-statistics.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { recordTurn } from '../store/turns.ts';
import { answered, openOffice, supervisor } from '../work-orders/testing/office.ts';
import { submitRating } from './submit.ts';

let db: Db;
const period = { since: 0, until: 10_000 };

/** A rated conversation: its channel, who answered, the flow it went through, what was cited. */
async function rated(
  id: string,
  score: number,
  {
    channel = 'web',
    agent,
    flow,
    items = [],
    at = 1000,
  }: { channel?: string; agent?: string; flow?: string; items?: string[]; at?: number } = {},
): Promise<void> {
  await createConversation(db, { id, channel, userId: 'u', locale: 'zh-CN' }, at);
  const turn = { conversationId: id, inboxId: 1, commands: [], confidence: null, timings: {}, createdAt: at };
  if (flow) await recordTurn(db, { ...turn, id: `${id}-f`, outcome: 'flow_completed', reason: flow, citations: [] });
  await recordTurn(db, { ...turn, id: `${id}-a`, outcome: 'answered', reason: null, citations: items });
  if (agent) {
    await openHandoff(db, { id: `h-${id}`, conversationId: id, reason: 'asked', skill: 'general', urgency: 'general', summary: '' }, at);
    await claimHandoff(db, id, agent, at);
  }
  expect(await submitRating(db, { conversationId: id, channel, value: { score }, now: at })).toBe('saved');
}

onEachEngine('rating statistics', (store) => {
  beforeEach(async () => {
    db = store().db;
    await db
      .insertInto('knowledge_versions')
      .values(
        [
          ['guide.id-card', '安澜市公安局'],
          ['guide.hpf', '安澜市住房公积金管理中心'],
        ].map(([id, department]) => ({
          pack: 'p',
          id: id ?? '',
          version: 1,
          status: 'published' as const,
          kind: 'guide',
          title: '',
          body_json: JSON.stringify({ department }),
          digest: '',
          valid_to: null,
          author: null,
          created_at: 0,
          updated_at: 0,
          published_at: 0,
        })),
      )
      .execute();
  });

  it('[R-140] per channel, agent, flow, knowledge item and department, with the totals', async () => {
    await rated('c1', 5, { agent: 'li', items: ['guide.id-card'] });
    await rated('c2', 1, { agent: 'li', flow: 'id-card-materials', items: ['guide.id-card', 'guide.hpf'] });
    await rated('c3', 3, { channel: 'sms', flow: 'id-card-materials' });
    await rated('c4', 5, { channel: 'sms', agent: 'wang', at: 10_000 });
    expect(await ratingTotals(db, period)).toEqual({ count: 3, scores: [1, 0, 1, 0, 1], average: 3, satisfaction: 2 / 3, bad: 1 / 3 });
    const brief = async (by: (typeof ratingGroups)[number]) =>
      (await ratingFigures(db, by, period)).map(({ value, count, average }) => [value, count, average]);
    expect(await brief('channel')).toEqual([
      ['web', 2, 3],
      ['sms', 1, 3],
    ]);
    expect(await brief('agent')).toEqual([['li', 2, 3]]);
    expect(await brief('flow')).toEqual([['id-card-materials', 2, 2]]);
    expect(await brief('item')).toEqual([
      ['guide.id-card', 2, 3],
      ['guide.hpf', 1, 1],
    ]);
    expect(await brief('department')).toEqual([
      ['安澜市公安局', 2, 3],
      ['安澜市住房公积金管理中心', 1, 1],
    ]);
    expect(await ratedConversations(db, 'item', 'guide.hpf', period, 10)).toEqual([{ conversationId: 'c2', score: 1 }]);
    expect(await ratedConversations(db, 'channel', 'web', period, 1)).toHaveLength(1);
  });

  it('no ratings: counts of zero, and no rate made up', async () => {
    expect(await ratingTotals(db, period)).toEqual({ count: 0, scores: [0, 0, 0, 0, 0], average: null, satisfaction: null, bad: null });
    for (const by of ratingGroups) expect(await ratingFigures(db, by, period)).toEqual([]);
  });

  it('a department that had an order of the conversation is counted too, also after the order was reopened', async () => {
    const office = openOffice(store().database, { rate: 0 });
    await office.arrive('c1');
    const order = await office.take();
    await answered(office, order.id);
    await office.orders.act(order.id, { action: 'reopen', note: '没好' }, supervisor);
    await submitRating(db, { conversationId: 'c1', channel: 'web', value: { score: 2 }, now: 1000 });
    expect(await facetsOf(db, 'c1')).toEqual([{ facet: 'department', value: '城管局' }]);
  });

  it('a changed rating is counted with its new score, for what the conversation concerns by then', async () => {
    await rated('c1', 1);
    await openHandoff(db, { id: 'h1', conversationId: 'c1', reason: 'asked', skill: 'general', urgency: 'general', summary: '' }, 2000);
    await claimHandoff(db, 'c1', 'wang', 2000);
    expect(await submitRating(db, { conversationId: 'c1', channel: 'web', value: { score: 4 }, now: 3000 })).toBe('changed');
    expect(await ratingFigures(db, 'agent', period)).toMatchObject([{ value: 'wang', count: 1, average: 4 }]);
    expect(await facetsOf(db, 'c1')).toEqual([{ facet: 'agent', value: 'wang' }]);
  });
});
