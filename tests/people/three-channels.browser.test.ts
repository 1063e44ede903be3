/** Two agents and a supervisor in real browsers, citizens on the web, in WeChat and by SMS, all at once on one server. */
import { expect, it, vi } from 'vitest';
import { findRating, ratingRefused } from '../../bot/store/ratings.ts';
import { answer, askForPerson, end, handoff, open, say, take, town } from './people.ts';

vi.setConfig({ testTimeout: 90_000 });
const at = town('2026-03-02T10:00', { li: 'agent', wang: 'agent', sup: 'supervisor' });
const phone = '13800003333';
const openid = 'oThreeChannels';
/** How often each of these words stand in what somebody saw, in that order; other words don't matter. */
const heard = (seen: readonly string[], words: readonly string[]) =>
  seen
    .join('\n')
    .split(new RegExp(`(${words.join('|')})`))
    .filter((part) => words.includes(part));
const conversationOf = async (channel: string) =>
  (
    await at.server.house.database.db
      .selectFrom('conversations')
      .select('id')
      .where('channel', 'like', channel)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
  ).id;

it('[R-033] every word reaches the right citizen on the right channel, in order, once; the claim race has one winner', async () => {
  const [li, wang, web] = await Promise.all([at.desk('li'), at.desk('wang'), at.citizen()]);
  await say(web, '身份证丢了怎么补办');
  await askForPerson(web);
  await at.wechat(openid, '居住证要带什么材料');
  await at.wechat(openid, '转人工');
  await at.sms(phone, '营业执照怎么办理');
  await at.sms(phone, '转人工');
  for (const desk of [li, wang]) for (const matter of ['身份证', '居住证', '营业执照']) await take(desk, matter).waitFor();

  // Both press at the same moment: neither request goes before both are there.
  let pressed = 0;
  let both = (): void => undefined;
  const together = new Promise<void>((resolve) => {
    both = resolve;
  });
  for (const desk of [li, wang])
    await desk.route('**/claim', async (route) => {
      pressed += 1;
      if (pressed >= 2) both();
      await together;
      await route.continue();
    });
  await Promise.all([take(li, '身份证').click(), take(wang, '身份证').click()]);
  await expect.poll(async () => (await at.server.house.desk.mine('li')).length + (await at.server.house.desk.mine('wang')).length).toBe(1);
  const liWon = (await at.server.house.desk.mine('li')).length === 1;
  const [winner, other] = liWon ? [li, wang] : [wang, li];
  await other.getByText('这个对话已由其他同事接入').waitFor();
  await winner.getByLabel('回复市民').waitFor();
  await handoff(web, 'accepted').waitFor();

  await take(other, '居住证').click();
  await take(winner, '营业执照').click();
  const words = ['网一：您好', '短一：您好', '微一：您好', '网二：带户口簿', '短二：可以网上办', '微二：要租房合同'];
  const [web1, sms1, we1, web2, sms2, we2] = words as [string, string, string, string, string, string];
  await open(winner, '身份证');
  await Promise.all([answer(winner, web1), answer(other, we1)]);
  await open(winner, '营业执照');
  await answer(winner, sms1);
  await Promise.all([say(web, '网页市民：好的'), at.wechat(openid, '微信市民：好的'), at.sms(phone, '短信市民：好的')]);
  await Promise.all([answer(winner, sms2), answer(other, we2)]);
  await open(winner, '身份证');
  await answer(winner, web2);
  await web.getByText(web2).waitFor();
  await at.settled();
  const bubbles = async () => heard(await web.getByTestId('message-agent').allInnerTexts(), words);
  await expect.poll(() => heard(at.onPhone(phone), words)).toEqual([sms1, sms2]);
  await expect.poll(() => heard(at.inWechat(openid), words)).toEqual([we1, we2]);
  expect(await bubbles()).toEqual([web1, web2]);

  // Each agent reads the answers of their own citizens, and of nobody else's.
  await winner.getByTestId('messages').getByText('网页市民：好的').waitFor();
  expect(await winner.getByText('微信市民：好的').count()).toBe(0);
  await open(winner, '营业执照');
  await winner.getByTestId('messages').getByText('短信市民：好的').waitFor();
  await other.getByTestId('messages').getByText('微信市民：好的').waitFor();
  expect(await other.getByText('网页市民：好的').count()).toBe(0);

  await other.context().close();
  await end(winner);
  await open(winner, '身份证');
  await end(winner);
  await web.getByTestId('rating').waitFor();
  await winner.context().close();
  await web.context().close();
  await at.server.house.desk.close(await conversationOf('wechat%'), liWon ? 'wang' : 'li');
});

it("[R-033] an agent's machine dies mid-sentence: in front of the queue, the citizen is told, the half sentence is not sent, the next agent sees everything", async () => {
  const [li, wang, web, second] = await Promise.all([at.desk('li'), at.desk('wang'), at.citizen(), at.citizen()]);
  await say(web, '不动产登记要多少钱');
  await askForPerson(web);
  await take(li, '不动产').click();
  await answer(li, '您好，请问是新房还是二手房？');
  await say(web, '二手房');
  await say(second, '护照怎么办理');
  await askForPerson(second);
  await li.getByLabel('回复市民').fill('二手房的话，登记费是');
  await li.context().close();
  // Somebody at an open desk is heard of every minute.
  for (const seconds of [61, 61, 61]) {
    at.clock.ahead += seconds * 1000;
    await wang.evaluate(() => fetch('/desk/api/me'));
  }
  await at.server.house.people.sweep();
  await web.getByText('和工作人员的连接断开了').waitFor();
  await handoff(web, 'waiting').waitFor();
  await take(wang, '不动产').waitFor();
  const waiting = await wang
    .getByTestId('queue')
    .getByRole('button', { name: /^接入：/ })
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  expect(waiting.map((name) => /不动产|护照/.exec(name ?? '')?.[0])).toEqual(['不动产', '护照']);
  await take(wang, '不动产').click();
  for (const text of ['不动产登记要多少钱', '您好，请问是新房还是二手房？', '二手房'])
    await wang.getByTestId('messages').getByText(text, { exact: true }).first().waitFor();
  await answer(wang, '我接着为您办理');
  await web.getByText('我接着为您办理').waitFor();
  const log = await at.server.house.log.read(await idOf('不动产登记要多少钱'), 0);
  expect(log.filter((one) => one.text?.includes('登记费是') && one.channelData?.origin === 'human')).toEqual([]);
  await end(wang);
  for (const page of [second, web, wang]) await page.context().close();
});

async function idOf(text: string): Promise<string> {
  const { db } = at.server.house.database;
  for (const { id } of await db.selectFrom('conversations').select('id').orderBy('created_at', 'desc').execute())
    if ((await at.server.house.log.read(id, 0)).some((one) => one.text === text && one.from.role === 'user')) return id;
  throw new Error(`nobody said ${text}`);
}

it('[R-052] [R-080] passed on to the experts with a note, the citizen goes back to the bot, refuses to rate and is asked once', async () => {
  const { db } = at.server.house.database;
  const [li, wang, web] = await Promise.all([at.desk('li'), at.desk('wang'), at.citizen()]);
  await say(web, '高龄津贴怎么领');
  await askForPerson(web);
  await take(li, '高龄津贴').click();
  await answer(li, '这要问公积金的同事');
  await li.getByRole('button', { name: '转接', exact: true }).click();
  const dialog = li.getByRole('dialog');
  await dialog.getByLabel('转给').selectOption({ label: '公积金' });
  await dialog.getByLabel('给同事的备注').fill('已核对身份');
  await dialog.getByRole('button', { name: '转接' }).click();
  await handoff(web, 'waiting').waitFor();
  await take(wang, '高龄津贴').click();
  await wang.getByText('li 转来：已核对身份').first().waitFor();
  await answer(wang, '我是公积金专席');
  await web.getByText('我是公积金专席').waitFor();

  await end(wang);
  await web.getByTestId('rating').waitFor();
  const id = await idOf('高龄津贴怎么领');
  await at.server.house.core.receive({
    conversationId: id,
    messageId: 'refuses',
    activity: { type: 'event', name: 'rating.submit', value: { declined: true }, from: { id: 'me', role: 'user' } },
  });
  await expect.poll(() => ratingRefused(db, id)).toBe(true);
  expect(await findRating(db, id)).toBeUndefined();
  await askForPerson(web);
  await take(li, '高龄津贴').click();
  await handoff(web, 'accepted').waitFor();
  await say(web, '回到机器人');
  await handoff(web, 'accepted').waitFor({ state: 'detached' });
  await say(web, '医保局电话');
  await web.getByTestId('message-bot').last().getByText('0000-5550140').waitFor();
  await askForPerson(web);
  await take(li, '医保局电话').click();
  await handoff(web, 'accepted').waitFor();
  await end(li);
  await web.getByText('本次人工服务已结束').nth(1).waitFor();
  const asked = (await at.server.house.log.read(id, 0)).filter((one) => one.name === 'rating.request');
  expect(asked).toHaveLength(1);
  for (const page of [li, wang, web]) await page.context().close();
});

it('[R-033] a supervisor looks on, whispers, and takes over; the citizen hears one sentence and no whisper', async () => {
  const [li, sup, web] = await Promise.all([at.desk('li'), at.desk('sup'), at.citizen()]);
  await say(web, '结婚登记要带什么');
  await askForPerson(web);
  await take(li, '结婚登记').click();
  await answer(li, '您好，稍等');
  await sup.getByRole('button', { name: '全部会话' }).click();
  await sup
    .getByTestId('running')
    .getByRole('button', { name: /结婚登记/ })
    .click();
  await sup
    .getByTestId('supervise')
    .getByLabel(/悄悄话/)
    .fill('暗号：先核对原件');
  await sup.getByRole('button', { name: '悄悄说' }).click();
  await li.getByText('暗号：先核对原件').first().waitFor();
  await sup.getByTestId('supervise').getByRole('button', { name: '接管' }).click();
  await sup.getByRole('dialog').getByRole('button', { name: '接管' }).click();
  await sup.getByLabel('回复市民').waitFor();
  await answer(sup, '我是值班长，由我来办');
  await web.getByText('我是值班长，由我来办').waitFor();
  await expect.poll(async () => (await at.server.house.desk.mine('li')).length).toBe(0);
  expect(await web.getByText('暗号：先核对原件').count()).toBe(0);
  await li.getByText(/接管/).first().waitFor();
  await end(sup);
  for (const page of [li, sup, web]) await page.context().close();
});
