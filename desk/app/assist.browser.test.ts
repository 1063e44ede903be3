import { describe, expect, it } from 'vitest';
import type { FoundAnswer } from '../../bot/answer/look-up.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const answer = (question: string): FoundAnswer => ({
  itemId: 'g1',
  kind: 'guide',
  title: '身份证补领',
  department: '公安局',
  text: `关于“${question}”：带户口簿。\n（依据：身份证补领）`,
  sources: [{ name: '身份证补领', heading: '申请材料', url: null }],
});

const desk = deskInBrowser({ lookUp: async (question) => (question.includes('天气') ? [] : [answer(question)]) });

describe('help for an agent', () => {
  it('[R-132] looks up what the citizen asked; one key puts the cited answer into the box, and nothing is sent by itself', async () => {
    await desk.server.house.arrive('c1');
    await desk.server.house.says('c1', '身份证丢了怎么办');
    await desk.server.house.asksForPerson('c1');
    const page = await desk.open('li');
    await page.getByRole('button', { name: '接入：身份证丢了怎么办' }).click();
    await page.getByRole('tab', { name: '知识' }).click();
    await page.getByTestId('knowledge').getByText('找到 1 条').waitFor();
    await page.getByLabel('回复市民').focus();
    await page.keyboard.press('Alt+1');
    expect(await page.getByLabel('回复市民').inputValue()).toBe('关于“身份证丢了怎么办”：带户口簿。\n（依据：身份证补领）');
    expect((await desk.server.house.logOf('c1')).some((one) => one.text?.includes('带户口簿'))).toBe(false);
    await page.keyboard.press('Alt+k');
    await page.keyboard.type('今天天气');
    await page.getByText('知识库里没有找到').waitFor();
  });

  it('a note reaches the colleague and never the citizen', async () => {
    await desk.server.house.arrive('c1');
    await desk.server.house.says('c1', '公积金');
    await desk.server.house.asksForPerson('c1');
    const li = await desk.open('li');
    await li.getByRole('button', { name: '接入：公积金' }).click();
    await li.getByRole('tab', { name: '备注' }).click();
    await li.getByLabel('写备注').fill('老人家听力不好，请慢慢打字');
    await li.getByRole('button', { name: '保存备注' }).click();
    await li.getByTestId('notes').getByText('老人家听力不好').waitFor();
    const boss = await desk.server.signedIn('boss');
    expect((await boss.get('/conversations/c1/notes')).body).toMatchObject([{ staff: 'li', text: '老人家听力不好，请慢慢打字' }]);
    expect((await desk.server.house.logOf('c1')).some((one) => one.text?.includes('听力'))).toBe(false);
    expect((await boss.post('/conversations/c1/notes', { text: ' ' })).status).toBe(400);
    expect((await boss.get('/conversations/nowhere/notes')).status).toBe(404);
  });
});
