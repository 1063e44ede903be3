/** Nobody there: a message becomes a work order. Badly rated: an order, an answer where it began, and only then closed. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { projectRoot } from '../../server/paths.ts';
import { answer, askForPerson, end, say, take, town } from './people.ts';

vi.setConfig({ testTimeout: 90_000 });
/** A city whose general line keeps office hours. */
const environment: NodeJS.ProcessEnv = {};
beforeAll(async () => {
  const pack = await mkdtemp(join(tmpdir(), 'wenban-pack-'));
  await cp(join(projectRoot(), 'knowledge', 'packs', 'anlan'), pack, { recursive: true });
  await writeFile(join(pack, 'calendar.yaml'), 'zone: Asia/Shanghai\noffice:\n  mon: ["09:00-12:00"]\n  tue: ["09:00-12:00"]\n');
  environment.KNOWLEDGE_PACK = pack;
});
const at = town('2026-03-02T20:00', { li: 'agent', sup: 'supervisor' }, environment);
afterAll(() => rm(environment.KNOWLEDGE_PACK ?? '', { recursive: true, force: true }));

it('[R-113] [R-082] out of hours a message becomes a work order with number, code and promised time; its progress can be asked later', async () => {
  const web = await at.citizen();
  await say(web, '公租房申请被退回了，想问原因');
  await web.getByTestId('to-person').click();
  const told = web
    .getByTestId('message-bot')
    .getByText(/工单号 GD\d{10}/)
    .first();
  await told.waitFor();
  const words = await told.innerText();
  expect(words).toMatch(/现在不是人工值守时间.*最晚.*前在这里答复您/);
  const number = /GD\d{10}/.exec(words)?.[0] ?? '';
  const code = /查询码 (\d{4})/.exec(words)?.[1] ?? '';
  expect((await at.server.house.desk.queue()).length).toBe(0);
  at.clock.ahead += 3_600_000;
  // On another channel, by number and code.
  await at.sms('13800004444', `查工单进度`);
  await at.sms('13800004444', number);
  await at.sms('13800004444', code);
  await expect.poll(() => at.onPhone('13800004444').join('\n')).toMatch(/受理/);
  await web.context().close();
});

async function act(page: Page, name: string, fill: (form: Page) => Promise<void> = async () => undefined): Promise<void> {
  await page.getByTestId('order').getByRole('button', { name, exact: true }).click();
  await fill(page);
  await page.getByRole('button', { name: `确定${name}` }).click();
  await page.getByRole('button', { name: `确定${name}` }).waitFor({ state: 'detached' });
}

it('[R-126] [R-140] a bad rating becomes one order, is answered at the point of entry, and is closed with a result', async () => {
  // Tuesday, ten in the morning.
  at.clock.ahead += 13 * 3_600_000;
  const [li, web] = await Promise.all([at.desk('li'), at.citizen()]);
  await say(web, '低保怎么申请');
  await askForPerson(web);
  await take(li, '低保').click();
  await answer(li, '您自己上网看吧');
  await end(li);
  const rating = web.getByTestId('rating');
  await rating.getByRole('radio', { name: '非常不满意', exact: true }).check({ force: true });
  await rating.getByRole('checkbox', { name: '态度不好' }).check({ force: true });
  await rating.getByRole('button', { name: /提交/ }).click();
  await web.locator('[data-testid="rating"][data-submitted="true"]').waitFor();
  await at.settled();
  await at.server.house.people.sweep();
  await at.server.house.people.sweep();

  const sup = await at.desk('sup', '#work-orders');
  await sup.getByTestId('orders').getByText('差评：态度不好').click();
  expect(await sup.getByTestId('orders').getByText('差评').count()).toBe(1);
  await act(sup, '登记已联系', (page) => page.getByLabel('联系时说了什么').fill('对不起，我们马上核实。'));
  await web.getByText('对不起，我们马上核实。').waitFor();
  await act(sup, '直接答复', async (page) => {
    await page.getByLabel(/^给市民的答复/).fill('低保到户籍所在街道申请，带户口簿。已经批评了接待人员。');
    await page.getByLabel('办理结果').selectOption({ label: '已解决' });
  });
  await web.getByText('低保到户籍所在街道申请').waitFor();
  await act(sup, '确认');
  await act(sup, '办结', async (page) => {
    await page.getByLabel('办理结果').selectOption({ label: '已解决' });
    await page.getByLabel(/可以公开的说明/).fill('接待人员已接受培训。');
  });
  await sup.getByTestId('order').getByText('已办结').first().waitFor();
  // Nobody is asked twice: not by the agent who comes next, not by the order that was closed.
  const { db } = at.server.house.database;
  const { conversation_id: id } = await db.selectFrom('ratings').select('conversation_id').executeTakeFirstOrThrow();
  expect((await at.server.house.log.read(id, 0)).filter((one) => one.name === 'rating.request')).toHaveLength(1);
  for (const page of [li, web, sup]) await page.context().close();
});
