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

  it('[R-101] an answer is looked at as a citizen will read it, before anybody does', async () => {
    const ed = await desk.server.signedIn('ed');
    await ed.post('/knowledge/faqs', {
      question: '飞机可以带宠物吗？',
      similar: [],
      answer: '多数航空公司要**托运**。',
      department: '公安局',
    });
    const page = await desk.open('ed');
    await page.getByTestId('items').getByRole('button').click();
    await page.getByRole('button', { name: '看看市民会看到什么' }).click();
    const preview = page.getByTestId('preview');
    await preview.getByText('多数航空公司要').first().waitFor();
    await preview.locator('strong', { hasText: '托运' }).waitFor();
    await preview.getByText(/短信里的样子/).click();
    expect(await preview.locator('pre').textContent()).toContain('多数航空公司要托运');
    expect(await axeViolations(page)).toEqual([]);
  });
});

describe('[R-062] [R-086] flows in a browser', () => {
  it('drawn, checked while typing, saved, reviewed by another, published, brought back', async () => {
    const ed = await desk.open('ed');
    await ed.getByRole('combobox', { name: '看什么' }).selectOption('流程');
    await ed.getByRole('button', { name: '新建流程' }).click();
    await ed.getByRole('button', { name: '存为草稿' }).click();
    const view = ed.getByTestId('flow-view');
    await view.getByText('检查过了，没有问题').waitFor();
    await view.getByText('提问', { exact: false }).first().waitFor();
    const yaml = ed.getByLabel('流程文件（YAML）');
    const good = await yaml.inputValue();
    await yaml.fill(
      good.replace(
        '  - end: completed',
        '  - branch: [{when: {slot: reason, is: lost}, to: nowhere}]\n    else: stop\n  - id: stop\n    end: completed',
      ),
    );
    await view.getByText('steps[2].branch').first().waitFor();
    await ed.getByRole('button', { name: '存为草稿' }).click();
    await ed.getByRole('alert').getByText('steps[2].branch').waitFor();
    await yaml.fill(
      good.replace(
        '  - end: completed',
        '  - branch: [{when: {slot: reason, is: lost}, to: lost}]\n  - say: 到期了，直接换。\n  - goto: stop\n  - id: lost\n    say: 丢了，先报失。\n  - id: stop\n    end: completed',
      ),
    );
    await view.getByText('原因 是 丢了 → 第 6 步').waitFor();
    await ed.getByRole('button', { name: '存为草稿' }).click();
    await ed.getByTestId('item').getByText('第 2 版').first().waitFor();
    expect(await axeViolations(ed)).toEqual([]);

    const sup = await desk.open('sup', '#knowledge');
    await sup.getByRole('combobox', { name: '看什么' }).selectOption('流程');
    await sup.getByTestId('items').getByRole('button').click();
    await sup.getByRole('button', { name: '审核通过' }).click();
    await sup.getByRole('button', { name: '发布' }).click();
    await sup.getByTestId('item').getByText('正在使用').waitFor();
    await sup.getByRole('button', { name: '恢复第 1 版' }).click();
    await sup.getByTestId('item').getByText('市民看到的是第 2 版').waitFor();
    await sup.getByRole('button', { name: '这一版比市民现在看到的改了什么' }).click();
    await sup.getByTestId('changes').getByText('丢了，先报失').waitFor();
    expect(await sup.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
