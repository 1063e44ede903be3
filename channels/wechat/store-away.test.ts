import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

let at: Harness;
beforeAll(async () => {
  at = await startHarness({
    accounts: [{ kind: 'official-account', type: 'subscription' }, { kind: 'mini-program' }],
    hangUpMs: 1000,
    waits: { storeMs: 300 },
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => at.close());

const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const sorry = /还没能收好您的消息[\s\S]*12345/;

describe('[R-015] while nothing can be stored', () => {
  it('a citizen is told so in the response, with the telephone number; afterwards everything works again', async () => {
    const citizen = at.citizen('oFull');
    await citizen.says('居住证要多少钱');
    const receive = vi.spyOn(at.house.core, 'receive').mockRejectedValue(full());
    expect(await citizen.says('居住证在哪办')).toMatchObject([{ by: 'reply', text: expect.stringMatching(sorry) }]);
    expect(receive).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
    expect((await citizen.says('居住证要多少钱'))[0]?.text).toContain('20 元');
  });

  it('a store that does not answer at all is not waited for until the platform hangs up', async () => {
    const citizen = at.citizen('oHangs');
    await citizen.says('居住证要多少钱');
    vi.spyOn(at.house.core, 'receive').mockReturnValue(new Promise(() => undefined));
    expect(await citizen.says('居住证在哪办')).toMatchObject([{ by: 'reply', text: expect.stringMatching(sorry) }]);
  });

  it('what can not be answered in the response is delivered again by the platform, and then taken', async () => {
    const citizen = at.citizen('mFull', 1);
    await citizen.says('居住证要多少钱');
    const receive = vi.spyOn(at.house.core, 'receive').mockRejectedValueOnce(full());
    const seen = await citizen.says('居住证在哪办');
    expect(receive).toHaveBeenCalledTimes(2);
    expect(seen.map(({ by }) => by)).toEqual(seen.map(() => 'message'));
    expect(seen.length).toBeGreaterThan(0);
  });

  it('an error of our own is not passed off as one of the store', async () => {
    const citizen = at.citizen('oBug');
    await citizen.says('居住证要多少钱');
    vi.spyOn(at.house.core, 'receive').mockRejectedValue(new Error('a bug'));
    expect((await citizen.says('居住证在哪办')).filter(({ by }) => by === 'reply')).toEqual([]);
  });
});
