import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { type DeskServer, PASSWORD, startDeskServer } from '../api/testing/server.ts';
import { buildDeskApp } from './testing/build.ts';
import { busyMonth } from './testing/busy-month.ts';

let browser: Browser;
let webDir: string;
let server: DeskServer;

beforeAll(async () => {
  [browser, webDir] = await Promise.all([launchBrowser(), buildDeskApp()]);
});
afterAll(async () => {
  await browser.close();
  await rm(webDir, { recursive: true, force: true });
});
beforeEach(async () => {
  server = await startDeskServer({
    realTime: true,
    webDir,
    api: {
      itemOf: (id) => ({ title: id === 'id-card' ? '身份证补领' : '居住证办理', department: '公安局' }),
      qualityWords: { forbidden: ['自己看网站'], attitude: [], greeting: ['您好'] },
    },
  });
  await busyMonth(server.house, Date.now());
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
  expect(server.errors).toEqual([]);
});

async function open(name: string): Promise<Page> {
  const page = await newPage(browser, { viewport: { width: 1280, height: 720 } });
  await page.goto(`${server.url}/desk/`);
  await page.getByLabel('用户名').fill(name);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  return page;
}

describe('[R-138] the analysts’ screen', () => {
  it('shows figures with their formulas, leads to masked conversations, names gaps and flags', async () => {
    const page = await open('ana');
    const figures = page.getByTestId('figures');
    await figures.getByText('自助办结率').waitFor();
    await figures.getByText('没有转人工、且至少答上一问').waitFor();
    await page.getByTestId('gaps').getByText('飞机可以带宠物吗').waitFor();
    await page.getByTestId('quality').getByText('自己看网站', { exact: true }).waitFor();
    await page.setViewportSize({ width: 1280, height: 1900 });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.getByTestId('gaps').getByRole('button', { name: '看对话' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('飞机').first().waitFor();
    expect(await dialog.textContent()).not.toContain('13812345678');
    await page.keyboard.press('Escape');
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('a period without conversations says so; the figures come as a table file without conversation ids', async () => {
    const page = await open('sup');
    await page.getByRole('link', { name: '数据' }).click();
    await page.getByRole('textbox', { name: '从' }).fill('2020-01-01');
    await page.getByRole('textbox', { name: '到' }).fill('2020-01-31');
    await page.getByText('这段时间每个问题都答上了').waitFor();
    const analyst = await server.signedIn('ana');
    const csv = await fetch(`${server.url}/desk/api/insights.csv?from=2020-01-01&to=2030-01-01`, { headers: { cookie: analyst.cookie } });
    expect(csv.status).toBe(400);
    const today = new Date().toISOString().slice(0, 10);
    const file = await (
      await fetch(`${server.url}/desk/api/insights.csv?from=${today.slice(0, 4)}-01-01&to=${today}`, {
        headers: { cookie: analyst.cookie },
      })
    ).text();
    expect(file).toMatch(/^\uFEFF?"period"/);
    expect(file).toContain('"self_service","自助办结率"');
    expect(file).not.toMatch(/busy-\d/);
  });
});
