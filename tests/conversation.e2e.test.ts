import { describe, expect, it } from 'vitest';
import { textsFor } from '../bot/texts.ts';
import type { Reply } from './support/house.ts';
import { inTown } from './support/town.ts';

const zh = textsFor('zh');
const { town, chat } = inTown();
const itemOf = (reply: Reply): { id: string; type: string } | undefined =>
  reply.messages.map((message) => message.channelData?.item as { id: string; type: string } | undefined).find(Boolean);
/** The lines of a section such as **费用**. */
const section = (reply: Reply, title: string): string => reply.text.split(`**${title}**`)[1]?.split('\n\n')[0] ?? '';

describe('the greeting', () => {
  it('says who speaks, that it is a machine, that the city is made up, and offers questions and a person', async () => {
    const { greeting } = await town().citizen();
    expect(greeting.text).toMatch(/安澜市.*小澜.*机器人[\s\S]*虚构/);
    expect(greeting.buttons).toEqual([...zh.greetingQuestions, '转人工']);
    expect(greeting.turn.outcome).toBe('greeted');
  });

  it('is English for who speaks English, and so is the fixed wording after it', async () => {
    const visitor = await town().citizen({ locale: 'en-GB' });
    expect(visitor.greeting.text).toMatch(/^Hello.*automated assistant/);
    expect(visitor.greeting.buttons.at(-1)).toBe('Talk to a person');
    expect((await visitor.says('hello')).text).toBe(textsFor('en').smallTalk.greeting);
    expect((await visitor.says('asdfgh')).text).toContain('I did not understand that');
    expect((await visitor.presses('Talk to a person')).turn.outcome).toBe('handed_over');
  });

  it('every question that the greeting offers leads somewhere', async () => {
    for (const locale of ['zh-CN', 'en']) {
      const { greeting } = await town().citizen({ locale });
      for (const question of greeting.buttons.slice(0, -1)) {
        const citizen = await town().citizen({ locale });
        const { turn } = await citizen.presses(question);
        expect([question, turn.outcome]).toEqual([question, expect.stringMatching(/^(answered|clarified|in_flow)$/)]);
      }
    }
  });
});

describe('[R-001] all three kinds of items are answered, with citations and their kind', () => {
  it.each([
    ['居民身份证补领怎么办', 'listed'],
    ['教育入学一件事怎么办', 'bundle'],
    ['企业融资与政策诉求增值服务怎么申请', 'value_added'],
  ])('%s (%s)', async (question, type) => {
    const reply = await chat(question);
    expect(reply.turn.outcome).toBe('answered');
    expect(itemOf(reply)).toMatchObject({ id: reply.turn.reason, type });
    expect(reply.citations.length).toBeGreaterThan(2);
    expect(reply.turn.citations.every((id) => id.startsWith(`${reply.turn.reason}#`))).toBe(true);
  });
});

describe('身份证丢了怎么补办要带什么', () => {
  it('[R-081] materials, place, time and fee, each with its citation', async () => {
    const reply = await chat('身份证丢了怎么补办要带什么');
    expect(reply.turn.reason).toBe('id-card-reissue');
    for (const title of ['要带的材料', '在哪办', '多久办好', '费用']) {
      const mark = /\[(\d+)\]/.exec(section(reply, title))?.[1];
      expect([title, mark]).toEqual([title, expect.any(String)]);
      const claim = reply.citations.find((one) => one.position === Number(mark));
      expect(claim?.appearance.name).toContain('居民身份证补领/换领');
      const lines = section(reply, title)
        .replace(/ ?\[\d+\]/g, '')
        .split('\n')
        .filter((line) => line.trim() !== '');
      expect(claim?.appearance.abstract).toContain(lines[0]?.replace(/^- /, ''));
    }
    expect(reply.text).toContain('40 元');
    expect(reply.text).toContain('20 个工作日');
    expect(reply.text).not.toContain('原居民身份证');
  });

  it.each([
    '身份證唔見咗點補辦要帶乜嘢',
    '身分证掉了咋补办要带啥',
    '俺身份证丢咧咋整',
    '省份证丢了怎么补办要带什么',
    '身份証遺失怎麼補辦要帶什麼材料',
    '身份证落特了哪能办要带点啥',
    '我身份证不见了，咋个补嘛，要带些啥子',
    '请问一下我的身份证被偷了我想重新办一张需要准备什么东西',
    '身份证整丢了，去补一个都要带啥呀',
    '身份 证 丢 了 ， 要带 什么',
    '二代证弄丢了怎么补',
    'ID身份证丢了怎么补办？？？急急急',
    '身份证丢失补领，需要哪些材料？多少钱？多久？',
  ])('the same guide, the same situation: %s', async (question) => {
    const { turn, text } = await chat(question);
    expect([turn.outcome, turn.reason]).toEqual(['answered', 'id-card-reissue']);
    expect(text).toMatch(/（[丢丟]失/);
  });
});

describe('what is not its job', () => {
  it.each(['今天天气怎么样', '帮我写首诗', '讲个笑话', '推荐一只股票'])('%s → politely not', async (question) => {
    const reply = await chat(question);
    expect(reply.turn.outcome).toBe('declined_out_of_scope');
    expect(reply.text).toBe(zh.outOfScope);
  });

  it('gibberish is asked again, and the second time a person is offered', async () => {
    const citizen = await town().citizen();
    expect((await citizen.says('阿斯蒂芬噶时代')).text).toBe(zh.notUnderstood);
    expect((await citizen.says('？？？')).text).toContain(zh.notUnderstoodAgain);
    expect((await citizen.says('你好')).text).toBe(zh.smallTalk.greeting);
    expect((await citizen.says('zxcvbn')).text).toBe(zh.notUnderstood);
  });

  it('an unknown matter is honestly not known, with the next door', async () => {
    const reply = await chat('林木采伐许可证怎么办');
    expect(reply.turn.outcome).toBe('unanswerable_not_found');
    expect(reply.text).toContain('12345');
    expect(reply.citations).toEqual([]);
  });

  it('[R-009] an emergency gets its number before anything else, in a flow and while an agent has the talk', async () => {
    const citizen = await town().citizen();
    await citizen.says('帮我列一份身份证材料清单');
    expect((await citizen.says('家里着火了打什么电话')).text).toMatch(/^请马上打 \*\*119\*\*/);
    expect((await citizen.says('丢了')).turn.outcome).toBe('in_flow');
    await citizen.says('转人工');
    await town().house.desk.claim(citizen.conversationId, 'xiaoli');
    expect((await citizen.says('我不想活了')).text).toContain('**12356**');
    expect((await citizen.says('还在吗')).turn.outcome).toBe('with_agent');
  });

  it('a file alone, and a message of emoji or from right to left, are answered in words', async () => {
    const citizen = await town().citizen();
    const reply = await citizen.says('', { attachments: [{ contentType: 'image/png', contentUrl: '/x', name: 'a.png' }] });
    expect([reply.turn.outcome, reply.text]).toEqual(['unanswerable_attachment', zh.attachmentOnly]);
    expect((await citizen.says('😀👍🏽👨‍👩‍👧')).turn.outcome).toBe('unanswerable_not_understood');
    expect((await citizen.says('مرحبا كيف حالك')).turn.outcome).toBe('unanswerable_not_understood');
    expect((await citizen.says('\u202Eد身份证丢了怎么补\u202C')).turn.reason).toBe('id-card-reissue');
    expect((await citizen.says('问'.repeat(4000))).messages).toHaveLength(1);
  });
});

describe('which one?', () => {
  it.each(['登记', '许可'])('%s fits several guides alike: asks, and takes a number, a title or a button', async (words) => {
    const asked = await chat(words);
    expect(asked.turn.outcome).toBe('clarified');
    expect(asked.text).toContain(zh.clarify);
    const titles = asked.buttons.slice(0, -1);
    expect(titles.length).toBeGreaterThan(1);
    const second = titles[1] ?? '';
    for (const choice of ['2', '第二个', second]) {
      const citizen = await town().citizen();
      await citizen.says(words);
      expect((await citizen.says(choice)).text).toContain(`**${second}**`);
    }
  });
});
