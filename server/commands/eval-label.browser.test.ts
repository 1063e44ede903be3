import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import type { LabelItem } from '../../eval/label/queue.ts';
import { readLabels } from '../../eval/label/store.ts';
import { serveLabels } from './eval-label.ts';

const queue: LabelItem[] = ['甲', '乙', '丙'].map((name) => ({
  key: `key-${name}`,
  question: `问${name}`,
  answer: `答${name}：<b>每证 40 元</b>`,
  fact: `要点${name}`,
  stated: false,
  suite: 'sample',
  caseId: name,
}));

let browser: Browser;
let folder = '';
let file = '';
let page: Page;
let label: Awaited<ReturnType<typeof serveLabels>>;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-label-'));
  file = join(folder, 'labels.jsonl');
  label = await serveLabels({ queue, file, port: 0, now: () => new Date('2026-11-02T02:00:00Z') });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  label.server.closeAllConnections();
  await new Promise((resolve) => label.server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const fact = () => page.locator('#fact').innerText();
const press = async (key: string, then: string) => {
  await page.keyboard.press(key);
  await page.locator('#said', { hasText: then }).waitFor({ state: 'attached' });
};
const saved = async () => Object.fromEntries(await readLabels(file));

describe('[R-022] labelling in a browser', () => {
  it('goes by keyboard: said, not said, skip, undo; every press is in the file at once, and a reload goes on where it stopped', async () => {
    page = await newPage(browser);
    await page.goto(label.url);
    await page.getByText('要点甲', { exact: true }).waitFor();
    expect(await page.locator('#answer').innerText()).toBe('答甲：<b>每证 40 元</b>');
    await press('s', '已跳过');
    expect(await fact()).toBe('要点乙');
    await press('n', '没说');
    expect(await saved()).toEqual({ 'key-乙': 'no' });
    await press('c', '说反了');
    expect(await fact()).toBe('要点甲');
    await press('z', '已撤回');
    expect(await fact()).toBe('要点丙');
    expect(await saved()).toEqual({ 'key-乙': 'no' });
    await press('u', '看不准');
    expect(await page.locator('#count').innerText()).toBe('2 / 3');
    await page.reload();
    await page.getByText('要点甲', { exact: true }).waitFor();
    expect(await page.locator('#count').innerText()).toBe('2 / 3');
    await press('y', '全部标完了');
    expect(await page.getByText('都标完了').isVisible()).toBe(true);
    expect(await saved()).toEqual({ 'key-甲': 'yes', 'key-乙': 'no', 'key-丙': 'unclear' });
  });

  it('works by mouse and in English, light and dark, on a phone, without faults a screen reader would meet', async () => {
    for (const options of [{ colorScheme: 'light' as const }, { colorScheme: 'dark' as const, viewport: { width: 390, height: 844 } }]) {
      page = await newPage(browser, options);
      await page.goto(label.url);
      await page.getByText('要点甲', { exact: true }).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    }
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'contradicts' }).click();
    await page.getByText('要点乙', { exact: true }).waitFor();
    expect(await saved()).toEqual({ 'key-甲': 'contradicts' });
  });

  it('what could not be saved is said, and nothing moves on', async () => {
    page = await newPage(browser);
    await page.goto(label.url);
    await page.getByText('要点甲', { exact: true }).waitFor();
    await page.route('**/labels', (route) => route.abort());
    await page.keyboard.press('y');
    await page.getByText('没有存上').waitFor();
    expect(await fact()).toBe('要点甲');
  });

  it('only the address with the token answers, only for what is in the queue', async () => {
    const base = new URL(label.url).origin;
    for (const path of ['/', '/queue', '/labels', '/x/queue']) expect((await fetch(`${base}${path}`)).status).toBe(404);
    const post = (body: unknown) =>
      fetch(`${label.url}labels`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect((await post({ key: 'other', verdict: 'yes' })).status).toBe(400);
    expect((await post({ key: 'key-甲', verdict: 'maybe' })).status).toBe(400);
    expect((await post({ key: 'key-甲', verdict: 'yes' })).status).toBe(204);
    expect((await fetch(label.url)).headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
