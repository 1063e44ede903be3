/** The real server with three channels, a browser, staff at their desks, and citizens on the web, in WeChat and by SMS. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { addStaff, type StaffRole } from '../../bot/store/staff.ts';
import { startCarriers } from '../../channels/sms/testing/carriers.ts';
import { launchBrowser, newPage } from '../../channels/web/widget/testing/browser.ts';
import { type PlatformAccount, startPlatform } from '../../channels/wechat/testing/platform.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { ensureBuilt } from '../support/build.ts';
import { startServer, type TestServer } from '../support/server.ts';

const password = 'a good password';
/** A browser on a busy machine is slow; a failure should still say what was waited for. */
const patienceMs = 20_000;
const account: PlatformAccount = {
  appId: 'wx00000000000000a1',
  secret: 'the secret',
  token: 'zwfwtoken2026',
  encodingAesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ',
  original: 'gh_oa',
  type: 'service',
};

export interface Town {
  readonly server: TestServer;
  readonly clock: { ahead: number };
  /** A window of its own with this member of staff signed in; `hash` names the screen. */
  desk(name: string, hash?: string): Promise<Page>;
  /** A citizen with the chat open on the portal. */
  citizen(): Promise<Page>;
  /** Somebody writes in WeChat. */
  wechat(openid: string, text: string): Promise<void>;
  /** Somebody sends an SMS. */
  sms(phone: string, text: string): Promise<void>;
  /** What they see there. */
  inWechat(openid: string): string[];
  onPhone(phone: string): string[];
  /** Turns, outbox and queues have done what there was to do. */
  settled(): Promise<void>;
}

/** Registers the hooks of a test file; one server for all its tests. It begins at `now`, a time in China such as 2026-03-02T10:00, and goes on. */
export function town(now: string, staff: Readonly<Record<string, StaffRole>>, environment: NodeJS.ProcessEnv = {}): Town {
  const began = Date.now();
  const clock = { ahead: 0 };
  const time = () => Date.parse(`${now}+08:00`) + Date.now() - began + clock.ahead;
  const faults: string[] = [];
  let browser: Browser;
  let server: TestServer;
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let carriers: Awaited<ReturnType<typeof startCarriers>>;
  let texts = 0;
  beforeAll(async () => {
    await ensureBuilt();
    [browser, carriers, platform] = await Promise.all([launchBrowser(), startCarriers(), startPlatform({ now: time })]);
    platform.add(account);
    const channels = {
      ...carriers.twilio.environment,
      WECHAT_OA_APP_ID: account.appId,
      WECHAT_OA_APP_SECRET: account.secret,
      WECHAT_OA_TOKEN: account.token,
      WECHAT_OA_ENCODING_AES_KEY: account.encodingAesKey,
      WECHAT_OA_TYPE: account.type,
      WECHAT_API_BASE_URL: platform.url,
    };
    server = await startServer({ ...channels, ...environment }, { now: time });
    const passwordHash = await hashPassword(password, { log2N: 8 });
    for (const [name, role] of Object.entries(staff)) await addStaff(server.house.database.db, { name, role, passwordHash }, time());
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await platform.close();
    for (const carrier of Object.values(carriers)) await carrier.close();
    expect(faults).toEqual([]);
    expect(platform.errors).toEqual([]);
    expect(carriers.twilio.problems()).toEqual([]);
  });
  const base = () => `http://127.0.0.1:${server.port}`;
  const watched = async (options: Parameters<typeof newPage>[1]) => {
    const page = await newPage(browser, options);
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', (error) => faults.push(error.message));
    return page;
  };
  const settled = async () => {
    await server.house.core.settled();
    server.house.outbox.kick();
    await server.house.outbox.settled();
    server.sms?.queue.kick();
    await server.sms?.queue.settled();
  };
  return {
    get server() {
      return server;
    },
    clock,
    settled,
    desk: async (name, hash = '') => {
      const page = await watched({ viewport: { width: 1280, height: 720 } });
      await page.goto(`${base()}/desk/${hash}`);
      await page.getByLabel('用户名').fill(name);
      await page.getByLabel('密码').fill(password);
      await page.keyboard.press('Enter');
      await page.locator('.top-bar').waitFor();
      return page;
    },
    citizen: async () => {
      const page = await watched({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      await page.goto(base());
      await page.getByTestId('launcher').click();
      await page.getByText('是机器人，不是真人').waitFor();
      return page;
    },
    wechat: async (openid, text) => {
      const fields = { ToUserName: account.original, FromUserName: openid, CreateTime: Math.floor(time() / 1000), MsgType: 'text' };
      await platform.push([`${base()}/channels/wechat/official-account`], account, { ...fields, Content: text, MsgId: platform.nextId() });
      await settled();
    },
    sms: async (phone, text) => {
      await carriers.twilio.push(server, phone, text, `SM${++texts}`);
      await settled();
    },
    inWechat: (openid) => (platform.chats.get(openid) ?? []).map(({ text }) => text),
    onPhone: (phone) => carriers.twilio.got(phone),
  };
}

/** The citizen writes in the web chat. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('input').fill(text);
  await page.getByTestId('send').click();
  await page.getByTestId('message-citizen').getByText(text).last().waitFor();
}

/** The citizen presses the button for a person and waits in the queue. */
export async function askForPerson(page: Page): Promise<void> {
  await page.getByTestId('to-person').click();
  await handoff(page, 'waiting').waitFor();
}

/** The banner of the web chat in this state. */
export const handoff = (page: Page, state: string) => page.getByTestId('handoff').and(page.locator(`[data-state="${state}"]`));

/** The button that takes the waiting citizen with this matter. */
export const take = (page: Page, matter: string) =>
  page
    .getByTestId('queue')
    .getByRole('button', { name: new RegExp(`^接入：.*${matter}`) })
    .first();

/** The agent opens one of the conversations in hand. */
export async function open(page: Page, matter: string): Promise<void> {
  await page.getByTestId('mine').getByRole('button', { name: matter }).first().click();
  await page.getByLabel('回复市民').waitFor();
}

/** The agent answers in the open conversation. */
export async function answer(page: Page, text: string): Promise<void> {
  await page.getByLabel('回复市民').fill(text);
  await page.getByLabel('回复市民').press('Enter');
  await page.getByTestId('messages').getByText(text).first().waitFor();
}

/** The agent ends the open conversation. */
export async function end(page: Page): Promise<void> {
  await page.getByRole('button', { name: '结束服务' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '结束服务' }).click();
  await page.getByText('人工服务已结束').first().waitFor();
}
