import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { type DeskServer, PASSWORD, startDeskServer } from '../api/testing/server.ts';
import { buildDeskApp } from './testing/build.ts';

let browser: Browser;
let webDir: string;
let server: DeskServer;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [browser, webDir] = await Promise.all([launchBrowser(), buildDeskApp()]);
});
afterAll(async () => {
  await browser.close();
  await rm(webDir, { recursive: true, force: true });
});
beforeEach(async () => {
  server = await startDeskServer({ realTime: true, webDir });
  page = await open('li');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
  expect(server.errors).toEqual([]);
  expect(faults.splice(0)).toEqual([]);
});

/** A browser of its own with this agent signed in. */
async function open(agent: string): Promise<Page> {
  const opened = await newPage(browser, { viewport: { width: 1280, height: 720 } });
  opened.on('pageerror', (error) => faults.push(error.message));
  await opened.goto(`${server.url}/desk/`);
  await opened.getByLabel('用户名').fill(agent);
  await opened.getByLabel('密码').fill(PASSWORD);
  await opened.keyboard.press('Enter');
  await opened.getByText('实时连接').waitFor();
  return opened;
}

async function waits(id: string, text: string, urgency: 'general' | 'urgent' = 'general'): Promise<void> {
  await server.house.arrive(id, { name: '张女士' });
  await server.house.says(id, text);
  await server.house.asksForPerson(id, { urgency });
}
const textsOf = async (id: string) => (await server.house.logOf(id)).map((activity) => activity.text ?? activity.name);
const box = () => page.getByLabel('回复市民');
const take = (on: Page, text: string) => on.getByRole('button', { name: `接入：${text}` }).click();

describe('the desk in a browser', () => {
  it('[R-033] an agent sees a citizen arrive, takes, answers, and closes', async () => {
    await waits('c1', '身份证丢了怎么办');
    await page.getByTestId('queue').getByText('身份证丢了怎么办').waitFor();
    expect(await page.title()).toBe('(1) 问办 · 人工服务台');
    await take(page, '身份证丢了怎么办');
    await box().fill('您好，请带户口簿。');
    await box().press('Enter');
    await page
      .getByRole('article', { name: /人工 · li/ })
      .getByText('您好，请带户口簿。')
      .waitFor();
    await server.house.says('c1', '好的，谢谢');
    await page.getByTestId('messages').getByText('好的，谢谢').waitFor();
    server.house.log.transient('c1', { type: 'typing', from: { id: 'citizen', role: 'user' } });
    await page.getByText('市民正在输入…').waitFor();
    await page.getByRole('button', { name: '结束服务' }).click();
    const dialog = page.getByRole('dialog', { name: '结束本次服务？' });
    await dialog.getByLabel('小结').fill('已解答');
    await dialog.getByRole('button', { name: '结束服务' }).click();
    await page.getByText('人工服务已结束，由智能助手继续应答。').waitFor();
    expect(await textsOf('c1')).toContain('rating.request');
    expect(await page.title()).toBe('问办 · 人工服务台');
  });

  it('the keyboard alone takes and answers; Enter while an input method composes does not send', async () => {
    await waits('c1', '第一个问题');
    await waits('c2', '第二个问题', 'urgent');
    await page.getByTestId('queue').getByText('第二个问题').waitFor();
    await page.getByTestId('queue').getByText('第一个问题').waitFor();
    for (const key of ['j', 'j', 'k', 'j', 'Enter']) await page.keyboard.press(key);
    await box().waitFor();
    expect(await page.getByRole('heading', { name: '第一个问题' }).count()).toBe(1);
    await page.keyboard.type('ni hao j');
    await box().dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
    expect(await box().inputValue()).toBe('ni hao j');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('k');
    await page.keyboard.press('Enter');
    await expect.poll(() => textsOf('c1')).toContain('ni hao j\nk');
  });

  it('of two agents who take the same citizen one is told that a colleague was faster', async () => {
    const other = await open('wang');
    await waits('c1', '公积金怎么提取');
    await Promise.all([page, other].map((on) => on.getByTestId('queue').getByText('公积金怎么提取').waitFor()));
    let overtaken = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      overtaken = resolve;
    });
    await page.route('**/claim', async (route) => {
      await until;
      await route.continue();
    });
    await take(page, '公积金怎么提取');
    await take(other, '公积金怎么提取');
    await other.getByLabel('回复市民').waitFor();
    overtaken();
    await page.getByText('这个对话已由其他同事接入').waitFor();
    await page.getByText('这个对话由 wang 接待中。').waitFor();
    expect(await page.getByTestId('mine').getByRole('listitem').count()).toBe(0);
  });

  it('drafts stay with their conversation, unread messages are counted, and both survive a reload', async () => {
    await waits('c1', '问题甲');
    await waits('c2', '问题乙');
    await take(page, '问题甲');
    await box().fill('给甲的草稿');
    await take(page, '问题乙');
    await page.getByRole('heading', { name: '问题乙' }).waitFor();
    await box().fill('给乙的草稿');
    await server.house.says('c1', '还在吗');
    await server.house.says('c1', '喂');
    await page.getByTestId('mine').getByText('2 条未读').waitFor();
    await page.reload();
    await page.getByTestId('mine').getByText('2 条未读').waitFor();
    await page.getByTestId('mine').getByText('问题甲').first().click();
    await expect.poll(() => box().inputValue()).toBe('给甲的草稿');
    await expect.poll(() => page.getByText('条未读').count()).toBe(0);
  });

  it('a message that could not be sent stays, also over a reload, and is said once when the line is back', async () => {
    await waits('c1', '问题甲');
    await take(page, '问题甲');
    await page.route('**/activities', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await box().fill('会丢的话');
    await box().press('Enter');
    await page.getByText('还没有发出').waitFor();
    await page.reload();
    await page.getByTestId('mine').getByText('问题甲').first().click();
    await page.getByText('还没有发出').waitFor();
    await page.unroute('**/activities');
    await page.getByText('还没有发出').waitFor({ state: 'detached' });
    await expect.poll(async () => (await textsOf('c1')).filter((text) => text === '会丢的话')).toHaveLength(1);
    // Said in the talk and shown as the last words in the list.
    await expect.poll(() => page.getByText('会丢的话').count()).toBe(2);
  });

  it('transfer reaches the colleague with the note, release goes back to the bot', async () => {
    const other = await open('wang');
    await waits('c1', '医保报销比例');
    await take(page, '医保报销比例');
    await page.getByRole('button', { name: '转接', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('转给').selectOption({ label: 'wang' });
    await dialog.getByLabel('给同事的备注').fill('核实过参保地');
    await dialog.getByRole('button', { name: '转接' }).click();
    await page.getByText('已请 wang 接手').waitFor();
    await other.getByTestId('mine').getByText('医保报销比例').first().click();
    await other.getByTestId('details').getByText('li 转来：核实过参保地').waitFor();
    await other.getByTestId('offer').getByRole('button', { name: '接手', exact: true }).click();
    await page.getByText('这个对话由 wang 接待中。').waitFor();
    await other.getByRole('button', { name: '交回机器人' }).click();
    await other.getByRole('dialog').getByRole('button', { name: '交回机器人' }).click();
    await other.getByText('人工服务已结束').waitFor();
    expect(await server.house.modeOf('c1')).toBe('bot');
  });

  it('works on by asking when the event stream breaks, and a session that ended leads to the login', async () => {
    await page.route('**/events', (route) => route.abort());
    await page.reload();
    await page.getByText('正在恢复连接').waitFor();
    await waits('c1', '断线时的问题');
    await page.getByTestId('queue').getByText('断线时的问题').waitFor();
    await server.house.database.db.deleteFrom('sessions').execute();
    await page.getByText('登录已过期').waitFor();
    await page.getByLabel('用户名').waitFor();
  });

  it('a wrong password is told; editors come to the knowledge, not to a desk they may not use', async () => {
    const fresh = await newPage(browser);
    await fresh.goto(`${server.url}/desk/`);
    await fresh.getByLabel('用户名').fill('ed');
    await fresh.getByLabel('密码').fill('wrong');
    await fresh.keyboard.press('Enter');
    await fresh.getByText('用户名或密码不正确').waitFor();
    await fresh.getByLabel('密码').fill(PASSWORD);
    await fresh.keyboard.press('Enter');
    await fresh.getByRole('button', { name: '新建问答' }).waitFor();
  });

  it('[R-033] axe finds nothing wrong in light and dark, with a conversation and a dialog open; 320 px need no sideways scrolling', async () => {
    await waits('c1', '第一个问题');
    await waits('c2', '第二个问题', 'urgent');
    await take(page, '第一个问题');
    await box().waitFor();
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(axe);
    const check = async () => {
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
      });
      expect(found).toEqual([]);
    };
    await check();
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await check();
    await page.getByRole('button', { name: '结束服务' }).click();
    await check();
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
