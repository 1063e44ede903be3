import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimWechatDelivery, settleWechatDelivery } from '../../bot/store/wechat-deliveries.ts';
import { saveWechatyLogin } from '../../bot/store/wechaty-login.ts';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { type DeskServer, PASSWORD, startDeskServer } from '../api/testing/server.ts';
import { buildDeskApp } from './testing/build.ts';

let browser: Browser;
let webDir: string;
let server: DeskServer;
beforeAll(async () => {
  [browser, webDir] = await Promise.all([launchBrowser(), buildDeskApp()]);
  server = await startDeskServer({ realTime: true, webDir });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(webDir, { recursive: true, force: true });
});

it('an administrator sees why a WeChat message has not arrived, sends it again, and sees the login code of wechaty', async () => {
  const { db } = server.house.database;
  await server.house.arrive('c1', {});
  await server.house.says('c1', '居住证办好了吗');
  const said = (await server.house.logOf('c1')).findLast((one) => one.type === 'message');
  const key = { activityId: said?.id ?? '', conversationId: 'c1', seq: said?.seq ?? 0, account: 'oa:hall' };
  await claimWechatDelivery(db, key, { now: Date.now(), leaseUntil: Date.now() + 1000 }, false);
  await settleWechatDelivery(db, key.activityId, { state: 'failed', code: 40164, error: 'refused' }, Date.now());
  const image = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4H0z"/></svg>';
  await saveWechatyLogin(db, { state: 'scan', qrcode: 'https://login.weixin.example/x', image }, Date.now());

  const page = await newPage(browser, { viewport: { width: 1280, height: 720 } });
  await page.goto(`${server.url}/desk/`);
  await page.getByLabel('用户名').fill('boss');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '微信送达' }).click();
  const dialog = page.getByRole('dialog', { name: '微信送达情况' });
  await dialog.getByText('服务器地址不在 IP 白名单里（40164）').waitFor();
  await dialog.getByText('公众号 hall').waitFor();
  expect(await dialog.getByAltText(/登录二维码/).evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await dialog.getByRole('button', { name: /^重发/ }).click();
  await dialog.getByText('待发送').waitFor();
  await dialog.getByRole('button', { name: '关闭' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(server.errors).toEqual([]);
});
