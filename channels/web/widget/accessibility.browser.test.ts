import { describe, expect, it } from 'vitest';
import { axeViolations, sidewaysOverflow, smallTargets, smallTexts } from './testing/page-checks.ts';
import * as script from './testing/script.ts';
import { ask, bot, open, openAnswer, page, server, usePage, useStage } from './testing/stage.ts';

useStage();

describe('[R-054] for everybody', () => {
  const scenes = { standard: {}, dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 320, height: 640 } } } as const;

  async function everything(): Promise<void> {
    await openAnswer();
    await page.locator('.cite').first().click();
    await ask('帮我列材料清单');
    await page.getByTestId('form').getByRole('button', { name: '列出材料' }).click();
    server.say(script.handoffStatus({ state: 'accepted', agent: '陈静' }));
    server.say(script.agentSays('您好，我来帮您。'));
    server.say(script.ratingRequest);
    await page.getByTestId('rating').getByLabel('不满意', { exact: true }).check();
    server.say({ text: '还要别的吗？', suggestedActions: script.answerWithSources.suggestedActions ?? { to: [], actions: [] } });
    await page.getByText('还要别的吗？').waitFor();
    await page.waitForTimeout(300);
  }

  for (const [name, options] of Object.entries(scenes)) {
    it(`keeps WCAG 2.2 AA in both modes: ${name}`, async () => {
      await usePage(options);
      expect(await axeViolations(page)).toEqual([]);
      await everything();
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 44)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await page.getByTestId('elder-toggle').click();
      await page.waitForTimeout(300);
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 60)).toEqual([]);
      expect(await smallTexts(page, 18, 1.5)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    });
  }

  it('sets the main text of 长辈版 in 20 px, leaves out what is not needed, and remembers it', async () => {
    await openAnswer();
    await page.getByTestId('elder-toggle').click();
    expect(
      await bot()
        .last()
        .locator('.bubble')
        .evaluate((element) => getComputedStyle(element).fontSize),
    ).toBe('20px');
    expect([
      await page.getByTestId('upload').count(),
      await page.getByTestId('copy').count(),
      await page.getByTestId('to-person').count(),
    ]).toEqual([0, 0, 1]);
    await page.reload();
    await open();
    expect(await page.getByTestId('elder-toggle').getAttribute('aria-pressed')).toBe('true');
  });

  it('stands still for those who want less motion', async () => {
    const animation = () => page.getByTestId('panel').evaluate((element) => getComputedStyle(element).animationName);
    await open();
    expect(await animation()).toBe('none');
    await usePage({ reducedMotion: 'no-preference' });
    await open();
    expect(await animation()).toBe('rise');
  });

  it('fills a phone’s screen', async () => {
    await usePage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await open();
    const box = await page.getByTestId('panel').boundingBox();
    expect([box?.x, box?.y, box?.width, box?.height].map((value) => Math.round(value ?? -1))).toEqual([0, 0, 390, 844]);
  });
});
