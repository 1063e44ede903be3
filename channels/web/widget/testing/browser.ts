/** A real Chromium for the browser tests, with Chinese glyphs that no machine has to have installed. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';

const require = createRequire(import.meta.url);

export async function launchBrowser(): Promise<Browser> {
  // The package's own arguments put everything into one process, which hangs when a context closes.
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'], headless: true });
}

/** Gives a page the fonts; FontFace instead of a style element, so that the page's Content-Security-Policy may stay strict. */
export async function addChineseFont(page: Page): Promise<void> {
  for (const weight of ['400', '600']) {
    const file = require.resolve(`@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`);
    const data = (await readFile(file)).toString('base64');
    await page.evaluate(
      async ([base64, fontWeight]) => {
        const bytes = Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
        const face = new FontFace('PingFang SC', bytes, { weight: fontWeight ?? '400' });
        document.fonts.add(await face.load());
      },
      [data, weight],
    );
  }
}

/** A new page in a context of its own (own storage). */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    ...options,
  });
  return context.newPage();
}
