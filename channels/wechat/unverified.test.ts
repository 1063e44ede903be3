import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { LocalRecogniser } from '../../bot/understand/local.ts';
import { type Harness, startHarness } from './testing/harness.ts';

/** The platform's five seconds, five times faster. */
const hangUpMs = 1000;
let at: Harness;
beforeAll(async () => {
  at = await startHarness({ accounts: [{ kind: 'official-account', type: 'unverified' }], hangUpMs, waits: { lastReplyMs: 750 } });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  expect(at.platform.errors).toEqual([]);
  expect(at.platform.calledPath('/cgi-bin/message/custom/send')).toEqual([]);
  await at.close();
});

/** From now on the core thinks for so long. */
function thinkFor(ms: number): void {
  const { recognise } = LocalRecogniser.prototype;
  vi.spyOn(LocalRecogniser.prototype, 'recognise').mockImplementation(async function (this: LocalRecogniser, input) {
    await sleep(ms);
    return recognise.call(this, input);
  });
}
const fee = /每证 20 元/;

describe('an account that may only answer in the response', () => {
  it('answers at once when the core is fast', async () => {
    const citizen = at.citizen('oFast');
    await citizen.does('subscribe');
    const seen = await citizen.says('居住证要多少钱');
    expect(seen).toMatchObject([{ by: 'reply', text: expect.stringMatching(fee) }]);
  });

  it('lets the platform deliver again and answers then', async () => {
    const citizen = at.citizen('oSecond');
    await citizen.does('subscribe');
    thinkFor(1300);
    const seen = await citizen.says('居住证要多少钱');
    expect(seen).toMatchObject([{ by: 'reply', text: expect.stringMatching(fee) }]);
  });

  it('says on the last delivery that it is still looking, and hands the answer out when asked, once', async () => {
    const citizen = at.citizen('oLate');
    await citizen.does('subscribe');
    thinkFor(3600);
    const seen = await citizen.says('居住证要多少钱');
    expect(seen).toMatchObject([{ by: 'reply', text: expect.stringMatching(/回复“继续”/) }]);
    vi.restoreAllMocks();
    expect(await citizen.says('继续')).toMatchObject([{ by: 'reply', text: expect.stringMatching(fee) }]);
    // Nothing is left: now it is a word like any other.
    expect((await citizen.says('继续'))[0]?.text).not.toMatch(fee);
  });

  it('hands a late answer out with the next one, in order', async () => {
    const citizen = at.citizen('oBoth');
    await citizen.does('subscribe');
    thinkFor(3600);
    await citizen.says('居住证要多少钱');
    vi.restoreAllMocks();
    const [seen] = await citizen.says('你是谁');
    expect(seen?.text).toMatch(/每证 20 元[\s\S]*智能助手/);
  });

  it('cuts a long answer and goes on when asked; nothing is lost', async () => {
    const citizen = at.citizen('oLong');
    await citizen.does('subscribe');
    const [first] = await citizen.says('身份证丢了怎么补办');
    expect(first?.text).toMatch(/没完，回复“继续”/);
    const [second] = await citizen.says('继续');
    expect(second?.text).toContain('来源：');
    expect(second?.text).not.toContain('没完');
  });

  it('keeps what a person says until the citizen is back', async () => {
    const citizen = at.citizen('oPerson');
    await citizen.says('转人工');
    const [waiting] = await at.house.desk.queue();
    const id = waiting?.conversationId ?? '';
    await addStaff(at.house.database.db, { name: 'xiaoli', role: 'agent', passwordHash: 'x' }, at.now());
    await at.house.desk.claim(id, 'xiaoli');
    await at.house.desk.say(id, 'xiaoli', { text: '请把受理编号告诉我', messageId: 'm1' });
    await at.settled();
    const seen = await citizen.says('AL2026000103');
    expect(seen[0]?.text).toContain('请把受理编号告诉我');
  });
});
