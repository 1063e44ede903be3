import { beforeEach, describe, expect, it } from 'vitest';
import { issueWindowCode } from '../../bot/store/window-codes.ts';
import type { WindowCase } from '../../bot/window/case.ts';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const desk = deskInBrowser();
beforeEach(async () => {
  const boss = await desk.server.signedIn('boss');
  await boss.request('PUT', '/staff/wang/profile', { skills: [], languages: ['zh'], department: '公安局', capacity: 5 });
});

describe('[R-110] work orders in a browser', () => {
  it('a call is taken in, dispatched, handled by the department and answered', async () => {
    const li = await desk.open('li', '#work-orders');
    await li.getByRole('button', { name: '登记工单' }).click();
    await li.getByLabel('一句话说清是什么事').fill('路灯不亮');
    await li.getByLabel('经过和要求').fill('幸福路 3 号的路灯三天不亮了');
    await li.getByRole('button', { name: '受理' }).click();
    await li.getByText('4711').waitFor();
    await li.getByRole('button', { name: '打开这件工单' }).click();
    const order = li.getByTestId('order');
    await order.getByRole('button', { name: '派单' }).click();
    await li.getByLabel('承办部门').fill('公安局');
    await li.getByRole('button', { name: '确定派单' }).click();
    await order.getByText('办理中').first().waitFor();
    expect(await axeViolations(li)).toEqual([]);

    const wang = await desk.open('wang', '#work-orders');
    await wang.getByTestId('orders').getByText('路灯不亮').click();
    await wang.getByTestId('order').getByRole('button', { name: '登记办理情况' }).click();
    await wang.getByRole('textbox', { name: '办理情况' }).fill('换了灯泡');
    await wang.getByRole('button', { name: '确定登记办理情况' }).click();
    await wang.getByTestId('order').getByRole('button', { name: '答复', exact: true }).click();
    await wang.getByLabel(/^给市民的答复/).fill('路灯已经修好。');
    await wang.getByRole('button', { name: '确定答复' }).click();
    await wang.getByTestId('order').getByText('已答复').first().waitFor();
    await wang.getByTestId('order').getByText('换了灯泡').waitFor();
    expect(await wang.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe('[R-061] at the window, in a browser', () => {
  it('a code opens what the citizen collected; materials are ticked off; the case goes to other systems as a file', async () => {
    const { house } = desk.server;
    await house.arrive('c-window');
    const found: WindowCase = {
      matter: '帮我列身份证材料',
      flow: { id: 'id-card-materials', version: 1, complete: true },
      slots: [{ id: 'reason', label: '为什么办', value: 'lost', text: '丢了' }],
      items: [{ id: 'id-card-reissue', name: '居民身份证补领', code: '11990100MB0000010149901A0010000', situation: '丢失补领' }],
      materials: { bring: [{ name: '登记表', originals: 1, copies: 0, electronic: false }], fetched: [{ name: '户口簿' }] },
    };
    const at = Date.now();
    const kept = { conversationId: 'c-window', caseJson: JSON.stringify(found), issuedAt: at, expiresAt: at + 86_400_000 };
    await house.database.transaction((tx) => issueWindowCode(tx, kept, () => '38120947'));

    const li = await desk.open('li', '#work-orders');
    await li.getByRole('button', { name: '窗口接办' }).click();
    await li.locator('input[name="code"]:focus').waitFor();
    await li.keyboard.type('1111 1111');
    await li.keyboard.press('Enter');
    await li.getByRole('alert').getByText('没有这个办理码').waitFor();
    await li.getByLabel('市民报的 8 位办理码').fill('3812 0947');
    await li.keyboard.press('Enter');
    const opened = li.getByTestId('window-case');
    await opened.getByText('丢了', { exact: true }).waitFor();
    await opened.getByLabel('登记表 原件 1 份').check();
    expect(await opened.textContent()).toContain('免提交，由窗口调取户口簿');
    expect(await axeViolations(li)).toEqual([]);
    const [file] = await Promise.all([li.waitForEvent('download'), opened.getByRole('button', { name: /下载/ }).click()]);
    expect(file.suggestedFilename()).toBe('window-case-38120947.json');
    await opened.getByRole('button', { name: '办完了，关上' }).click();
    expect(await opened.count()).toBe(0);
  });
});
