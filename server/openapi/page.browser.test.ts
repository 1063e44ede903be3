/** The API page in a real browser, on a real server. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { startServer, type TestServer } from '../../tests/support/server.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const refused: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  page = await newPage(browser);
  page.on('console', (line) => line.type() === 'error' && refused.push(line.text()));
  page.on('pageerror', (error) => refused.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${server.url}/api`);
  await page.locator('#api:not([aria-busy])').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it('shows every group and opens a route with its example', async () => {
  for (const group of ['市民端', '工作人员端', '微软机器人服务', '服务本身']) await page.getByText(group).first().waitFor();
  const posting = page.locator('#operations-direct-line-postV3DirectlineConversationsConversationIdActivities');
  await posting.locator('button').first().click();
  await posting.getByText('身份证丢了怎么补办').first().waitFor();
  expect(await page.locator('.opblock').count()).toBeGreaterThan(60);
  if (process.env.WENBAN_SHOTS) await page.screenshot({ path: `${process.env.WENBAN_SHOTS}/api.png` });
});

it('[R-027] asks nobody but this server, and nothing it does is refused by its own strict policy', async () => {
  expect(new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin))).toEqual(new Set([server.url]));
  expect(refused).toEqual([]);
  const policy = (await fetch(`${server.url}/api`)).headers.get('content-security-policy') ?? '';
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(policy).toContain("script-src 'self'");
});

it('can be used by everybody: nothing of ours for axe to find, no sideways scrolling on a phone', async () => {
  expect(await axeViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
