import { expect, it } from 'vitest';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { plainOperations } from '../api/testing/operations.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

let down = false;
const desk = deskInBrowser({
  operations: async () =>
    down ? { ...plainOperations, parts: [{ name: 'database', state: 'down', detail: '写不进去' }] } : plainOperations,
});

it('[R-122] a supervisor sees which part needs a look, what waits, which channels are on and what runs', { timeout: 60_000 }, async () => {
  const page = await desk.open('sup');
  await page.getByRole('link', { name: '运行' }).click();
  await page.getByText('有 1 个部分要看一看').waitFor();
  await page.getByTestId('parts').getByText('只剩 900 MB').waitFor();
  expect(await page.getByTestId('waits').textContent()).toContain('最久的等了 1 分 15 秒');
  expect(await page.getByTestId('waits').textContent()).toContain('超期 1 件');
  expect(await page.getByTestId('channels').textContent()).toContain('要配置 SMS_PROVIDER');
  expect(await page.getByRole('region', { name: '这台服务' }).textContent()).toMatch(/问办 1\.2\.3.*1 天 2 小时.*300 MB.*原文摘录/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect([colorScheme, await axeViolations(page)]).toEqual([colorScheme, []]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  if (process.env.WENBAN_SHOTS) await page.screenshot({ path: `${process.env.WENBAN_SHOTS}/admin.png` });
  down = true;
  await page.getByText('写不进去').waitFor({ timeout: 20_000 });
  down = false;
});

it('[R-016] an agent has no such screen, and the address leads them home', { timeout: 60_000 }, async () => {
  const page = await desk.open('li', '#admin');
  expect(await page.getByRole('link', { name: '运行' }).count()).toBe(0);
  await page.getByRole('heading', { name: '人工服务台' }).waitFor();
});
