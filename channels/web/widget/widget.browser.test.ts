import { describe, expect, it } from 'vitest';
import * as script from './testing/script.ts';
import { ask, bot, open, openAnswer, page, problems, server, usePage, useStage } from './testing/stage.ts';

useStage();

describe('on a page', () => {
  it('appears by one script tag, adds one element and no global name, and a strict CSP has nothing to say', async () => {
    const names = await page.evaluate(() => Object.keys(window).filter((key) => !/^(on|webkit|chrome)/i.test(key)));
    await usePage({}, '/portal/tokens.css');
    const bare = await page.evaluate(() => Object.keys(window).filter((key) => !/^(on|webkit|chrome)/i.test(key)));
    expect(names.filter((name) => !bare.includes(name))).toEqual([]);
    await usePage();
    expect(await page.locator('wenban-chat').count()).toBe(1);
    await openAnswer();
    expect(problems).toEqual([]);
  });

  it('opens no conversation before the citizen opens the chat', async () => {
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    await open();
    expect(await page.evaluate(() => Object.keys(localStorage).length)).toBeGreaterThan(0);
  });

  it('lets the portal ask a question in the citizen’s name', async () => {
    await page.getByRole('button', { name: /身份证补领/ }).click();
    await page.getByTestId('sources').waitFor();
    expect(server.received.map(({ text }) => text)).toEqual(['身份证丢了怎么补办，要带什么']);
    expect(await page.getByTestId('panel').isVisible()).toBe(true);
  });

  it('is reached by no style of the page, and reaches nothing of it', async () => {
    const look = () =>
      page.evaluate(() => {
        const root = document.querySelector('wenban-chat')?.shadowRoot;
        const keys = [
          'color',
          'backgroundColor',
          'fontSize',
          'fontFamily',
          'fontStyle',
          'lineHeight',
          'letterSpacing',
          'textTransform',
          'direction',
          'borderTopWidth',
          'display',
          'opacity',
          'visibility',
          'width',
        ] as const;
        const host = getComputedStyle(document.querySelector('wenban-chat') as Element);
        return {
          host: [host.display, host.transform, host.opacity, host.filter, host.position],
          parts: ['.panel', '.name', '.bubble', '.bubble p', '.field textarea', '.send', '.tool.person'].map((selector) => {
            const style = getComputedStyle(root?.querySelector(selector) as Element);
            return keys.map((key) => style[key]);
          }),
        };
      });
    await openAnswer();
    const calm = await look();
    await usePage({}, '/host');
    const probe = () =>
      page.evaluate(() =>
        ['#probe', '#bubble'].map(
          (selector) => getComputedStyle(document.querySelector(selector) as Element).cssText + document.querySelector(selector)?.outerHTML,
        ),
      );
    const before = await probe();
    await openAnswer();
    expect(await look()).toEqual(calm);
    expect(calm.host).toEqual(['block', 'none', '1', 'none', 'fixed']);
    expect(await probe()).toEqual(before);
    expect(await page.evaluate(() => [document.styleSheets.length, document.adoptedStyleSheets.length])).toEqual([1, 0]);
  });

  it('is opened and minimised by keyboard, with the focus where it belongs', async () => {
    const focused = () =>
      page.evaluate(() => document.querySelector('wenban-chat')?.shadowRoot?.activeElement?.getAttribute('data-testid'));
    await page.getByTestId('launcher').focus();
    await page.keyboard.press('Enter');
    await bot().first().waitFor();
    expect(await focused()).toBe('input');
    await page.keyboard.press('Escape');
    expect([await focused(), await page.getByTestId('panel').isVisible()]).toEqual(['launcher', false]);
  });
});

describe('a conversation', () => {
  it('answers with sources that open below the answer, by mark and by name', async () => {
    await openAnswer();
    const answer = bot().last();
    const mark = answer.getByRole('button', { name: '来源 2：安澜市公安局户政业务收费与照片采集说明' }).first();
    await mark.click();
    const source = page.getByTestId('source-panel');
    expect(await source.textContent()).toContain('丢失补领居民身份证工本费每证 40 元');
    expect(await mark.getAttribute('aria-expanded')).toBe('true');
    const link = source.getByRole('link', { name: /查看原文/ });
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
      'https://zwfw.anlan.example/guide/2',
      'noopener noreferrer',
    ]);
    await answer
      .getByRole('button', { name: /来源 1/ })
      .last()
      .click();
    expect(await source.textContent()).toContain('应当申请补领');
    await mark.click();
    await source.getByRole('button', { name: '收起来源' }).click();
    expect(await source.count()).toBe(0);
    // The reader goes on where the mark was pressed.
    expect(await mark.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true);
    expect(await answer.getByTestId('ai-label').textContent()).toBe('AI 生成');
  });

  it('folds many sources behind one button; marks open them all the same', async () => {
    await open();
    const citation = [1, 2, 3, 4, 5].map((position) => ({
      position,
      appearance: { name: `依据 ${position}`, abstract: `第 ${position} 条` },
    }));
    server.say({ text: '这样办。[5]', entities: [{ type: 'https://schema.org/Message', citation }] });
    await bot().last().getByRole('button', { name: '来源 5：依据 5' }).click();
    expect(await page.getByTestId('source-panel').textContent()).toContain('第 5 条');
    await page.getByRole('button', { name: '查看 5 条来源' }).click();
    expect(await page.getByTestId('sources').getByRole('listitem').count()).toBe(5);
  });

  it('sends quick replies as the citizen’s words and takes them away', async () => {
    await open();
    await page.getByTestId('quick-replies').getByRole('button', { name: '查办件进度' }).click();
    await bot().nth(1).waitFor();
    expect(server.received).toMatchObject([{ type: 'message', text: '查办件进度', from: { role: 'user' } }]);
    expect(await page.getByTestId('quick-replies').count()).toBe(0);
  });

  it('sends on Enter, breaks the line on Shift+Enter, and leaves an input method its own Enter', async () => {
    await open();
    const input = page.getByTestId('input');
    await input.fill('身份');
    await input.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    await input.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
    await input.press('Shift+Enter');
    expect([await input.inputValue(), server.received.length]).toEqual(['身份\n', 0]);
    await input.press('Enter');
    await bot().nth(1).waitFor();
    expect(server.received.map(({ text }) => text)).toEqual(['身份']);
  });

  it('counts near the limit and does not send what is too long', async () => {
    await open();
    await page.getByTestId('input').fill('字'.repeat(1900));
    expect(await page.getByText('还可以写 100 个字').isVisible()).toBe(true);
    await ask('字'.repeat(2003));
    expect(await page.getByText('多了 3 个字').isVisible()).toBe(true);
    expect(server.received).toEqual([]);
  });

  it('shows a reply while it is being written, then the finished one in its place', async () => {
    await open();
    await expect.poll(() => server.followers()).toBe(1);
    server.transient({ text: '正在查办事指南…', channelData: { streamType: 'informative', streamId: 's', streamSequence: 1 } });
    await page.getByText('正在查办事指南…').waitFor();
    server.transient({ text: '身份证**丢了**', channelData: { streamType: 'streaming', streamId: 's', streamSequence: 2 } });
    expect(await page.getByTestId('streaming').textContent()).toBe('身份证丢了');
    server.say({ text: '身份证丢了，可以补领。', channelData: { streamType: 'final', streamId: 's', origin: 'ai' } });
    await page.getByText('身份证丢了，可以补领。').waitFor();
    server.transient({ text: '迟到的一段', channelData: { streamType: 'streaming', streamId: 's', streamSequence: 3 } });
    await page.waitForTimeout(100);
    expect(await page.getByTestId('streaming').count()).toBe(0);
  });

  it('draws no text as markup', async () => {
    await open();
    const text = '<img src=x onerror="window.hit=1"> **<b>x</b>** [点](javascript:window.hit=1)';
    server.say({
      text,
      entities: [
        {
          type: 'https://schema.org/Message',
          citation: [{ position: 1, appearance: { name: '<i>名</i>', abstract: '', url: 'javascript:1' } }],
        },
      ],
    });
    await page.getByText('<b>x</b>').waitFor();
    expect(await bot().last().locator('img, b, i, a').count()).toBe(0);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  });

  it('copies an answer with its sources and its AI label', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openAnswer();
    await bot().last().getByTestId('copy').click();
    await page.getByText('已复制').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('[1] 居民身份证补领办事指南 https://zwfw.anlan.example/guide/1');
    expect(copied).toContain('（AI 生成）');
  });

  it('reports an error in an answer once', async () => {
    await openAnswer();
    await bot().last().getByTestId('report').click();
    await page.getByText('已反馈，谢谢您').waitFor();
    expect(server.received.at(-1)).toMatchObject({ type: 'event', name: 'feedback.report', value: { activityId: 'c1|0000003' } });
  });

  it('sends a picture with a preview, and tells kindly when a file is too large', async () => {
    await open();
    await page
      .getByTestId('file-input')
      .setInputFiles({ name: '大.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(10 * 1024 * 1024 + 1) });
    await page.getByText('“大.jpg”超过 10 MB').waitFor();
    await page.getByTestId('file-input').setInputFiles({ name: '户口簿.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await page.getByRole('img', { name: '图片：户口簿.png' }).waitFor();
    await expect.poll(() => server.received.map(({ attachments }) => attachments?.[0]?.name)).toEqual(['户口簿.png']);
  });

  it('changes language and back', async () => {
    await openAnswer();
    await page.getByTestId('language-toggle').click();
    expect(await page.getByTestId('to-person').textContent()).toBe('Ask a person');
    await page.reload();
    await open();
    expect(await page.getByText('Automated assistant, not a person').isVisible()).toBe(true);
  });

  it('starts anew only after asking, and then nothing of before is left', async () => {
    await openAnswer();
    await page.getByTestId('restart').click();
    await page.getByRole('button', { name: '清除并开始' }).click();
    await expect.poll(() => page.getByTestId('message-citizen').count()).toBe(0);
    await expect.poll(() => bot().count()).toBe(1);
  });
});

describe('a form', () => {
  it('says what is missing, at the field, and goes there', async () => {
    await open();
    await ask('帮我列材料清单');
    const form = page.getByTestId('form');
    await form.getByRole('button', { name: '列出材料' }).click();
    expect(await form.getByText('还有 3 项要改一下').isVisible()).toBe(true);
    const name = form.getByLabel('申请人姓名');
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate(() => document.querySelector('wenban-chat')?.shadowRoot?.activeElement?.getAttribute('value'))).toBe('lost');
    await name.fill('张三');
    expect(await name.getAttribute('aria-invalid')).toBe('false');
    expect(server.received).toHaveLength(1);
  });

  it('sends values and words, and is locked afterwards, also after a reload', async () => {
    await open();
    await ask('帮我列材料清单');
    const form = page.getByTestId('form');
    await form.getByLabel('丢失补领').check();
    await form.getByLabel('申请人姓名').fill('张三');
    await form.getByLabel('申请人年龄').fill('３０');
    await form.getByRole('button', { name: '列出材料' }).click();
    await page.getByText('收到，材料清单列好了').waitFor();
    expect(server.received.at(-1)).toMatchObject({
      text: '为什么要办？：丢失补领\n申请人姓名：张三\n申请人年龄：３０',
      value: { wenbanForm: 'id-card', reason: 'lost', name: '张三', age: 30 },
    });
    expect(await form.getAttribute('data-submitted')).toBe('true');
    await page.reload();
    await open();
    expect(await page.getByTestId('form').getAttribute('data-submitted')).toBe('true');
  });
});

describe('a person', () => {
  it('[R-033] is one press away, tells the place in the queue, who joined, and that they left', async () => {
    await open();
    await page.getByTestId('to-person').click();
    const banner = page.getByTestId('handoff');
    await banner.getByText('正在排队，您是第 2 位').waitFor();
    expect(server.received.map(({ text }) => text)).toEqual(['转人工']);
    // Once in the queue the button does nothing.
    await page.getByTestId('to-person').click({ force: true });
    server.say(script.handoffStatus({ state: 'accepted', agent: '陈静' }));
    server.say(script.agentSays('您好，我来帮您。'));
    await banner.getByText('工作人员 陈静 正在为您服务').waitFor();
    const said = page.getByTestId('message-agent');
    expect(await said.textContent()).toContain('陈静人工');
    server.say(script.handoffStatus({ state: 'completed' }));
    await expect.poll(() => banner.getAttribute('data-state')).toBe('none');
    expect(server.received).toHaveLength(1);
  });

  it('[R-141] is rated in five levels, with reasons and words for a bad one, once', async () => {
    await open();
    server.say(script.ratingRequest);
    const rating = page.getByTestId('rating');
    await rating.getByRole('button', { name: '提交评价' }).click();
    expect(await rating.getByText('请先选一个满意程度').isVisible()).toBe(true);
    expect(await rating.getByRole('radio').count()).toBe(5);
    await rating.getByLabel('满意', { exact: true }).check();
    expect(await rating.getByLabel('等待太久').count()).toBe(0);
    await rating.getByLabel('不满意', { exact: true }).check();
    await rating.getByLabel('等待太久').check();
    await rating.getByLabel('还想说点什么').fill('等了半小时');
    await rating.getByRole('button', { name: '提交评价' }).click();
    await rating.getByText('谢谢您的评价').waitFor();
    await expect
      .poll(() => server.received.at(-1))
      .toMatchObject({ type: 'event', name: 'rating.submit', value: { score: 2, tags: ['等待太久'], comment: '等了半小时' } });
    await page.reload();
    await open();
    expect(await page.getByTestId('rating').getAttribute('data-submitted')).toBe('true');
  });

  it('[R-141] may be left unrated: the card goes quiet, and stays so', async () => {
    await open();
    server.say(script.ratingRequest);
    await page.getByTestId('rating').getByRole('button', { name: '暂不评价' }).click();
    await page.getByTestId('rating').getByText('这次不评价').waitFor();
    await expect.poll(() => server.received.at(-1)).toMatchObject({ name: 'rating.submit', value: { declined: true } });
    await page.reload();
    await open();
    await page.getByTestId('rating').getByText('这次不评价').waitFor();
    expect(await page.getByTestId('rating').getByRole('button').count()).toBe(0);
  });
});
