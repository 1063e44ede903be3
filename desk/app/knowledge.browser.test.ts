import { describe, expect, it } from 'vitest';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { busyMonth } from './testing/busy-month.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const desk = deskInBrowser();

describe('[R-086] the editors’ screen', () => {
  it('from a gap in the figures to a published answer, by two people', async () => {
    await busyMonth(desk.server.house, Date.now());
    const sup = await desk.open('sup');
    await sup.getByRole('link', { name: '数据' }).click();
    await sup.getByTestId('gaps').getByRole('link', { name: '写成问答' }).first().click();
    const question = await sup.getByLabel('市民会怎么问').inputValue();
    expect(question).toContain('飞机');
    await sup.getByLabel('市民会怎么问').fill('飞机可以带宠物吗？');
    await sup.getByLabel(/^回答/).fill('请问航空公司。');
    await sup.getByRole('button', { name: '存为草稿' }).click();
    await sup.getByTestId('item').getByText('市民现在看不到').waitFor();
    await sup.getByText('要由另一位同事审核').waitFor();

    const ed = await desk.open('ed');
    await ed.getByLabel('查找').fill('宠物');
    await ed.getByTestId('items').getByRole('button').click();
    await ed.getByRole('button', { name: '审核通过' }).click();
    await ed.getByRole('button', { name: '发布' }).click();
    await ed.getByTestId('item').getByText('正在使用').waitFor();
    const yaml = ed.getByLabel('内容（YAML');
    await yaml.fill((await yaml.inputValue()).replace('请问航空公司。', '多数航空公司要托运，请先打电话问。'));
    await ed.getByRole('button', { name: '存为草稿' }).click();
    await ed.getByText('市民看到的是第 1 版').waitFor();
    await ed.getByRole('button', { name: '和最新版比较第 1 版' }).click();
    await ed.getByTestId('changes').getByText('多数航空公司要托运').waitFor();
    expect(await axeViolations(ed)).toEqual([]);
    await yaml.fill('kind: song');
    await ed.getByRole('button', { name: '存为草稿' }).click();
    await ed.getByRole('alert').waitFor();
    await ed.reload();
    await ed.getByLabel('查找').fill('宠物');
    await ed.getByTestId('items').getByRole('button').click();
    expect(await yaml.inputValue()).toBe('kind: song');
  });
});
