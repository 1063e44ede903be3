import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../handoff/testing/house.ts';
import { findRating, ratingRefused, ratingSettled } from '../store/ratings.ts';
import { ratingLevels, reasonTags } from './levels.ts';
import { CHANGEABLE_MS, submitRating } from './submit.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.arrive('c1');
});
afterEach(() => house.close());

const submit = (value: unknown) =>
  house.database.transaction((tx) => submitRating(tx, { conversationId: 'c1', channel: 'web', value, now: house.clock.now }));

describe('submitRating', () => {
  it('[R-141] stores score, reasons and comment', async () => {
    expect(await submit({ score: 2, tags: ['等待太久', '等待太久'], comment: ' 等了很久 ' })).toBe('saved');
    expect(await findRating(house.database.db, 'c1')).toMatchObject({ score: 2, tags: ['等待太久'], comment: '等了很久', channel: 'web' });
  });

  it('[R-141] a conversation has one rating, also when two arrive at once; it may be changed for a day', async () => {
    const outcomes = await Promise.all([submit({ score: 5 }), submit({ score: 1 })]);
    expect(outcomes.sort()).toEqual(['changed', 'saved']);
    const first = house.clock.now;
    house.clock.now += CHANGEABLE_MS;
    expect(await submit({ score: 2, comment: '想了想' })).toBe('changed');
    expect(await findRating(house.database.db, 'c1')).toMatchObject({
      score: 2,
      comment: '想了想',
      createdAt: first,
      changedAt: house.clock.now,
    });
    house.clock.now += 1;
    expect(await submit({ score: 5 })).toBe('already_rated');
    expect(await findRating(house.database.db, 'c1')).toMatchObject({ score: 2 });
  });

  it('[R-141] may be refused: that is remembered, and still leaves the choice to rate', async () => {
    expect(await submit({ declined: true })).toBe('declined');
    expect(await submit({ declined: true })).toBe('declined');
    expect(await ratingRefused(house.database.db, 'c1')).toBe(true);
    expect(await ratingSettled(house.database.db, 'c1')).toBe(true);
    expect(await ratingSettled(house.database.db, 'c2')).toBe(false);
    expect(await findRating(house.database.db, 'c1')).toBeUndefined();
    expect(await submit({ score: 4 })).toBe('saved');
  });

  it.each([
    undefined,
    null,
    'five',
    {},
    { score: 0 },
    { score: 6 },
    { score: 4.5 },
    { score: '5' },
    { score: Number.NaN },
    { score: 3, tags: 'x' },
    { score: 3, tags: Array.from({ length: 10 }, (_, index) => `t${index}`) },
    { score: 3, tags: ['长'.repeat(21)] },
    { score: 3, comment: '长'.repeat(501) },
    { score: 3, comment: 'a\u0000b' },
  ])('refuses %j in Chinese and stores nothing', async (value) => {
    const outcome = await submit(value);
    expect(outcome).toEqual({ invalid: expect.stringMatching(/\p{Script=Han}/u) });
    expect(await findRating(house.database.db, 'c1')).toBeUndefined();
  });
});

describe('levels', () => {
  it('[R-141] are the five of the state, two of them bad', () => {
    expect(ratingLevels.map((level) => level.name)).toEqual(['非常满意', '满意', '基本满意', '不满意', '非常不满意']);
    expect(ratingLevels.filter((level) => level.polarity === 'bad').map((level) => level.score)).toEqual([2, 1]);
  });
  it('every reason offered may be submitted', async () => {
    expect(await submit({ score: 1, tags: [...reasonTags] })).toBe('saved');
  });
});
