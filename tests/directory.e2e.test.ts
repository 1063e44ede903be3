/** Lists, lines and failures as citizens meet them, through the whole core. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type TestHouse } from './support/house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  expect(house.complaints).toEqual([]);
  await house.close();
});

describe('[R-025] lists of errands', () => {
  it('a number of the list leads to its errand, 还有哪些 to the next page', async () => {
    const citizen = await house.citizen();
    const first = await citizen.says('企业有哪些事可以办');
    expect(first.turn.outcome).toBe('answered');
    expect(first.citations.length).toBeGreaterThan(3);
    const second = await citizen.says('还有哪些');
    expect(second.turn.reason).toBe('list:audience');
    expect(second.buttons.slice(0, 3).filter((one) => first.buttons.includes(one))).toEqual([]);
    const third = await citizen.says('3');
    expect(third.text).toContain(`**${second.buttons[2]}**`);
  });

  it('a theme that is offered beside the list is a list, by its button and by its name', async () => {
    const citizen = await house.citizen();
    await citizen.says('企业有哪些事可以办');
    expect((await citizen.says('跟创业开店有关的事有哪些')).turn.reason).toBe('list:topic');
    await citizen.says('企业有哪些事可以办');
    expect((await citizen.says('创业开店')).turn.reason).toBe('list:topic');
  });

  it('还有吗 without a list is no list', async () => {
    const citizen = await house.citizen();
    expect((await citizen.says('还有吗')).turn.reason ?? '').not.toMatch(/^list/);
  });
});

describe('[R-036] where the assistant can’t help', () => {
  const ways = /电话：\*\*12345\*\*，全天 24 小时[\s\S]*到现场：安澜市政务服务中心[\s\S]*上网：https:/;
  it('every failure names telephone, window and website with their hours', async () => {
    const citizen = await house.citizen();
    expect((await citizen.says('无人机飞行许可怎么办')).text).toMatch(ways);
    expect((await citizen.says('12399是什么电话')).text).toMatch(ways);
  });

  it('what is not understood asks once more before that', async () => {
    const citizen = await house.citizen();
    expect((await citizen.says('zxcvbn')).text).not.toMatch(ways);
    expect((await citizen.says('qwertz')).text).toMatch(ways);
  });

  it('[R-037] a complaint nobody wrote an answer for is taken in by people, with the department that is in charge', async () => {
    const citizen = await house.citizen();
    const reply = await citizen.says('我要举报饭店后厨脏');
    expect(reply.text).toMatch(/要人来处理.*市场监督管理局[\s\S]*转人工/);
    expect(reply.buttons).toContain('转人工');
  });
});

describe('[R-125] lines of other services', () => {
  it('are told with number and hours, and the handing on is on record', async () => {
    const citizen = await house.citizen();
    const reply = await citizen.says('停电了打什么电话');
    expect(reply.text).toContain('95598');
    expect(reply.turn).toMatchObject({ outcome: 'answered', reason: 'line-power' });
  });

  it('an emergency at the same place goes first', async () => {
    const citizen = await house.citizen();
    expect((await citizen.says('燃气泄漏着火了怎么办')).turn.outcome).toBe('emergency_routed');
  });
});
