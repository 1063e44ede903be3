import { beforeEach, describe, expect, it } from 'vitest';
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
