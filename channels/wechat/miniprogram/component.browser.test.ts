import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smsNumber } from '../../../bot/store/sms-numbers.ts';
import { addChineseFont, launchBrowser, newPage } from '../../web/widget/testing/browser.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { type Compiled, compile, renderChat } from '../testing/mini-program-page.ts';

const root = await mkdtemp(join(tmpdir(), 'wenban-mp-'));
await promisify(execFile)(process.execPath, [
  new URL('./build.mjs', import.meta.url).pathname,
  ...['--url', 'https://zwfw.example', '--phone', '--out', root],
]);
const compiled = compile(root);
afterAll(() => rm(root, { recursive: true, force: true }));

describe.skipIf(!compiled)('the mini-program under the official compiler', () => {
  it('is taken by it: markup and styles of page and component', () => {
    const { wxml, wxss } = compiled as Compiled;
    for (const path of ['pages/chat/chat.wxml', 'components/chat/chat.wxml']) expect(wxml).toContain(path);
    expect(wxss).toContain('components/chat/chat.wxss');
    expect(wxss).toContain('elder');
  });
});

describe.skipIf(!compiled)('the chat component in the official simulator', () => {
  let at: Harness;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  let codes = 0;

  beforeAll(async () => {
    [at, browser] = await Promise.all([
      startHarness({ accounts: [{ kind: 'mini-program' }], tellBySms: async () => true }),
      launchBrowser(),
    ]);
    page = await newPage(browser, { viewport: { width: 390, height: 844 } });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.route(`${at.base}/stage`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>stage</title>' }),
    );
    await page.goto(`${at.base}/stage`);
    await addChineseFont(page);
    await renderChat(page, root, compiled as Compiled, { baseUrl: at.base, hotline: '12345', phone: true });
    await gives();
  });
  afterAll(async () => {
    expect(faults).toEqual([]);
    await browser.close();
    await at.close();
  });

  /** Codes for the next calls of wx.login. */
  async function gives(openid = 'mStage', times = 3): Promise<void> {
    const fresh = Array.from({ length: times }, () => `stage-${++codes}`);
    for (const code of fresh) at.platform.codes.set(code, openid);
    await page.evaluate((more) => (window as unknown as { codes: string[] }).codes.push(...more), fresh);
  }
  /** A tap, or another event, on the first element that has this class and text. */
  const does = (selector: string, text: string, event = 'tap', detail: object = {}) =>
    page.evaluate(
      ({ selector, text, event, detail }) => {
        type Node = { dom: HTMLElement; dispatchEvent(name: string, options?: object): void };
        const { chat } = window as unknown as { chat: { querySelectorAll(selector: string): Node[] } };
        const found = chat.querySelectorAll(selector).find(({ dom }) => (dom.textContent ?? '').includes(text));
        if (!found) throw new Error(`nothing like ${selector} with ${text}`);
        found.dispatchEvent(event, { detail });
      },
      { selector, text, event, detail },
    );
  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 10_000 });
  async function says(text: string): Promise<void> {
    await does('.draft', '', 'input', { value: text });
    await does('.send', '');
  }

  it('logs in, greets, and takes a pressed reply', async () => {
    await sees(/智能助手/);
    await does('.choice', '居住证');
    await expect.poll(() => page.locator('.wenban-chat--mine, .mine').count()).toBe(1);
  });

  it('[R-033] sends what is written, shows the answer with its sources, and copies the address of one', async () => {
    await says('居住证要多少钱');
    await sees(/20 元/);
    await does('.source', '[1]');
    expect(await page.evaluate(() => (window as unknown as { copied?: string }).copied)).toMatch(/^https?:/);
  });

  it('[R-113] shows a form, and hands in what was filled', async () => {
    await says('查办件进度');
    await sees('受理编号');
    const fill = (id: string, value: string) =>
      page.evaluate(
        ({ id, value }) => {
          type Node = { dom: HTMLElement; dispatchEvent(name: string, options?: object): void };
          const { chat } = window as unknown as { chat: { querySelectorAll(selector: string): Node[] } };
          chat
            .querySelectorAll('.field')
            .find(({ dom }) => dom.dataset.id === id)
            ?.dispatchEvent('input', { detail: { value } });
        },
        { id, value },
      );
    await fill('receipt', 'AL2026000101');
    await fill('phoneTail', '1101');
    await does('.primary', '提交');
    await sees(/查到了/);
  });

  it('has large type, the hotline and a person one tap away', async () => {
    await does('.bar-button', '大字版');
    await sees('标准字号');
    await does('.bar-button', '打 12345');
    expect(await page.evaluate(() => (window as unknown as { called?: string }).called)).toBe('12345');
    await does('.bar-button', '转人工');
    await sees(/转人工|人工/);
  });

  it('notes the phone of a citizen who wants to be told by SMS', async () => {
    await gives();
    at.platform.codes.set('pressed', '13800002222');
    await does('.bar-button', '短信提醒', 'getphonenumber', { code: 'pressed' });
    await expect.poll(() => page.evaluate(() => (window as unknown as { shown: string[] }).shown)).toContain('好的，有答复会发短信告诉您');
    expect((await smsNumber(at.house.database.db, '+8613800002222')).consentAt).not.toBeNull();
  });
});
