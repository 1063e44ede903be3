import { describe, expect, it } from 'vitest';
import { axeViolations, sidewaysOverflow, smallTargets, smallTexts } from './testing/page-checks.ts';
import * as script from './testing/script.ts';
import { ask, bot, page, problems, server, usePage, useStage } from './testing/stage.ts';

useStage();

const terminal = { viewport: { width: 1080, height: 1440 }, hasTouch: true };

/** A terminal whose clock the test moves; the greeting stands on it. */
async function atTerminal(options: Parameters<typeof usePage>[0] = terminal): Promise<void> {
  await usePage(options, '/portal/kiosk.html');
  await page.clock.install();
  await page.reload();
  await bot().first().waitFor();
}

const stored = () => page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
const links = () => page.evaluate(() => document.querySelector('wenban-chat')?.shadowRoot?.querySelectorAll('a[href]').length);
const focused = () => page.evaluate(() => document.querySelector('wenban-chat')?.shadowRoot?.activeElement?.getAttribute('data-testid'));
const question = () => page.getByTestId('still-here');
/** Ended conversations; loading the page anew ended the first. */
const ends = () => server.received.filter(({ type }) => type === 'endOfConversation').length - 1;

describe('[R-035] [R-074] at a public terminal', () => {
  it('fills the screen, stays open, keeps nothing in the browser, and no link leads away', async () => {
    await atTerminal();
    await ask('身份证丢了怎么补办');
    await page.getByTestId('sources').waitFor();
    await ask('看看卡片');
    await page.getByText('去预约').waitFor();
    const box = await page.getByTestId('panel').boundingBox();
    expect([box?.x, box?.y, box?.width, box?.height]).toEqual([0, 0, 1080, 1440]);
    for (const absent of ['launcher', 'minimise', 'upload', 'copy', 'elder-toggle']) expect(await page.getByTestId(absent).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('panel').isVisible()).toBe(true);
    await bot().locator('.cite').first().click();
    expect([await links(), await stored()]).toEqual([0, [[], [], '']]);
    expect(await page.getByText('去预约（zwfw.anlan.example/book）').isVisible()).toBe(true);
    expect(problems).toEqual([]);
  });

  it('asks after a silence whether somebody is there, and goes on where they were', async () => {
    await atTerminal();
    await page.getByTestId('input').fill('我叫张三，我的');
    await page.clock.fastForward(61_000);
    await question().waitFor();
    expect(await focused()).toBe('stay');
    expect(await question().textContent()).toMatch(/\d+ 秒后清除/);
    // What lies behind the question is out of reach until it is answered.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(['stay', 'leave', undefined]).toContain((await focused()) ?? undefined);
    await page.getByTestId('stay').click();
    expect([await question().count(), await page.getByTestId('input').inputValue(), await focused(), ends()]).toEqual([
      0,
      '我叫张三，我的',
      'input',
      0,
    ]);
  });

  it('clears everything when nobody answers: screen, page, storage, and the conversation on the server', async () => {
    await atTerminal();
    await ask('身份证丢了怎么补办');
    await page.getByTestId('sources').waitFor();
    await page.getByTestId('input').fill('我叫张三，我的');
    await page.clock.fastForward(61_000);
    await question().waitFor();
    await page.clock.fastForward(21_000);
    await expect.poll(ends).toBe(1);
    await expect.poll(() => page.getByTestId('log').textContent()).not.toContain('身份证丢了，可以到');
    await bot().first().waitFor();
    expect([await page.getByTestId('input').inputValue(), await page.getByTestId('message-citizen').count(), await stored()]).toEqual([
      '',
      0,
      [[], [], ''],
    ]);
    await ask('下一位的问题');
    await expect.poll(() => server.received.at(-1)?.text).toBe('下一位的问题');
    const users = new Set(server.received.slice(1).map(({ from }) => from.id));
    expect(users.size).toBe(2);
    await page.goBack().catch(() => undefined);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(3);
  });

  it('leaves a screen alone that nobody has touched', async () => {
    await atTerminal();
    await page.clock.fastForward(3_600_000);
    expect([await question().count(), ends()]).toEqual([0, 0]);
  });

  it('is cleared at once by 结束并清除, in any language, and when the page is left', async () => {
    await atTerminal();
    await page.getByTestId('language-toggle').click();
    await ask('下一件');
    await page.getByTestId('message-citizen').waitFor();
    await page.getByRole('button', { name: 'Finish and clear' }).click();
    await expect.poll(ends).toBe(1);
    await page.getByRole('button', { name: '结束并清除' }).waitFor();
    expect(await page.getByTestId('message-citizen').count()).toBe(0);
    await bot().first().waitFor();
    await page.goto('about:blank');
    await expect.poll(ends).toBe(2);
  });

  it('waits for who waits for a person at the desk', async () => {
    await atTerminal();
    await ask('转人工');
    await page.clock.fastForward(50_000);
    server.say(script.agentSays('您好，正在替您查，请稍等。'));
    await page.getByText('正在替您查').waitFor();
    await page.clock.fastForward(30_000);
    expect([await question().count(), ends()]).toEqual([0, 0]);
  });

  for (const [name, options] of Object.entries({
    terminal,
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    dark: { ...terminal, colorScheme: 'dark' as const },
  })) {
    it(`keeps WCAG 2.2 AA in large type: ${name}`, async () => {
      await atTerminal(options);
      await ask('身份证丢了怎么补办');
      await page.getByTestId('sources').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 60)).toEqual([]);
      expect(await smallTexts(page, 18, 1.5)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await page.clock.fastForward(61_000);
      await question().waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 60)).toEqual([]);
    });
  }
});
