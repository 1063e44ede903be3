import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { listAccess } from '../../bot/store/staff-access.ts';
import { deskInBrowser } from './testing/desk-in-browser.ts';

const desk = deskInBrowser();
const house = () => desk.server.house;

async function waits(id: string, text: string): Promise<void> {
  await house().arrive(id, { name: '张女士' });
  await house().says(id, text);
  await house().asksForPerson(id);
}
const box = (page: Page) => page.getByLabel('回复市民');
const take = (page: Page, text: string) => page.getByRole('button', { name: `接入：${text}` }).click();
const texts = async (id: string) => (await house().logOf(id)).map(({ text }) => text);

/** Screen readers' rules in light and dark. */
async function accessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    });
    expect([colorScheme, found]).toEqual([colorScheme, []]);
  }
}

describe('colleagues at the desk', () => {
  it('[R-133] a supervisor sees what runs, whispers, takes over; the agent is told and reads no further; every look is written down', async () => {
    await waits('c1', '公积金怎么提取');
    const li = await desk.open('li');
    await take(li, '公积金怎么提取');
    const sup = await desk.open('sup');
    await sup.getByRole('button', { name: '全部会话' }).click();
    const running = sup.getByTestId('running');
    await running.getByText('公积金怎么提取').first().click();
    await sup.getByTestId('messages').getByText('公积金怎么提取').waitFor();
    await house().says('c1', '您在吗');
    await sup.getByTestId('messages').getByText('您在吗').waitFor();
    await running.getByText('您在吗').waitFor();
    await running.getByText('li', { exact: true }).waitFor();
    await sup.getByLabel('悄悄话（只有 li 看得到）').fill('先安抚，再查单号');
    await sup.keyboard.press('Enter');
    await li.getByTestId('whisper').getByText('先安抚，再查单号').waitFor();
    await li.getByTestId('notices').getByText('sup 悄悄说：先安抚，再查单号').waitFor();
    await accessible(sup);
    await accessible(li);
    await sup.getByTestId('supervise').getByRole('button', { name: '接管' }).click();
    const dialog = sup.getByRole('dialog', { name: '接管 li 的对话？' });
    await dialog.getByLabel('原因').fill('市民投诉');
    await dialog.getByRole('button', { name: '接管' }).click();
    await box(sup).waitFor();
    await li.getByTestId('notices').getByText('sup 接管了您的对话').waitFor();
    await li.getByText('这个对话已由 sup 接管').waitFor();
    expect(await li.getByTestId('messages').getByText('公积金怎么提取').count()).toBe(0);
    expect(await li.getByTestId('mine-card').count()).toBe(0);
    expect((await texts('c1')).filter((text) => text?.includes('接下来由工作人员 sup 为您服务'))).toHaveLength(1);
    expect((await texts('c1')).some((text) => text?.includes('安抚'))).toBe(false);
    const looks = (await listAccess(house().database.db, { staff: 'sup', limit: 50 })).map(({ action }) => action);
    expect(looks).toEqual(expect.arrayContaining(['list_running', 'read', 'add_note', 'take_over']));
  });

  it('[R-080] who passes on stays responsible until the colleague takes it, and both see so', async () => {
    await waits('c1', '医保报销比例');
    const [li, wang] = await Promise.all([desk.open('li'), desk.open('wang')]);
    await take(li, '医保报销比例');
    await li.getByRole('button', { name: '转接', exact: true }).click();
    await li.getByRole('dialog').getByLabel('转给').selectOption({ label: 'wang' });
    await li.getByRole('dialog').getByRole('button', { name: '转接' }).click();
    await wang.getByTestId('notices').getByText('li 请您接手：医保报销比例').waitFor();
    await wang.getByTestId('notices').getByRole('button', { name: '打开对话' }).click();
    await wang.getByTestId('offer').getByText('接手前仍由 li 负责').waitFor();
    await wang.getByTestId('owner').getByText('li（等 wang 接手）').waitFor();
    await box(li).fill('转接时我还在');
    await box(li).press('Enter');
    await expect.poll(() => texts('c1')).toContain('转接时我还在');
    await wang.getByTestId('offer').getByRole('button', { name: '不能接手' }).click();
    await li.getByTestId('notices').getByText('wang 现在不能接手，仍由您负责').waitFor();
    expect(await wang.getByTestId('mine-card').count()).toBe(0);
  });

  it('[R-082] nine conversations stand at 1280×720, the longest unanswered first, in words and colour; the title counts', async () => {
    const page = await desk.open('li');
    for (let index = 1; index <= 9; index++) {
      await waits(`c${index}`, `第 ${index} 件事`);
      await house().desk.claim(`c${index}`, 'li');
      if (index !== 5) await house().desk.say(`c${index}`, 'li', { text: '您好', messageId: `hi-${index}` });
    }
    await house().says('c3', '在吗');
    const cards = page.getByTestId('mine-card');
    await expect.poll(() => cards.count()).toBe(9);
    await expect.poll(async () => (await cards.first().innerText()).replace(/\s+/g, ' ')).toMatch(/第 5 件事 ?待首答/);
    await expect.poll(async () => (await cards.nth(1).innerText()).replace(/\s+/g, ' ')).toMatch(/第 3 件事 ?待回复/);
    await expect.poll(() => page.title()).toMatch(/^\(\d+\) 问办/);
    const scrolls = await page.getByTestId('mine').evaluate((list) => list.scrollHeight - list.clientHeight);
    expect(scrolls).toBeLessThanOrEqual(0);
    await house()
      .database.db.updateTable('handoffs')
      .set({ claimed_at: Date.now() - 200_000 })
      .where('conversation_id', '=', 'c5')
      .execute();
    await page.reload();
    await page.getByTestId('clock').getByText('超时待首答').waitFor();
    await accessible(page);
  });
});
