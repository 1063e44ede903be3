import { beforeEach, describe, expect, it } from 'vitest';
import { axeViolations } from '../../channels/web/widget/testing/page-checks.ts';
import { busyMonth } from './testing/busy-month.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const desk = deskInBrowser({
  itemOf: (id) => ({ title: id === 'id-card' ? '身份证补领' : '居住证办理', department: '公安局' }),
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
});
