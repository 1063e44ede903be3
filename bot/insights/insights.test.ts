import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../handoff/testing/house.ts';
import type { Outcome } from '../outcome.ts';
import { saveRating } from '../store/ratings.ts';
import { recordTurn } from '../store/turns.ts';
import { breakdownOf } from './breakdown.ts';
import { type ConversationFacts, readFacts } from './facts.ts';
import { figuresOf } from './figures.ts';
import { findGaps } from './gaps.ts';
import { flagsOf, inspect } from './quality.ts';

let house: House;
const start = Date.parse('2026-03-02T01:00:00Z');
const period = { from: start - 1, to: start + 86_400_000 };
let turns = 0;

/** One message of the citizen through the inbox, with what the turn made of it. */
async function turn(id: string, text: string, outcome: Outcome, citations: string[] = []): Promise<void> {
  const { database, clock } = house;
  await house.says(id, text);
  const seq = (await house.logOf(id)).at(-1)?.seq ?? 0;
  turns += 1;
  const row = await database.db
    .insertInto('inbox')
    .values({
      channel: 'web',
      message_id: `m${turns}`,
      conversation_id: id,
      activity_id: `${id}|${seq}`,
      seq,
      status: 'done',
      attempts: 1,
      received_at: clock.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordTurn(database.db, {
    id: `t${turns}`,
    conversationId: id,
    inboxId: Number(row.id),
    outcome,
    reason: null,
    commands: [],
    citations,
    confidence: 1,
    timings: {},
    createdAt: clock.now,
  });
}

beforeAll(async () => {
  house = await openHouse();
  for (const id of ['a', 'b', 'c', 'd']) await house.arrive(id);
  await turn('a', '居住证要什么材料', 'answered', ['residence#materials']);
  await turn('b', '飞机能不能带宠物，我电话13812345678', 'unanswerable_not_found');
  await turn('c', '飞机可以带宠物吗', 'unanswerable_not_found');
  await turn('c', '身份证补办', 'answered', ['id-card#steps', 'id-card#fee']);
  await turn('d', '找人工', 'handed_over');
  await house.asksForPerson('d');
  house.clock.now += 60_000;
  await house.desk.claim('d', 'li');
  await house.desk.say('d', 'li', { text: '你自己看网站不行吗', messageId: 'x' });
  await saveRating(house.database.db, {
    conversationId: 'a',
    score: 5,
    tags: [],
    comment: null,
    channel: 'web',
    createdAt: house.clock.now,
  });
  await saveRating(house.database.db, {
    conversationId: 'd',
    score: 1,
    tags: [],
    comment: null,
    channel: 'web',
    createdAt: house.clock.now,
  });
});
afterAll(() => house.close());

const facts = async () => (await readFacts(house.database.db, period)) as ConversationFacts[];
const figureOf = async (id: string) => figuresOf(await facts()).find((figure) => figure.id === id)?.value;

describe('[R-024] figures counted by hand', () => {
  it('self-service, containment, handoff, satisfaction, waiting', async () => {
    expect(await figureOf('conversations')).toBe(4);
    // a and c got an answer without a person; b lost its only question; d went to a person.
    expect(await figureOf('self_service')).toBe(2 / 4);
    expect(await figureOf('containment')).toBe(2 / 4);
    expect(await figureOf('handoff')).toBe(1 / 4);
    // a is rated 5, c helped itself; b lost, d is rated 1.
    expect(await figureOf('resolution')).toBe(2 / 4);
    expect(await figureOf('satisfaction')).toBe(1 / 2);
    expect(await figureOf('mean_score')).toBe(3);
    expect(await figureOf('handoff_wait_median')).toBe(60);
    expect(await figureOf('abandoned')).toBe(0);
    expect(await figureOf('answered_turns')).toBe(3 / 5);
  });

  it('who still waits has not been let down; who left the queue without anybody has', async () => {
    const [talk] = (await facts()).filter((one) => one.id === 'd');
    const [handoff] = talk?.handoffs ?? [];
    if (!talk || !handoff) throw new Error('conversation d was not handed over');
    const abandoned = (status: 'waiting' | 'closed') =>
      figuresOf([talk, { ...talk, id: 'e', handoffs: [{ ...handoff, status, claimedAt: null }] }]).find((one) => one.id === 'abandoned');
    expect(abandoned('waiting')).toMatchObject({ value: 0, n: 1 });
    expect(abandoned('closed')).toMatchObject({ value: 1 / 2, n: 2 });
  });

  it('each leads to the conversations behind it, and says nothing where nothing can be counted', async () => {
    const figures = figuresOf(await facts());
    expect(figures.find((figure) => figure.id === 'containment')?.conversations.toSorted()).toEqual(['b', 'd']);
    expect(
      figuresOf([])
        .filter((figure) => figure.id !== 'conversations')
        .every((figure) => figure.value === null && figure.n === 0),
    ).toBe(true);
    expect(await readFacts(house.database.db, { ...period, channel: 'sms' })).toEqual([]);
    expect(await readFacts(house.database.db, { from: 0, to: 1 })).toEqual([]);
  });

  it('by day, channel, department and item', async () => {
    const { days, channels, departments, items, outcomes } = breakdownOf(await facts(), (id) => (id === 'id-card' ? '公安局' : undefined));
    expect(days).toMatchObject([{ key: '2026-03-02', conversations: 4, handedOver: 1, turns: 5, answeredTurns: 3 }]);
    expect(channels).toMatchObject([{ key: 'web', conversations: 4 }]);
    expect(departments).toMatchObject([{ key: '公安局', conversations: 1 }]);
    expect(items.map((row) => row.itemId).toSorted()).toEqual(['id-card', 'residence']);
    expect(outcomes[0]).toEqual({ outcome: 'answered', turns: 2 });
  });
});

describe('what is missing and what went wrong', () => {
  it('unanswered questions are one gap in two wordings, identifiers masked', async () => {
    const [gap] = await findGaps(house.database.db, await facts());
    expect(gap).toMatchObject({ count: 2, conversations: ['b', 'c'] });
    expect(JSON.stringify(gap)).not.toContain('13812345678');
    expect([gap?.question, ...(gap?.wordings ?? [])].join()).toContain('飞机');
  });

  it('[R-134] a rude sentence is flagged with its place; a polite one is not', async () => {
    const words = { forbidden: ['自己看网站'], attitude: [], greeting: ['您好'] };
    const flags = await inspect(house.database.db, period, words);
    expect(flags).toMatchObject([
      { kind: 'forbidden_phrase', conversationId: 'd', agent: 'li', words: '自己看网站' },
      { kind: 'no_greeting', conversationId: 'd' },
    ]);
    expect(flagsOf([{ seq: 1, text: '您好，我来帮您', at: 5000 }], 0, words)).toEqual([]);
    expect(flagsOf([{ seq: 1, text: '您好', at: 90_000 }], 0, words)).toMatchObject([{ kind: 'slow_first_answer', words: '90 秒' }]);
  });
});
