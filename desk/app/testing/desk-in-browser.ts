/** A desk for each test of a file: a fresh server, one browser, and people who sign in with their own window. */
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser, newPage } from '../../../channels/web/widget/testing/browser.ts';
import type { DeskApiOptions } from '../../api/router.ts';
import { type DeskServer, PASSWORD, startDeskServer } from '../../api/testing/server.ts';
import { buildDeskApp } from './build.ts';

export interface DeskInBrowser {
  readonly server: DeskServer;
  /** A window of its own with this person signed in; `hash` names the screen. */
  open(name: string, hash?: string): Promise<Page>;
}

/** Registers the hooks of the test file; the returned object is usable inside tests. Fails a test after which the server saw an error. */
export function deskInBrowser(api: Partial<DeskApiOptions> = {}): DeskInBrowser {
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
    server = await startDeskServer({ realTime: true, webDir, api });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await server.close();
    expect(server.errors).toEqual([]);
  });
  return {
    get server() {
      return server;
    },
    open: async (name, hash = '') => {
      const page = await newPage(browser, { viewport: { width: 1280, height: 720 } });
      await page.goto(`${server.url}/desk/${hash}`);
      await page.getByLabel('用户名').fill(name);
      await page.getByLabel('密码').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.locator('.top-bar').waitFor();
      return page;
    },
  };
}
