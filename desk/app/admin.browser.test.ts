import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { beginEvaluationRun, endEvaluationRun } from '../../bot/store/evaluation-runs.ts';
import { seeIncident } from '../../bot/store/incidents.ts';
import { dueDeliveries, keepDelivery, settleDelivery } from '../../bot/store/webhook-deliveries.ts';
import { createWebhook } from '../../bot/webhooks/subscriptions.ts';
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

it('[R-122] [R-127] [R-143] incidents get their cause, failed pushes are sent again, the last evaluation is seen', {
  timeout: 60_000,
}, async () => {
  const { house } = desk.server;
  const { db } = house.database;
  const now = Date.now();
  await seeIncident(db, { kind: 'qdrant', detail: 'ECONNREFUSED', begunAt: now - 7_200_000, dueAt: now - 1 }, now);
  const tools = { database: house.database, now: () => now, newId: () => 'hook-1', randomBytes };
  await createWebhook(tools, { url: 'https://orders.example/hook', kinds: ['order'], department: '民政局' }, 'boss');
  const event = { eventId: 'evt_1', type: 'order.receive', subject: 'o1', conversationId: null, orderId: null, body: '{}' };
  await keepDelivery(db, { webhookId: 'wh_hook-1', ...event }, now - 1);
  const [due] = await dueDeliveries(db, 'wh_hook-1', now, 1);
  await settleDelivery(db, due?.id ?? 0, { status: 'dead', code: 500, error: 'the receiver answered 500', at: now });
  await beginEvaluationRun(db, '2026-Q1', { now, staleBefore: 0 });
  const metrics = { 'answers rouge_l': 0.62, 'answers passed': 1, 'safety refusal_recall': 0.9, 'safety passed': 0 };
  await endEvaluationRun(db, '2026-Q1', { status: 'done', finishedAt: now, folder: null, metrics, error: null });

  const page = await desk.open('boss', '#admin');
  await page.getByTestId('incidents').getByText('已超过处理时限').waitFor();
  await page.getByTestId('webhooks').getByText('工单受理：对方系统返回 500').waitFor();
  expect(await page.getByTestId('evaluation').textContent()).toMatch(/answers通过.*safety没有通过/);
  expect(await axeViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  if (process.env.WENBAN_SHOTS) await page.screenshot({ path: `${process.env.WENBAN_SHOTS}/admin-records.png`, fullPage: true });
  await page.getByLabel('Qdrant 索引的原因和处理').fill('机房断电，已恢复');
  await page.getByRole('button', { name: '记下并关闭' }).click();
  await page.getByTestId('incidents').getByText('由 boss 关闭').waitFor();
  await page.getByRole('button', { name: /^重发/ }).click();
  await page.getByTestId('webhooks').getByText('在等 1，失败 0').waitFor();
  await page.getByRole('button', { name: /^停用/ }).click();
  await page.getByTestId('webhooks').getByText('已停').waitFor();
});

it('[R-016] an agent has no such screen, and the address leads them home', { timeout: 60_000 }, async () => {
  const page = await desk.open('li', '#admin');
  expect(await page.getByRole('link', { name: '运行' }).count()).toBe(0);
  await page.getByRole('heading', { name: '人工服务台' }).waitFor();
});
