import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FoundAnswer } from '../../bot/answer/look-up.ts';
import { seedCannedReplies } from '../../bot/store/canned-replies.ts';
import { createConversation } from '../../bot/store/conversations.ts';
import { replyDraftFigures } from '../../bot/store/reply-drafts.ts';
import { listAccess } from '../../bot/store/staff-access.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const found: FoundAnswer = {
  itemId: 'g1',
  kind: 'guide',
  title: '身份证补领',
  department: '公安局',
  text: '带户口簿到派出所。',
  sources: [{ name: '身份证补领', heading: '申请材料', url: null }],
};
const desk = deskInBrowser({ lookUp: async (question) => (question.includes('身份证') ? [found] : []) });
const house = () => desk.server.house;
const box = (page: Page) => page.getByLabel('回复市民');
const said = async (id: string) => (await house().logOf(id)).filter(({ channelData }) => channelData?.origin === 'human');

/** An agent with one conversation open. */
async function answering(text = '身份证丢了怎么办'): Promise<Page> {
  await house().arrive('c1', { name: '张女士' });
  await house().says('c1', text);
  await house().asksForPerson('c1');
  const page = await desk.open('li');
  await page.getByRole('button', { name: `接入：${text}` }).click();
  await box(page).waitFor();
  return page;
}

describe('answering', () => {
  it('canned replies: found by letters or pinyin, filled with what is known; what is not known can not be sent', async () => {
    const { db } = house().database;
    await seedCannedReplies(
      db,
      'anlan',
      [
        { title: '问候', text: '{citizen}您好，我是{city}的工作人员。', shortcut: 'wh' },
        { title: '已登记工单', text: '工单号 {workOrder}，请记好。', shortcut: '' },
      ],
      0,
    );
    const page = await answering();
    await page.keyboard.type('/');
    await page.getByTestId('canned-picker').getByRole('option').nth(1).waitFor();
    await page.keyboard.type('wh');
    await page.keyboard.press('Enter');
    await expect.poll(() => box(page).inputValue()).toBe('张女士您好，我是安澜市的工作人员。');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await said('c1')).map(({ text }) => text)).toEqual(['张女士您好，我是安澜市的工作人员。']);
    await page.keyboard.type('/ydj');
    await page.getByRole('option', { name: /已登记工单/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByText('还没填：【请填：工单号】').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: '发送', exact: true }).isDisabled()).toBe(true);
    expect(await said('c1')).toHaveLength(1);
    // the gap is selected: typing fills it
    await page.keyboard.type('20260302-1');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await said('c1')).at(-1)?.text).toBe('工单号 20260302-1，请记好。');
    await page.getByRole('button', { name: '常用语' }).click();
    const dialog = page.getByRole('dialog', { name: '常用语' });
    await dialog.getByRole('button', { name: '新建常用语' }).click();
    await dialog.getByLabel('标题').fill('我的话');
    await dialog.getByLabel('内容').fill('请稍等，我查一下。');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByTestId('canned-list').getByText('请稍等，我查一下。').waitFor();
    expect(await dialog.getByRole('button', { name: '修改：问候' }).count()).toBe(0);
    await dialog.getByRole('button', { name: '删除：我的话' }).click();
    await dialog.getByRole('button', { name: '确认删除：我的话' }).click();
    await dialog.getByText('请稍等，我查一下。').waitFor({ state: 'detached' });
  });

  it('[R-136] a draft is put into the box by one key, marked, never sent by itself; how far the answer is from it is logged', async () => {
    const page = await answering();
    await page.keyboard.press('Alt+g');
    await page.getByTestId('draft').getByText('来自《身份证补领》').waitFor();
    expect(await box(page).inputValue()).toBe('带户口簿到派出所。');
    expect(await said('c1')).toEqual([]);
    await page.keyboard.press('End');
    await page.keyboard.type('周末不办');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await said('c1')).at(-1)?.text).toBe('带户口簿到派出所。周末不办');
    await expect.poll(async () => (await replyDraftFigures(house().database.db, 0)).sent).toBe(1);
    const row = await house().database.db.selectFrom('reply_drafts').selectAll().executeTakeFirst();
    expect(row).toMatchObject({ staff: 'li', item_id: 'g1', draft_length: 9, sent_length: 13, distance: 4 });
    await expect.poll(() => page.getByTestId('draft').count()).toBe(0);
  });

  it('files go both ways: what the citizen sent opens at the desk and is logged, what the agent sends stands in the log', async () => {
    const page = await answering();
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await page.getByLabel('选择附件').setInputFiles({ name: '样表.png', mimeType: 'image/png', buffer: picture });
    const file = page.getByTestId('file');
    await file.getByText('样表.png').waitFor();
    await file.getByText('1 KB').waitFor();
    await expect.poll(() => file.getByRole('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
    expect(await said('c1')).toMatchObject([{ attachments: [{ contentType: 'image/png', name: '样表.png' }] }]);
    await page.getByLabel('选择附件').setInputFiles({ name: 'a.exe', mimeType: 'x/y', buffer: Buffer.from('MZ\0\0') });
    await page.getByText('没有发出：不能发送这种文件').waitFor();
    const looks = (await listAccess(house().database.db, { staff: 'li', limit: 50 })).map(({ action }) => action);
    expect(looks).toEqual(expect.arrayContaining(['send_file', 'read_file']));
    // another conversation's address opens nothing
    const li = await desk.server.signedIn('li');
    const [one] = (await li.get('/conversations/c1/files')).body as { id: string }[];
    await house().arrive('c2');
    await house().asksForPerson('c2');
    expect((await li.get(`/conversations/c2/files/${one?.id}`)).status).toBe(404);
  });

  it('offline: what is sent waits in the page in order, goes out once when the line is back', async () => {
    const page = await answering();
    await page.context().setOffline(true);
    for (const text of ['第一句', '第二句']) {
      await box(page).fill(text);
      await box(page).press('Enter');
    }
    await page.getByText('还没有发出：网络断开，恢复后自动发送').waitFor();
    await page.getByText('等候发送…').waitFor();
    await house().says('c1', '断网时市民说的');
    await page.context().setOffline(false);
    await page.getByTestId('messages').getByText('断网时市民说的').waitFor();
    await page.getByText('还没有发出').waitFor({ state: 'detached' });
    await expect.poll(async () => (await said('c1')).map(({ text }) => text)).toEqual(['第一句', '第二句']);
  });

  it("the agent's own last words stand whole at the bottom, however long they are", async () => {
    const page = await answering();
    for (let index = 0; index < 8; index++) await house().says('c1', `补充 ${index}`);
    await page.getByTestId('messages').getByText('补充 7').waitFor();
    await box(page).fill('很长的话。'.repeat(60));
    await box(page).press('Enter');
    await expect.poll(async () => (await said('c1')).length).toBe(1);
    await page.locator('.bubble.sending').waitFor({ state: 'detached' });
    const hidden = () =>
      page.getByTestId('messages').evaluate((list) => {
        const last = [...list.querySelectorAll('article')].at(-1);
        return (last?.getBoundingClientRect().bottom ?? 0) - list.getBoundingClientRect().bottom;
      });
    await expect.poll(hidden).toBeLessThanOrEqual(0);
  });

  it('the agent chooses the name citizens see; the login name is not shown by itself', async () => {
    const page = await answering();
    await page.getByRole('button', { name: /对外：人工客服\d\d/ }).click();
    const dialog = page.getByRole('dialog', { name: '市民看到的名字' });
    await dialog.getByLabel('名字').fill('小李');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '对外：小李' }).waitFor();
  });

  it('earlier conversations of the same person open on demand, and the look is written down', async () => {
    const page = await answering();
    const { db } = house().database;
    await createConversation(db, { id: 'old', channel: 'web', userId: 'citizen of c1', locale: 'zh-CN' }, 1);
    await house().says('old', '居住证怎么续签');
    await house().says('old', '谢谢');
    await page.getByRole('tab', { name: '往来' }).click();
    await page
      .getByTestId('history')
      .getByRole('button', { name: /居住证怎么续签/ })
      .click();
    await page.getByTestId('history').getByText('谢谢').waitFor();
    const looks = await listAccess(db, { staff: 'li', target: 'old', limit: 5 });
    expect(looks.map(({ action }) => action)).toEqual(['read_history']);
    await createConversation(db, { id: 'stranger', channel: 'web', userId: 'somebody else', locale: 'zh-CN' }, 1);
    const li = await desk.server.signedIn('li');
    expect((await li.get('/conversations/c1/history/stranger')).status).toBe(404);
  });
});
