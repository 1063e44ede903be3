/** Remote assistance through the whole core: agent and citizen fill in a flow together. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consentEvent, inviteEvent, words } from '../bot/handoff/together.ts';
import { openHouse, type TestHouse } from './support/house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  expect(house.complaints).toEqual([]);
  await house.close();
});

const flow = 'residence-permit-eligibility';
async function withAgent() {
  const citizen = await house.citizen();
  await citizen.says('转人工');
  await house.house.desk.claim(citizen.conversationId, 'li');
  const invite = async (messageId: string) => {
    await house.house.core.tellTurn(citizen.conversationId, messageId, {
      name: inviteEvent,
      value: { flow, agent: '小李' },
      from: { id: 'agent', name: '小李', role: 'bot' },
    });
    await house.house.core.settled(citizen.conversationId);
  };
  return { citizen, invite };
}

it('[R-063] nothing is asked before the yes; then the bot asks and the agent sees every answer; consent is in the log once', async () => {
  const { citizen, invite } = await withAgent();
  await invite('one');
  await invite('one');
  const invitations = (await citizen.log()).filter((activity) => activity.text?.includes('一起办'));
  expect(invitations).toHaveLength(1);
  // What is no answer to the invitation stays with the agent.
  expect((await citizen.says('要多久')).turn.outcome).toBe('with_agent');
  const begun = await citizen.says(words.yes);
  expect(begun.turn.outcome).toBe('in_flow');
  const consents = (await citizen.log()).filter((activity) => activity.name === consentEvent);
  expect(consents).toHaveLength(1);
  expect(consents[0]?.value).toMatchObject({ agreed: true, flow, agent: '小李' });
  const question = begun.text;
  const next = await citizen.says(begun.buttons[0] ?? '');
  expect(next.turn.outcome).toMatch(/in_flow|flow_completed/);
  expect(next.text).not.toBe(question);
  expect((await citizen.conversation()).mode).toBe('agent');
  expect((await citizen.says('工本费到底多少钱啊？')).turn.outcome).toBe('with_agent');
});

it('[R-063] a yes to the agent is no yes to an invitation that has passed, nor to one of a service that has ended', async () => {
  const { citizen, invite } = await withAgent();
  const { desk } = house.house;
  await invite('passed');
  await desk.say(citizen.conversationId, 'li', { text: '明天上午来取可以吗？', messageId: 'm1' });
  expect((await citizen.says('可以')).turn.outcome).toBe('with_agent');
  await desk.close(citizen.conversationId, 'li');
  await citizen.says('转人工');
  await desk.claim(citizen.conversationId, 'li');
  expect((await citizen.says('同意')).turn.outcome).toBe('with_agent');
  expect((await citizen.log()).filter((activity) => activity.name === consentEvent)).toEqual([]);
});

it('[R-063] a no ends it, and is kept too', async () => {
  const { citizen, invite } = await withAgent();
  await invite('two');
  expect((await citizen.says(words.no)).text).toContain(words.declined);
  expect((await citizen.log()).filter((activity) => activity.name === consentEvent)[0]?.value).toMatchObject({ agreed: false });
  expect((await citizen.says('好的')).turn.outcome).toBe('with_agent');
});
