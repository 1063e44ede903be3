/** The stage of the browser tests: one build and one browser a file, one server and one fresh page a test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { buildWeb } from '../../../../scripts/build-web.mjs';
import { launchBrowser, newPage } from './browser.ts';
import { type MockServer, startMockServer } from './mock-server.ts';
import { answer, greeting } from './script.ts';

let assets: string;
let browser: Browser;
export let server: MockServer;
export let page: Page;
/** Errors the page reported: exceptions, refused resources, violations of the Content-Security-Policy. */
export let problems: string[];

/** Sets the stage up around the tests of the file that calls it. */
export function useStage(): void {
  beforeAll(async () => {
    assets = await mkdtemp(path.join(tmpdir(), 'wenban-widget-'));
    [browser] = await Promise.all([launchBrowser(), buildWeb({ outDir: assets })]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rm(assets, { recursive: true, force: true });
  });
  beforeEach(async () => {
    server = await startMockServer({ assets, greeting, answer });
    await usePage();
  });
  afterEach(async () => {
    await page.context().close();
    await server.close();
  });
}

/** A fresh browser context on the portal (or another path). */
export async function usePage(options: BrowserContextOptions = {}, where = '/'): Promise<void> {
  await page?.context().close();
  page = await newPage(browser, options);
  problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(server.url + where);
}

/** The assistant's messages. */
export const bot = (): Locator => page.getByTestId('message-bot');

export async function open(): Promise<void> {
  await page.getByTestId('launcher').click();
  await bot().first().waitFor();
}

export async function ask(text: string): Promise<void> {
  await page.getByTestId('input').fill(text);
  await page.getByTestId('input').press('Enter');
}

/** Opens the chat and asks what is answered with sources. */
export async function openAnswer(): Promise<void> {
  await open();
  await ask('身份证丢了怎么补办');
  await page.getByTestId('sources').waitFor();
}
