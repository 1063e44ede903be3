/** Takes the pictures of docs/screenshots/ from the real server in a real browser: `npm run build && npm run screenshots`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { newOrderSchema } from '../bot/work-orders/work-orders.ts';
import { addChineseFont, launchBrowser, newPage } from '../channels/web/widget/testing/browser.ts';
import { startServer, type TestServer } from '../tests/support/server.ts';
import { crowd } from './crowded-desk.ts';

const folder = path.join(import.meta.dirname, '..', 'docs', 'screenshots');
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };

async function shot(page: Page, name: string): Promise<void> {
  await addChineseFont(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
}

async function openChat(browser: Browser, server: TestServer, options: Parameters<typeof newPage>[1]): Promise<Page> {
  const page = await newPage(browser, options);
  await page.goto(server.url);
  await addChineseFont(page);
  await page.getByTestId('launcher').click();
  await page.getByText('是机器人，不是真人').waitFor();
  return page;
}

async function say(page: Page, text: string, answer: string): Promise<void> {
  await page.getByTestId('input').fill(text);
  await page.getByTestId('send').click();
  await page.getByTestId('message-bot').getByText(answer).first().waitFor();
}

/** What supervisors see beside the conversations: work orders, knowledge, figures. */
async function staffScreens(browser: Browser, server: TestServer): Promise<void> {
  await server.addAgent('老周', 'screenshot-only-2', 'supervisor');
  const staff = await newPage(browser, desktop);
  await staff.goto(`${server.url}/desk/#work-orders`);
  await staff.getByLabel('用户名').fill('老周');
  await staff.getByLabel('密码').fill('screenshot-only-2');
  await staff.keyboard.press('Enter');
  await staff.getByRole('button', { name: '登记工单' }).click();
  await staff.getByLabel('一句话说清是什么事').fill('幸福路路灯不亮');
  await staff.getByLabel('经过和要求').fill('幸福路 3 号门口的路灯三天不亮了，晚上老人出门看不清。');
  await staff.getByRole('button', { name: '受理' }).click();
  await staff.getByRole('button', { name: '打开这件工单' }).click();
  await staff.getByTestId('order').waitFor();
  await shot(staff, 'staff-work-orders');
  await staff.getByRole('link', { name: '知识' }).click();
  await staff.getByLabel('查找').fill('居住证');
  await staff.getByTestId('items').getByRole('button').first().click();
  await staff.getByTestId('item').waitFor();
  await shot(staff, 'staff-knowledge');
  await staff.getByRole('link', { name: '数据' }).click();
  await staff.getByTestId('figures').waitFor();
  await shot(staff, 'staff-figures');
}

/** Three matters at different stages. */
async function someOrders({ house }: TestServer): Promise<void> {
  const { orders } = house.people;
  const agent = { kind: 'agent', name: '小陈' } as const;
  const given = (title: string, detail: string, urgency: 'general' | 'sub_urgent' | 'urgent') =>
    orders.create(newOrderSchema.parse({ demandType: 'help', urgency, title, detail }), agent);
  await given('幸福路路灯不亮', '幸福路 3 号门口的路灯三天不亮了，晚上老人出门看不清。', 'general');
  const water = await given('小区停水没有通知', '东澜小区早上起停水，没有看到通知，家里有病人。', 'urgent');
  await orders.act(water.id, { action: 'dispatch', department: '安澜市住房和城乡建设局' }, agent);
  await given('公交站牌被撞歪', '示例大道站的站牌歪向人行道，怕砸到人。', 'sub_urgent');
}

/** Every screen of the desk in a busy hour, in light and dark, on the smallest screen it is made for. */
async function busyHour(browser: Browser): Promise<void> {
  const server = await startServer();
  try {
    await server.addAgent('小陈', 'screenshot-only-3', 'supervisor');
    await crowd(server.house, '小陈', 200);
    await someOrders(server);
    for (const colorScheme of ['light', 'dark'] as const) {
      const desk = await newPage(browser, { viewport: { width: 1280, height: 720 }, colorScheme });
      await desk.goto(`${server.url}/desk/`);
      await desk.getByLabel('用户名').waitFor();
      await shot(desk, `desk-login-${colorScheme}`);
      await desk.getByLabel('用户名').fill('小陈');
      await desk.getByLabel('密码').fill('screenshot-only-3');
      await desk.keyboard.press('Enter');
      await desk.getByTestId('mine').getByRole('button').first().click();
      await desk.getByLabel('回复市民').waitFor();
      await shot(desk, `desk-busy-${colorScheme}`);
      await desk.getByRole('button', { name: '一起办' }).click();
      await desk.getByRole('dialog').getByRole('option').first().waitFor({ state: 'attached' });
      await shot(desk, `desk-together-${colorScheme}`);
      await desk.keyboard.press('Escape');
      await desk.getByRole('button', { name: '常用语' }).first().click();
      await desk.getByRole('dialog').waitFor();
      await shot(desk, `desk-canned-${colorScheme}`);
      await desk.keyboard.press('Escape');
      await desk.getByRole('button', { name: '全部会话' }).click();
      await desk.getByTestId('running').getByRole('button').first().waitFor();
      await shot(desk, `desk-running-${colorScheme}`);
      for (const [screen, name] of [
        ['工单', 'work-orders'],
        ['知识', 'knowledge'],
        ['数据', 'figures'],
        ['运行', 'operations'],
      ] as const) {
        await desk.getByRole('link', { name: screen, exact: true }).click();
        await desk.waitForTimeout(1500);
        if (name === 'work-orders') await desk.getByTestId('orders').getByRole('button').first().click();
        await shot(desk, `desk-${name}-${colorScheme}`);
        if (name !== 'knowledge') continue;
        await desk.getByLabel('看什么').selectOption({ label: '流程' });
        await desk.getByTestId('items').getByRole('button').first().click();
        await desk
          .locator('.flow-drawn')
          .first()
          .evaluate((drawn) => drawn.scrollIntoView());
        await shot(desk, `desk-flow-${colorScheme}`);
      }
      await desk.context().close();
    }
  } finally {
    await server.close();
  }
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (process.argv.includes('--busy')) {
    const browser = await launchBrowser();
    await busyHour(browser).finally(() => browser.close());
    return;
  }
  const server = await startServer();
  await server.addAgent('小李', 'screenshot-only-1');
  const browser = await launchBrowser();
  try {
    const wide = await newPage(browser, desktop);
    await wide.goto(server.url);
    await shot(wide, 'portal');
    const portal = await openChat(browser, server, desktop);
    await say(portal, '身份证丢了怎么补办要带什么', '居民身份证补领/换领（丢失补领）');
    await shot(portal, 'portal-desktop');

    const mobile = await openChat(browser, server, phone);
    await shot(mobile, 'phone-greeting');
    await say(mobile, '身份证丢了怎么补办要带什么', '居民身份证补领/换领（丢失补领）');
    await shot(mobile, 'phone-answer');
    await say(mobile, '查办件进度', '受理编号');
    await shot(mobile, 'phone-form');
    await say(mobile, '算了', '先不办了');
    await mobile.getByTestId('to-person').click();
    await mobile.getByTestId('handoff').and(mobile.locator('[data-state="waiting"]')).waitFor();
    await shot(mobile, 'phone-waiting');

    const errand = await openChat(browser, server, phone);
    await say(errand, '孩子刚出生，要办哪些事', '新生儿');
    await shot(errand, 'phone-one-thing');

    const elder = await openChat(browser, server, phone);
    await elder.getByTestId('elder-toggle').click();
    await shot(elder, 'phone-elder');
    await say(elder, '高龄津贴怎么领', '高龄津贴');
    await shot(elder, 'phone-elder-answer');
    const elderDesktop = await openChat(browser, server, desktop);
    await elderDesktop.getByTestId('elder-toggle').click();
    await say(elderDesktop, '老年公交卡怎么办', '老年');
    await shot(elderDesktop, 'desktop-elder');
    const english = await openChat(browser, server, phone);
    await english.getByTestId('language-toggle').click();
    await english.waitForTimeout(500);
    await shot(english, 'phone-english');

    const waiting = await openChat(browser, server, phone);
    await say(waiting, '公积金贷款能贷多少', '公积金');
    await waiting.getByTestId('to-person').click();
    await waiting.getByTestId('handoff').and(waiting.locator('[data-state="waiting"]')).waitFor();

    const desk = await newPage(browser, desktop);
    await desk.goto(`${server.url}/desk/`);
    await desk.getByLabel('用户名').fill('小李');
    await desk.getByLabel('密码').fill('screenshot-only-1');
    await desk.keyboard.press('Enter');
    await desk.getByTestId('queue').getByRole('button', { name: /接入/ }).first().click();
    await desk.getByLabel('回复市民').fill('您好，我是小李。请问您的身份证是在本市丢的吗？');
    await desk.getByLabel('回复市民').press('Enter');
    await mobile.getByText('我是小李').last().waitFor();
    await shot(desk, 'desk');
    await shot(mobile, 'phone-agent');
    await desk.getByRole('button', { name: '结束服务' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '结束服务' }).click();
    await mobile.getByTestId('rating').waitFor();
    await shot(mobile, 'phone-rating');
    await staffScreens(browser, server);
    await busyHour(browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
