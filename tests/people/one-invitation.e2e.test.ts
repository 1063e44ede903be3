/** Who asks for the rating, and how often: the agent who ends the service and the bot that is bid goodbye must not both ask. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRating } from '../../bot/store/ratings.ts';
import { type Citizen, openHouse, type TestHouse } from '../support/house.ts';

let test: TestHouse;
let citizen: Citizen;
beforeEach(async () => {
  test = await openHouse();
  citizen = await test.citizen();
  await citizen.says('身份证丢了怎么补办');
});
afterEach(() => test.close());

/** A person takes the conversation and ends it. */
async function served(): Promise<void> {
  await citizen.says('转人工');
  expect(await test.house.desk.claim(citizen.conversationId, 'li')).toBe('claimed');
  expect(await test.house.desk.close(citizen.conversationId, 'li')).toBe('closed');
}
const invitations = async () => (await citizen.log()).filter((one) => one.name === 'rating.request').length;

describe('[R-143] each case gets exactly one invitation', () => {
  it('from the agent, and none again from the bot that is bid goodbye, nor from the next agent', async () => {
    await served();
    expect(await invitations()).toBe(1);
    await citizen.says('再见');
    await served();
    await citizen.says('谢谢，再见');
    expect(await invitations()).toBe(1);
  });

  it('from the bot, and none again from the agent', async () => {
    await citizen.says('再见');
    expect(await invitations()).toBe(1);
    await served();
    expect(await invitations()).toBe(1);
  });

  it('none to somebody who has refused or rated; a refusal leaves the choice', async () => {
    await citizen.sends('rating.submit', { declined: true });
    await served();
    await citizen.says('再见');
    expect(await invitations()).toBe(0);
    await citizen.sends('rating.submit', { score: 4 });
    expect(await findRating(test.house.database.db, citizen.conversationId)).toMatchObject({ score: 4 });
  });

  it('[R-126] a bad rating opens one order, however often it is given again and looked for', async () => {
    await served();
    await citizen.sends('rating.submit', { score: 1, tags: ['态度不好'] });
    await Promise.all([test.house.people.sweep(), test.house.people.sweep()]);
    await citizen.sends('rating.submit', { score: 2 });
    await test.house.people.sweep();
    const orders = await test.house.database.db.selectFrom('work_orders').select('kind').execute();
    expect(orders).toEqual([{ kind: 'bad_rating' }]);
    expect((await citizen.log()).filter((one) => /工单号? ?GD\d{10}/.test(one.text ?? '')).length).toBe(1);
  });
});
