/** Every page under its own strict policy, in a real browser: whoever uses the house meets no refusal of it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRating } from '../bot/store/ratings.ts';
import { freePort } from '../bot/store/testing/postgres.ts';
import { launchBrowser, newPage } from '../channels/web/widget/testing/browser.ts';
import { ensureBuilt } from './support/build.ts';
import { post, startTalk } from './support/process.ts';
import { startServer, type TestServer } from './support/server.ts';

const password = '正确的密码 123';
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg2Jf3HwAE4QJZ5X1bDwAAAABJRU5ErkJggg==', 'base64');
let browser: Browser;
let server: TestServer;

beforeAll(async () => {
  await ensureBuilt();
  const port = String(await freePort());
  // Links to notices need the address citizens know.
  [server, browser] = await Promise.all([startServer({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` }), launchBrowser()]);
  await server.addAgent('sup', password, 'supervisor');
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Watched {
  readonly page: Page;
  /** What the policy refused, and what broke. */
  readonly refused: string[];
  /** What came over WebSockets. */
  readonly frames: string[];
}
async function watched(): Promise<Watched> {
  const page = await newPage(browser);
  const [refused, frames]: [string[], string[]] = [[], []];
  page.on('console', (line) => {
    if (/^refused by policy|Content.Security.Policy/i.test(line.text())) refused.push(line.text());
  });
  page.on('pageerror', (error) => refused.push(String(error)));
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`refused by policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  return { page, refused, frames };
}

describe('[R-027] nothing is refused by our own policy', () => {
  it('in a whole talk: an answer over the WebSocket, a source, a picture, a notice, the rating', async () => {
    const { page, refused, frames } = await watched();
    const say = async (text: string) => {
      await page.getByTestId('input').fill(text);
      await page.getByTestId('send').click();
    };
    await page.goto(server.url);
    await page.getByTestId('launcher').click();
    await page.getByText('是机器人，不是真人').waitFor();
    await say('身份证丢了怎么补办要带什么');
    await page.getByText('居民身份证补领/换领（丢失补领）').waitFor();
    expect(frames.some((frame) => frame.includes('居民身份证补领/换领（丢失补领）'))).toBe(true);
    await page
      .getByRole('button', { name: /来源 ?1/ })
      .first()
      .click();
    await page.getByTestId('source-panel').getByText('安澜市公安局').first().waitFor();
    await page.getByTestId('file-input').setInputFiles({ name: '户口簿.png', mimeType: 'image/png', buffer: picture });
    const shown = page.getByRole('img', { name: '图片：户口簿.png' });
    await shown.waitFor();
    await expect.poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
    await say('宝宝出生了，手续一步一步带我办');
    for (const answer of ['外地的医院', '至少一方是安澜户口', '领了', '在交']) {
      const before = await page.getByTestId('message-bot').count();
      await say(answer);
      await expect.poll(() => page.getByTestId('message-bot').count()).toBeGreaterThan(before);
    }
    const notice = await page.locator('a[href*="/notice/"]').first().getAttribute('href');
    await say('再见');
    await page.getByTestId('rating').getByRole('radio', { name: '满意', exact: true }).check({ force: true });
    await page.getByTestId('rating').getByRole('button', { name: '提交评价' }).click();
    await page.getByTestId('rating').getByText('谢谢您的评价').waitFor();
    const { db } = server.house.database;
    const { id } = await db.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
    await expect.poll(() => findRating(db, id)).toMatchObject({ score: 4, channel: 'web' });
    await page.reload();
    await page.getByTestId('launcher').click();
    await page.getByTestId('rating').waitFor();
    expect(refused).toEqual([]);
    await page.goto(notice ?? '');
    await page.getByRole('button', { name: '打印' }).waitFor();
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).maxWidth)).not.toBe('none');
    expect(refused).toEqual([]);
  }, 60_000);

  it('at the desk: login, a conversation, every screen', async () => {
    const { page, refused } = await watched();
    await page.goto(`${server.url}/desk/`);
    await page.getByLabel('用户名').fill('sup');
    await page.getByLabel('密码').fill(password);
    await page.keyboard.press('Enter');
    const talk = await startTalk(server.url);
    await post(server.url, talk, '转人工', 'c1');
    await page.getByTestId('queue').getByRole('button', { name: /^接入/ }).first().click();
    await page.getByLabel('回复市民').fill('您好');
    await page.getByLabel('回复市民').press('Enter');
    await page.getByTestId('messages').getByText('您好', { exact: true }).waitFor();
    for (const screen of ['工单', '知识', '数据', '运行', '接待']) {
      await page.getByRole('link', { name: screen, exact: true }).click();
      await page.waitForLoadState('networkidle');
    }
    expect(refused).toEqual([]);
  });

  it('on the page of the API', async () => {
    const { page, refused } = await watched();
    await page.goto(`${server.url}/api`);
    await page.locator('#api:not([aria-busy])').waitFor();
    await page.locator('.opblock button').first().click();
    expect(refused).toEqual([]);
  });
});
