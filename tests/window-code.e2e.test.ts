/** The errand goes from the chat to a window: the same facts, asked and typed once. */
import { describe, expect, it } from 'vitest';
import { openWindowCode } from '../bot/store/window-codes.ts';
import { textsFor } from '../bot/texts.ts';
import { windowCaseSchema } from '../bot/window/case.ts';
import { wantsWindow } from '../bot/window/wish.ts';
import type { Reply } from './support/house.ts';
import { inTown } from './support/town.ts';

const zh = textsFor('zh');
const { town } = inTown();

const codeIn = (reply: Reply): string => /\*\*(\d{4}) (\d{4})\*\*/.exec(reply.text)?.slice(1).join('') ?? '';
async function opened(code: string) {
  const found = await openWindowCode(town().house.database.db, code, '小陈', town().clock.now);
  return found && windowCaseSchema.parse(JSON.parse(found.caseJson));
}

async function newborn() {
  const citizen = await town().citizen();
  await citizen.says('新生儿手续清单');
  await citizen.says('安澜的医院');
  await citizen.says('至少一方是安澜户口');
  await citizen.says('没有');
  const list = await citizen.says('有');
  expect(list.turn.outcome).toBe('flow_completed');
  return { citizen, list };
}

describe('[R-061] an assisted case goes on at a window by a code', () => {
  it('with every answer and the materials as the citizen was told them', async () => {
    const { citizen, list } = await newborn();
    expect(list.buttons).toContain(zh.windowCode);
    const reply = await citizen.presses(zh.windowCode);
    const found = await opened(codeIn(reply));
    expect(found?.flow).toMatchObject({ id: 'newborn-together', complete: true });
    expect(found?.slots.map(({ label, text }) => `${label}：${text}`)).toContain('父母户口：至少一方是安澜户口');
    expect(found?.items.map(({ id }) => id)).toEqual(['newborn-bundle', 'hukou-newborn', 'maternity-allowance']);
    expect(found?.items.every(({ code }) => /^[0-9A-Z]{31,36}$/.test(code ?? ''))).toBe(true);
    expect((found?.materials.bring.length ?? 0) > 0 && (found?.materials.fetched.length ?? 0) > 0).toBe(true);
    for (const { name } of [...(found?.materials.bring ?? []), ...(found?.materials.fetched ?? [])]) expect(list.text).toContain(name);
  });

  it('[R-073] as JSON that another system, or the same flow, takes over without asking again', async () => {
    const { citizen } = await newborn();
    const found = await opened(codeIn(await citizen.says('我还是去窗口办吧')));
    const given = Object.fromEntries((found?.slots ?? []).map(({ id, value }) => [id, String(value)]));
    const texts = Object.fromEntries((found?.slots ?? []).map(({ id, text }) => [id, text]));
    const again = await town().house.engine.start('newborn-together', texts);
    expect(again.status).toBe('completed');
    expect(Object.fromEntries(Object.entries(again.answers ?? {}).map(([id, value]) => [id, String(value)]))).toEqual(given);
  });

  it('in the middle of a flow, with what is known so far', async () => {
    const citizen = await town().citizen();
    await citizen.says('帮我列一份身份证材料清单');
    await citizen.says('丢了');
    const found = await opened(codeIn(await citizen.says('窗口办理码')));
    expect(found).toMatchObject({ flow: { id: 'id-card-materials', complete: false }, items: [{ id: 'id-card-reissue' }] });
    expect(found?.slots).toHaveLength(1);
    // The flow is where it was.
    expect((await citizen.says('46岁以上')).turn.outcome).toBe('in_flow');
  });

  it('from a question, where no flow was gone through; where nothing is known yet, it says what is missing', async () => {
    const citizen = await town().citizen();
    expect((await citizen.says('我想去大厅办')).text).toContain(zh.nothingForWindow);
    await citizen.says('居住证怎么办');
    const found = await opened(codeIn(await citizen.says('我想去大厅办')));
    expect(found).toMatchObject({ flow: null, slots: [], items: [{ id: 'residence-permit' }] });
    const { citizen: other } = await newborn();
    await other.says('护照怎么办');
    await other.says('普通护照申领/换发/补发');
    expect((await opened(codeIn(await other.says('窗口办理码'))))?.items[0]?.id).not.toBe('newborn-bundle');
  });

  it('one code a conversation, for two weeks', async () => {
    const { citizen } = await newborn();
    const first = codeIn(await citizen.says('窗口办理码'));
    const second = codeIn(await citizen.says('再给我一个窗口办理码'));
    const { clock } = town();
    expect([await opened(first), (await opened(second))?.matter]).toEqual([undefined, '带我办宝宝出生手续']);
    const now = clock.now;
    clock.now += 15 * 86_400_000;
    expect(await opened(second)).toBeUndefined();
    clock.now = now;
  });

  it.each(['窗口办理码', '给我一个窗口办理码', '我还是去窗口办吧', '改到大厅办理', '转线下办', 'window code'])('%s asks for it', (text) =>
    expect(wantsWindow(text)).toBe(true),
  );
  it.each(['身份证在哪个窗口办', '去窗口办要带什么', '窗口几点下班', '可以去窗口办吗', '付款码怎么弄', '窗口办理要多久'])(
    '%s does not',
    (text) => expect(wantsWindow(text)).toBe(false),
  );
});
