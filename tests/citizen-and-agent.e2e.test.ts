/** The whole story in two real browsers: a citizen on a phone asks, is guided, reaches a person, rates; an agent answers at the desk. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findRating } from '../bot/store/ratings.ts';
import { listTurns } from '../bot/store/turns.ts';
import { launchBrowser, newPage } from '../channels/web/widget/testing/browser.ts';
import { startServer, type TestServer } from './support/server.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const password = '正确的密码 123';
let browser: Browser;
let server: TestServer;
const faults: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startServer();
  await server.addAgent('xiaoli', password);
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
  expect(faults.splice(0)).toEqual([]);
});

async function watched(options: Parameters<typeof newPage>[1]): Promise<Page> {
  const page = await newPage(browser, options);
  page.on('pageerror', (error) => faults.push(error.message));
  return page;
}

/** A citizen with the chat open on the sample portal. */
async function citizen(): Promise<Page> {
  const page = await watched(phone);
  await page.goto(server.url);
  await page.getByTestId('launcher').click();
  await page.getByText('是机器人，不是真人').waitFor();
  return page;
}

async function agent(): Promise<Page> {
  const page = await watched({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${server.url}/desk/`);
  await page.getByLabel('用户名').fill('xiaoli');
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByTestId('queue').waitFor();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('input').fill(text);
  await page.getByTestId('send').click();
}
const lastBot = (page: Page) => page.getByTestId('message-bot').last();
const press = (page: Page, name: string) => page.getByTestId('quick-replies').getByRole('button', { name, exact: true }).last().click();

describe('a citizen and an agent', () => {
  it('[R-001] [R-033] [R-046] [R-085] [R-141] ask, be guided, reach a person, rate', async () => {
    const desk = await agent();
    const me = await citizen();

    await say(me, '身份证丢了怎么补办要带什么');
    await me.getByText('居民身份证补领/换领（丢失补领）').waitFor();
    await me
      .getByRole('button', { name: /来源 ?1|出处 ?1|^1$/ })
      .first()
      .click();
    await me.getByTestId('source-panel').getByText('安澜市公安局').first().waitFor();

    await say(me, '帮我列一份身份证材料清单');
    await me.getByText('身份证是哪种情况').waitFor();
    await press(me, '丢了');
    await me.getByText('持证人多大').waitFor();
    await say(me, '不是丢了，是到期了');
    await me.getByText('已改为到期了').waitFor();
    await say(me, '35岁');
    await press(me, '自己去领');
    await me.getByText('居民身份证补领/换领（到期换领）').waitFor();
    await me.getByText('原居民身份证').first().waitFor();

    await me.getByTestId('to-person').click();
    await me.getByTestId('handoff').and(me.locator('[data-state="waiting"]')).waitFor();
    await desk.getByTestId('queue').getByRole('button', { name: /接入/ }).first().click();
    await me.getByTestId('handoff').and(me.locator('[data-state="accepted"]')).waitFor();
    await desk.getByLabel('回复市民').fill('您好，我是小李，材料我帮您核对过了。');
    await desk.getByLabel('回复市民').press('Enter');
    await me.getByText('材料我帮您核对过了').waitFor();
    await say(me, '太好了，谢谢你');
    await desk.getByTestId('messages').getByText('太好了，谢谢你').waitFor();
    await desk.getByRole('button', { name: '结束服务' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '结束服务' }).click();

    const rating = me.getByTestId('rating');
    await rating.waitFor();
    await rating.getByRole('radio', { name: '非常满意', exact: true }).check({ force: true });
    await rating.getByRole('button', { name: /提交/ }).click();
    await me.locator('[data-testid="rating"][data-submitted="true"]').waitFor();

    const { db } = server.house.database;
    const { id } = await db.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
    await expect.poll(() => findRating(db, id)).toMatchObject({ score: 5, channel: 'web' });
    const outcomes = (await listTurns(db, id)).map((turn) => turn.outcome);
    expect(outcomes).toEqual([
      'greeted',
      'answered',
      'in_flow',
      'in_flow',
      'in_flow',
      'in_flow',
      'flow_completed',
      'handed_over',
      'with_agent',
      'rated',
    ]);
  });

  it('[R-018] the conversation is there after a reload, goes on, and nothing is lost while the line is down', async () => {
    const me = await citizen();
    await say(me, '医保局电话');
    await lastBot(me).getByText('0000-5550140').waitFor();
    await me.reload();
    await me
      .getByTestId('launcher')
      .click()
      .catch(() => undefined);
    await me.getByText('0000-5550140').first().waitFor();
    await me.context().setOffline(true);
    await say(me, '居住证要多少钱');
    await me.getByTestId('connection').first().waitFor();
    await me.context().setOffline(false);
    await me.getByText('居住证申领/签注').first().waitFor();
    expect(await me.getByTestId('message-citizen').count()).toBe(2);
    const { db } = server.house.database;
    // Ids are sealed in the table: they are looked at here, not in the query.
    const said = await db.selectFrom('inbox').select('message_id').execute();
    expect(said.filter((row) => !row.message_id.endsWith(':joined'))).toHaveLength(2);
  });

  it('[R-030] the portal and the widget run under the strict content security policy', async () => {
    const violations: string[] = [];
    const me = await watched(phone);
    me.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text());
    });
    await me.goto(server.url);
    await me.getByTestId('launcher').click();
    await me.getByText('是机器人，不是真人').waitFor();
    await me.goto(`${server.url}/desk/`);
    await me.getByLabel('用户名').waitFor();
    expect(violations).toEqual([]);
  });
});
