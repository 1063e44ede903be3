import { describe, expect, it } from 'vitest';
import { ask, open, openAnswer, page, server, useStage } from './testing/stage.ts';

useStage();

describe('the connection', () => {
  it('shows the history after a reload, own words included, and a badge for what came while minimised', async () => {
    await openAnswer();
    await page.getByTestId('minimise').click();
    server.say({ text: '补充一句' });
    await page.getByRole('button', { name: '打开智能助手，有 1 条新消息' }).waitFor();
    await page.reload();
    await open();
    await expect.poll(() => page.getByTestId('log').locator('[data-key]').count()).toBe(4);
    expect(await page.getByTestId('message-citizen').textContent()).toContain('身份证丢了怎么补办');
  });

  it('says so when it is gone, keeps what is written, and comes back without a loss or a double', async () => {
    await open();
    server.fail(503);
    server.cut();
    await page.getByText('连接断开，正在重新连接').waitFor();
    await ask('断网时写的');
    server.say({ text: '断网时说的' });
    expect(await page.getByTestId('delivery').getAttribute('data-status')).toBe('waiting');
    server.fail(undefined);
    await page.getByText('您说的是“断网时写的”').waitFor({ timeout: 15_000 });
    const texts = await page.getByTestId('log').locator('.bubble').allTextContents();
    expect(texts.map((text) => text.slice(0, 5))).toEqual(['您好，我是', '断网时说的', '断网时写的', '您说的是“']);
    expect(await page.getByTestId('delivery').count()).toBe(0);
  });

  it('sends after a reload what could not be sent before it', async () => {
    await open();
    server.fail(503);
    server.cut();
    await ask('别丢了');
    await page.getByTestId('delivery').waitFor();
    server.fail(undefined);
    await page.reload();
    await open();
    await page.getByText('您说的是“别丢了”').waitFor({ timeout: 15_000 });
    expect(server.received.filter(({ text }) => text === '别丢了')).toHaveLength(1);
  });

  it('works by polling where WebSockets do not get through', async () => {
    server.allowSockets(false);
    await open();
    await ask('查办件进度');
    await page.getByText('您说的是“查办件进度”').waitFor({ timeout: 15_000 });
  });

  it('offers to send again what the server refused', async () => {
    await open();
    server.fail(413, 'messages');
    await ask('太大');
    await page.getByText('没有发出去：内容太大').waitFor();
    server.fail(undefined, 'messages');
    await page.getByRole('button', { name: '重发' }).click();
    await page.getByText('您说的是“太大”').waitFor();
  });

  it('tells a reader who scrolled up that something new came, and takes them there', async () => {
    await openAnswer();
    for (let line = 0; line < 6; line++) server.say({ text: `第 ${line} 条\n\n再一行\n\n再一行` });
    await page.getByText('第 5 条').waitFor();
    await page.getByTestId('scroll').evaluate((element) => element.scrollTo(0, 0));
    await page.getByRole('button', { name: '回到最新' }).waitFor();
    server.say({ text: '最后一条' });
    await page.getByRole('button', { name: '有新消息' }).click();
    await expect
      .poll(() => page.getByTestId('scroll').evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop))
      .toBeLessThan(2);
  });
});
