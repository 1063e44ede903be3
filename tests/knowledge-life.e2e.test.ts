/** What editors publish, withdraw or let run out is what citizens hear, within one refresh, also in the middle of a conversation. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textsFor } from '../bot/texts.ts';
import type { Faq, Guide, KnowledgeItem } from '../knowledge/item.ts';
import { type Citizen, openHouse, type Reply, type TestHouse } from './support/house.ts';

const pack = 'anlan';
const guideId = 'id-card-reissue';
const faqId = 'faq-idcard-photo';
const guideQuestion = '身份证丢了补办要多少钱';
const faqQuestion = '拍身份证照片有什么要求，可以自己带照片吗？';
/** Words that stand in the published answers only. */
const oldFee = '每证 40 元';
const oldAnswer = '素颜或淡妆';

let town: TestHouse;
let citizen: Citizen;
let start = 0;
beforeAll(async () => {
  town = await openHouse();
  start = town.clock.now;
});
beforeEach(async () => {
  citizen = await town.citizen();
});
/** Everything as it was: the next test finds the published items of the pack. */
afterEach(async () => {
  town.clock.now = start;
  for (const id of [guideId, faqId]) await town.house.repository.rollback(pack, id, 1, { publish: true, now: start });
  await town.house.refresh();
  expect(town.complaints).toEqual([]);
});
afterAll(() => town.close());

const now = () => town.clock.now;
async function current<T extends KnowledgeItem>(id: string): Promise<T> {
  const life = await town.house.repository.get(pack, id);
  if (!life?.published) throw new Error(`${id} is not published`);
  return life.published.item as T;
}
/** An editor writes, a colleague reviews and publishes, and the running house looks for news. */
async function publish(item: KnowledgeItem): Promise<void> {
  const { repository } = town.house;
  for (const result of [
    await repository.save(pack, item, { actor: '张', now: now() }),
    await repository.review(pack, [item.id], { actor: '李', now: now() }),
    await repository.publish(pack, [item.id], { actor: '李', now: now() }),
  ])
    expect(result).toMatchObject({ ok: true, done: [{ id: item.id }] });
  await town.house.refresh();
}
async function withdraw(id: string): Promise<void> {
  expect(await town.house.repository.withdraw(pack, [id], { actor: '李', now: now() })).toMatchObject({ ok: true });
  await town.house.refresh();
}
const cites = (reply: Reply, id: string): boolean => reply.turn.citations.some((passage) => passage.startsWith(`${id}#`));

describe('a published change', () => {
  it('[R-087] is what the next answer says, the old words are gone, and a draft changes nothing', async () => {
    expect((await citizen.says(guideQuestion)).text).toContain(oldFee);
    const guide = await current<Guide>(guideId);
    const fees = guide.fees.map((fee) => ({ ...fee, standard: fee.standard.replace('40', '45') }));
    await town.house.repository.save(pack, { ...guide, fees }, { actor: '张', now: now() });
    await town.house.refresh();
    expect((await citizen.says(guideQuestion)).text).toContain(oldFee);
    await town.house.repository.review(pack, [guideId], { actor: '李', now: now() });
    await town.house.repository.publish(pack, [guideId], { actor: '李', now: now() });
    await town.house.refresh();
    const reply = await citizen.says(guideQuestion);
    expect(reply.text).toContain('每证 45 元');
    expect(reply.text).not.toContain(oldFee);
    expect(reply.citations.map(({ appearance }) => appearance.abstract).join()).not.toContain(oldFee);
  });

  it('[R-087] reaches a conversation that is already about the item', async () => {
    await citizen.says('身份证丢了怎么补');
    const guide = await current<Guide>(guideId);
    await publish({ ...guide, fees: guide.fees.map((fee) => ({ ...fee, standard: '每证 45 元' })) });
    const followUp = await citizen.says('那要多少钱？');
    expect(followUp.text).toContain('每证 45 元');
    expect(followUp.text).not.toContain(oldFee);
  });

  it('[R-086] goes back with a rollback', async () => {
    const faq = await current<Faq>(faqId);
    await publish({ ...faq, answer: '自己带两张照片来。' });
    expect((await citizen.says(faqQuestion)).text).toContain('自己带两张照片来');
    await town.house.repository.rollback(pack, faqId, 1, { actor: '李', publish: true, now: now() });
    await town.house.refresh();
    const reply = await citizen.says(faqQuestion);
    expect(reply.text).toContain(oldAnswer);
    expect(reply.text).not.toContain('自己带两张照片来');
  });
});

describe('a withdrawn item', () => {
  it('[R-102] is in no answer any more, whichever way one asks', async () => {
    expect((await citizen.says(faqQuestion)).text).toContain(oldAnswer);
    await withdraw(faqId);
    for (const question of [faqQuestion, '照片能用自己的吗', '拍得太丑能重拍吗']) {
      const reply = await citizen.says(question);
      expect(reply.text).not.toContain(oldAnswer);
      expect(cites(reply, faqId)).toBe(false);
    }
  });

  it('[R-102] is not answered from in a conversation that was about it: follow-ups, its buttons, its flow', async () => {
    const first = await citizen.says('身份证丢了怎么补');
    expect(cites(first, guideId)).toBe(true);
    await withdraw(guideId);
    const followUp = await citizen.says('那要多少钱？');
    expect(followUp.text).not.toContain(oldFee);
    expect(cites(followUp, guideId)).toBe(false);
    const other = await town.citizen();
    const flow = await other.says('帮我列一份身份证材料清单');
    let reply = flow;
    for (let turns = 0; turns < 6 && reply.turn.outcome === 'in_flow'; turns++) reply = await other.says(reply.buttons[0] ?? '');
    expect(reply.turn.outcome).toBe('flow_completed');
    expect(cites(reply, guideId)).toBe(false);
  });

  it('[R-102] a button offered before it was withdrawn leads to no old text', async () => {
    const offered = await citizen.says('身份证');
    expect(offered.buttons).toContain('居民身份证补领/换领');
    await withdraw(guideId);
    const pressed = await citizen.presses('居民身份证补领/换领');
    expect(pressed.text).not.toContain(oldFee);
    expect(cites(pressed, guideId)).toBe(false);
  });
});

describe('"say that again"', () => {
  const again = '再说一遍';

  it('[R-102] gives no answer that was withdrawn meanwhile', async () => {
    await citizen.says(faqQuestion);
    expect((await citizen.says(again)).text).toContain(oldAnswer);
    await withdraw(faqId);
    const reply = await citizen.says(again);
    expect(reply.turn.outcome).toBe('repeated');
    expect(reply.text).not.toContain(oldAnswer);
    expect(reply.text).toContain('已经停用');
  });

  it('[R-087] gives the new words of an item that was changed, from the same question', async () => {
    await citizen.says(guideQuestion);
    const guide = await current<Guide>(guideId);
    await publish({ ...guide, fees: guide.fees.map((fee) => ({ ...fee, standard: '每证 45 元' })) });
    const reply = await citizen.says(again);
    expect(reply.text).toContain('每证 45 元');
    expect(reply.text).not.toContain(oldFee);
    expect(reply.citations.length).toBeGreaterThan(0);
  });

  it('[R-102] gives nothing that ran out overnight', async () => {
    await publish({ ...(await current<Faq>(faqId)), validTo: '2026-03-02' });
    await citizen.says(faqQuestion);
    town.clock.now += 24 * 3_600_000;
    expect((await citizen.says(again)).text).not.toContain(oldAnswer);
  });

  it('[R-102] a new day alone is no change: the same words again, and they answer the new message', async () => {
    town.clock.now = Date.parse('2026-03-02T23:59:30+08:00');
    const before = await citizen.says(guideQuestion);
    town.clock.now += 60_000;
    const reply = await citizen.says(again);
    expect(reply.text).toBe(before.text);
    expect(reply.text).not.toContain(textsFor('zh').changedSince);
    const asked = (await citizen.log()).findLast((activity) => activity.from.role === 'user');
    expect(reply.messages.map((message) => message.replyToId)).toEqual([asked?.id]);
  });
});

describe('an item whose last day has passed', () => {
  const lastDay = '2026-03-02';

  it('[R-102] is served on its last day and not one minute longer, without any refresh', async () => {
    await publish({ ...(await current<Faq>(faqId)), validTo: lastDay });
    town.clock.now = Date.parse(`${lastDay}T23:59:00+08:00`);
    expect((await citizen.says(faqQuestion)).text).toContain(oldAnswer);
    town.clock.now = Date.parse('2026-03-03T00:00:00+08:00');
    const reply = await citizen.says(faqQuestion);
    expect(reply.text).not.toContain(oldAnswer);
    expect(cites(reply, faqId)).toBe(false);
  });

  it('[R-102] is marked as expired and leaves the index', async () => {
    await publish({ ...(await current<Faq>(faqId)), validTo: lastDay });
    town.clock.now += 24 * 3_600_000;
    expect(await town.house.repository.expire({ now: now() })).toMatchObject([{ pack, id: faqId }]);
    await town.house.refresh();
    expect(town.house.index.item(faqId)).toBeUndefined();
    expect((await town.house.repository.history(pack, faqId)).at(-1)?.status).toBe('expired');
  });

  it('[R-102] is marked by the house itself, once a day', async () => {
    await publish({ ...(await current<Faq>(faqId)), validTo: lastDay });
    town.clock.now += 24 * 3_600_000;
    await town.house.refresh();
    expect(town.house.index.item(faqId)).toBeUndefined();
    expect((await town.house.repository.history(pack, faqId)).at(-1)?.status).toBe('expired');
  });

  it('[R-102] is not answered from in a conversation that was about it', async () => {
    await publish({ ...(await current<Guide>(guideId)), validTo: lastDay });
    expect(cites(await citizen.says('身份证丢了怎么补'), guideId)).toBe(true);
    town.clock.now += 24 * 3_600_000;
    const followUp = await citizen.says('那要多少钱？');
    expect(followUp.text).not.toContain(oldFee);
    expect(cites(followUp, guideId)).toBe(false);
  });
});
