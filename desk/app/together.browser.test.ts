/** Remote assistance seen from both sides: the agent's window on the real server, the citizen over Direct Line. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { words } from '../../bot/handoff/together.ts';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { ensureBuilt } from '../../tests/support/build.ts';
import { post, read, startTalk } from '../../tests/support/process.ts';
import { startServer, type TestServer } from '../../tests/support/server.ts';

const flow = '带我办宝宝出生手续';
let browser: Browser;
let server: TestServer;
let desk: Page;
beforeAll(async () => {
  await ensureBuilt();
  [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  await server.addAgent('xiaoli', '正确的密码 123');
  desk = await newPage(browser, { viewport: { width: 1280, height: 720 } });
  await desk.goto(`${server.url}/desk/`);
  await desk.getByLabel('用户名').fill('xiaoli');
  await desk.getByLabel('密码').fill('正确的密码 123');
  await desk.keyboard.press('Enter');
  await desk.getByTestId('queue').waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** A citizen whom the agent at the desk has taken; `says` waits until the agent sees the words. */
async function taken() {
  const talk = await startTalk(server.url);
  let ids = 0;
  const says = async (text: string) => {
    expect((await post(server.url, talk, text, `c${++ids}`)).status).toBe(200);
    await server.house.core.settled(talk.conversationId);
  };
  const log = async () => (await read(server.url, talk)).activities;
  await says('转人工');
  await desk.getByTestId('queue').getByRole('button', { name: /^接入/ }).first().click();
  await desk.getByLabel('回复市民').waitFor();
  return { says, log };
}
async function invite(): Promise<void> {
  await desk.getByRole('button', { name: '一起办', exact: true }).click();
  const dialog = desk.getByRole('dialog', { name: '和市民一起办' });
  await dialog.getByRole('option').first().waitFor({ state: 'attached' });
  await dialog.getByLabel('办哪件事').selectOption({ label: flow });
  await dialog.getByRole('button', { name: '发出邀请' }).click();
  await dialog.waitFor({ state: 'detached' });
}
const seen = (text: string | RegExp) => desk.getByTestId('messages').getByText(text).last().waitFor();

it('[R-063] the agent invites, the citizen agrees, and the agent sees every question and answer and can still speak', async () => {
  const citizen = await taken();
  await invite();
  await seen(/想和您一起办/);
  // Nothing begins before the yes.
  const before = (await citizen.log()).length;
  await citizen.says('要多久');
  expect((await citizen.log()).length).toBe(before + 1);
  await citizen.says(words.yes);
  const question = (await citizen.log()).findLast(({ type, from }) => type === 'message' && from.role === 'bot')?.text ?? '';
  await seen(words.yes);
  await seen(question.split('\n')[0]?.slice(0, 12) ?? '');
  await citizen.says('外地的医院');
  await seen('外地的医院');
  await desk.getByLabel('回复市民').fill('户口本带上就行');
  await desk.getByLabel('回复市民').press('Enter');
  await expect.poll(async () => (await citizen.log()).at(-1)?.text).toBe('户口本带上就行');
  expect((await citizen.log()).filter(({ name }) => name === 'assist.consent')).toHaveLength(1);
}, 60_000);

it('[R-063] a no is respected: the agent reads it, nothing is asked, the conversation stays with the agent', async () => {
  const citizen = await taken();
  await invite();
  await seen(/想和您一起办/);
  await citizen.says(words.no);
  await seen(words.declined);
  const after = (await citizen.log()).length;
  await citizen.says('我自己来填');
  await seen('我自己来填');
  expect((await citizen.log()).length).toBe(after + 1);
}, 60_000);
