import { beforeEach, describe, expect, it } from 'vitest';
import { listEvaluations } from '../../bot/insights/evaluation/repository.ts';
import { indicatorTreeSchema } from '../../bot/insights/evaluation/tree.ts';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { busyMonth } from './testing/busy-month.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const desk = deskInBrowser({
  itemOf: (id) => ({ title: id === 'id-card' ? '身份证补领' : '居住证办理', department: '公安局' }),
  evaluation: {
    tree: indicatorTreeSchema.parse({
      name: '指标',
      basis: 'GB/T 39735 附录 A',
      parts: [
        {
          id: 'convenience',
          name: '群众办事便利度',
          leaves: [
            { id: 'self', name: '自助办结率', weight: 60, measure: 'self_service', scale: { zero: 0, full: 1 } },
            { id: 'wait', name: '平均等候', weight: 40, manual: { unit: '分钟', per: 'hall' }, scale: { zero: 40, full: 10 } },
          ],
        },
      ],
    }),
    city: '安澜市',
    halls: [
      { id: 'east', name: '东厅' },
      { id: 'west', name: '西厅' },
    ],
    items: () => [],
  },
  qualityWords: { forbidden: ['自己看网站'], attitude: [], greeting: ['您好'] },
});
beforeEach(() => busyMonth(desk.server.house, Date.now()));

describe('[R-138] the analysts’ screen', () => {
  it('shows figures with their formulas, leads to masked conversations, names gaps and flags', async () => {
    const page = await desk.open('ana');
    const figures = page.getByTestId('figures');
    await figures.getByText('自助办结率').waitFor();
    await figures.getByText('没有转人工、且至少答上一问').waitFor();
    await page.getByTestId('gaps').getByText('飞机可以带宠物吗').waitFor();
    await page.getByTestId('quality').getByText('自己看网站', { exact: true }).waitFor();
    await page.getByTestId('gaps').getByRole('button', { name: '看对话' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('飞机').first().waitFor();
    expect(await dialog.textContent()).not.toContain('13812345678');
    await page.keyboard.press('Escape');
    await page.getByTestId('compared').getByText('样本太少').first().waitFor();
    await page.getByTestId('cards').getByRole('row').nth(1).waitFor();
    await page.getByLabel('按意思找市民说过的话').fill('坐飞机带宠物');
    await page.getByTestId('said').getByRole('button', { name: '查找' }).click();
    await page.getByTestId('said').getByRole('button', { name: /飞机/ }).first().waitFor();
    await page.getByTestId('gaps').getByRole('button', { name: '记成评测题' }).first().click();
    await page.getByRole('dialog').getByLabel('都不对：应当说不知道').check();
    await page.getByRole('dialog').getByRole('button', { name: '记下' }).click();
    await page.getByText('已记成评测题').waitFor();
    const kept = await desk.server.house.database.db.selectFrom('evaluation_cases').select(['question', 'item_ids_json']).execute();
    expect(kept).toMatchObject([{ question: expect.stringContaining('飞机'), item_ids_json: '[]' }]);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('a period without conversations says so; the figures come as a table file without conversation ids', async () => {
    const page = await desk.open('sup');
    await page.getByRole('link', { name: '数据' }).click();
    await page.getByRole('textbox', { name: '从' }).fill('2020-01-01');
    await page.getByRole('textbox', { name: '到' }).fill('2020-01-31');
    await page.getByText('这段时间每个问题都答上了').waitFor();
    const analyst = await desk.server.signedIn('ana');
    const csv = await fetch(`${desk.server.url}/desk/api/insights.csv?from=2020-01-01&to=2030-01-01`, {
      headers: { cookie: analyst.cookie },
    });
    expect(csv.status).toBe(400);
    const today = new Date().toISOString().slice(0, 10);
    const file = await (
      await fetch(`${desk.server.url}/desk/api/insights.csv?from=${today.slice(0, 4)}-01-01&to=${today}`, {
        headers: { cookie: analyst.cookie },
      })
    ).text();
    expect(file).toMatch(/^\uFEFF?"period"/);
    expect(file).toContain('"self_service","自助办结率"');
    expect(file).not.toMatch(/busy-\d/);
  });

  it('[R-142] [R-146] governing and evaluating: reports, indicators typed in, an evaluation recorded and published', async () => {
    const page = await desk.open('sup');
    await page.getByRole('link', { name: '数据' }).click();
    await page.getByRole('button', { name: '治理和评价' }).click();
    await page.getByTestId('rising').getByText('数据不足五周').waitFor();
    await page.getByTestId('audit').getByText('没有发现问题').waitFor();
    await page.getByTestId('service').getByText('这段时间没有故障记录').waitFor();
    await page.getByTestId('topics').getByLabel('主题').selectOption({ label: '事项' });
    await page.getByTestId('topics').getByRole('cell', { name: '身份证补领' }).first().waitFor();
    const evaluating = page.getByTestId('evaluating');
    await evaluating.getByRole('cell', { name: /2 个大厅中 0 个已填报/ }).waitFor();
    await evaluating.getByLabel('时期').selectOption({ index: 1 });
    for (const hall of ['东厅', '西厅']) {
      await evaluating.getByRole('button', { name: '填报指标' }).click();
      await evaluating.getByLabel('大厅').selectOption({ label: hall });
      await evaluating.getByLabel(/数值/).fill('20');
      await evaluating.getByLabel('数字从哪里来').fill('叫号系统');
      await evaluating.getByRole('button', { name: '填报', exact: true }).click();
      await evaluating.getByRole('form', { name: '填报指标' }).waitFor({ state: 'detached' });
    }
    await evaluating.getByRole('cell', { name: /各大厅的平均。叫号系统/ }).waitFor();
    await evaluating.getByRole('button', { name: '记录自我评价' }).click();
    await evaluating.getByRole('button', { name: /^公布：/ }).click();
    await evaluating.getByRole('button', { name: /^撤回：/ }).waitFor();
    expect(await listEvaluations(desk.server.house.database.db, { published: true })).toMatchObject([
      { publishedBy: 'sup', result: { kind: 'self' } },
    ]);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
