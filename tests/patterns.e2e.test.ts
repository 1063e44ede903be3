import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demandHistory } from '../bot/store/demands.ts';
import { textsFor } from '../bot/texts.ts';
import { openHouse, type Reply, type TestHouse } from './support/house.ts';

const zh = textsFor('zh');
const hour = 3_600_000;
let town: TestHouse;
beforeAll(async () => {
  town = await openHouse();
});
afterAll(() => town.close());
afterEach(() => expect(town.complaints).toEqual([]));

const checklist = '帮我列一份身份证材料清单';
const asksAge = '持证人多大？';
const times = (reply: Reply, words: string): number => reply.text.split(words).length - 1;

describe('several matters in one message', () => {
  it('are answered in order, each from its own guide', async () => {
    const citizen = await town.citizen();
    const reply = await citizen.says('居住证要多少钱？另外公积金贷款怎么办？');
    const items = reply.messages.flatMap((message) => (message.channelData?.item ? [(message.channelData.item as { id: string }).id] : []));
    expect(items[0]).toBe('residence-permit');
    expect(items[1]).toContain('hpf');
  });

  it('[R-014] inside a flow they are answered in order and its open question is asked once, at the end', async () => {
    const citizen = await town.citizen();
    await citizen.says(checklist);
    await citizen.says('丢了');
    const reply = await citizen.says('居住证要多少钱？另外公积金贷款怎么办？');
    expect(times(reply, asksAge)).toBe(1);
    expect(reply.messages.at(-1)?.text).toContain(asksAge);
    const both = await (await startedFlow()).says('丢了。要多少钱？');
    expect(both.text).toContain('**费用**');
    expect(times(both, asksAge)).toBe(1);
  });
});

async function startedFlow() {
  const citizen = await town.citizen();
  await citizen.says(checklist);
  return citizen;
}

describe('where were we', () => {
  it('你刚才问我什么 says the open question again, or what was offered', async () => {
    const citizen = await startedFlow();
    expect((await citizen.says('你刚才问我什么来着')).text).toContain(`${zh.questionWas}身份证是哪种情况？`);
    const other = await town.citizen();
    const asked = await other.says('许可');
    const again = await other.says('刚才的问题是什么');
    expect(again.buttons).toEqual(asked.buttons);
    expect((await other.presses(asked.buttons[0] ?? '')).turn.outcome).toBe('answered');
  });

  it('none of these is a choice, by button and by number', async () => {
    for (const words of ['都不是', zh.noneOfThese]) {
      const citizen = await town.citizen();
      const asked = await citizen.says('许可');
      expect(asked.buttons).toContain(zh.noneOfThese);
      expect((await citizen.says(words)).text).toBe(zh.noneChosen);
    }
    const citizen = await town.citizen();
    const asked = await citizen.says('许可');
    expect((await citizen.says(String(asked.buttons.indexOf(zh.noneOfThese) + 1))).text).toBe(zh.noneChosen);
  });

  it('an earlier answer is corrected by its label and a value', async () => {
    const citizen = await startedFlow();
    await citizen.says('丢了');
    await citizen.says('30岁');
    const corrected = await citizen.says('不对，年龄应该是50岁');
    expect(corrected.turn.commands).toEqual([expect.objectContaining({ type: 'correct_slot', slot: 'age' })]);
    expect((await citizen.says('自己去领')).text).toContain('长期有效');
  });

  it('继续 takes up what 算了 left, with its answers; 重新开始 begins anew', async () => {
    const citizen = await startedFlow();
    await citizen.says('丢了');
    expect((await citizen.says('算了')).text).toBe(zh.flowCancelled);
    expect((await citizen.says('居住证要多少钱')).text).not.toContain(asksAge);
    const back = await citizen.says('继续');
    expect(back.text).toContain(asksAge);
    expect((await citizen.says('30')).turn.outcome).toBe('in_flow');
    expect((await citizen.says('重新开始')).text).toContain('身份证是哪种情况？');
    expect((await (await town.citizen()).says('接着上次办到一半的')).text).toBe(zh.nothingToResume);
  });

  it('the next day the bot says where it was and offers to go on or to start over', async () => {
    for (const hello of ['你好', checklist]) {
      const citizen = await startedFlow();
      await citizen.says('丢了');
      town.clock.now += 26 * hour;
      const offer = await citizen.says(hello);
      expect(offer.text).toContain(asksAge);
      expect(offer.buttons).toEqual([zh.resumeGo, zh.resumeRestart, '转人工']);
      expect((await citizen.presses(zh.resumeGo)).text).toContain(asksAge);
    }
    const citizen = await startedFlow();
    town.clock.now += 26 * hour;
    expect((await citizen.says('昨天办到一半的那个')).text).toContain('身份证是哪种情况？');
    town.clock.now += 40 * 24 * hour;
    expect((await citizen.says('继续上次的')).text).toBe(zh.nothingToResume);
  });
});

describe('silence', () => {
  const minutes = 60_000;
  const bots = async (citizen: Awaited<ReturnType<typeof startedFlow>>) =>
    (await citizen.log()).filter((activity) => activity.from.role === 'bot').slice(-2);

  it('is spoken to once inside a flow, then ends with the rating; what was answered is kept', async () => {
    const citizen = await startedFlow();
    await town.house.idle.look();
    expect((await bots(citizen)).at(-1)?.text).not.toBe(zh.idleReminder);
    town.clock.now += 11 * minutes;
    await Promise.all([town.house.idle.look(), town.house.idle.look()]);
    await town.house.idle.look();
    const log = await citizen.log();
    expect(log.filter((activity) => activity.text === zh.idleReminder)).toHaveLength(1);
    town.clock.now += 21 * minutes;
    await town.house.idle.look();
    expect((await bots(citizen)).map((activity) => activity.text ?? activity.name)).toEqual([zh.idleEnd, 'rating.request']);
    town.clock.now += 60 * minutes;
    await town.house.idle.look();
    expect((await citizen.log()).length).toBe(log.length + 2);
    expect((await citizen.says('继续')).text).toContain('身份证是哪种情况？');
  });

  it('别发了 ends it, and outside of a flow nothing is waited for', async () => {
    const citizen = await startedFlow();
    expect((await citizen.says('别再给我发消息了')).text).toBe(zh.stopped);
    const other = await town.citizen();
    await other.says('居住证要多少钱');
    const before = [(await citizen.log()).length, (await other.log()).length];
    town.clock.now += 60 * minutes;
    await town.house.idle.look();
    expect([(await citizen.log()).length, (await other.log()).length]).toEqual(before);
  });
});

describe('[R-051] languages', () => {
  it('traditional characters are answered in traditional characters, with the same facts', async () => {
    const hans = await (await town.citizen()).says('居住证要多少钱');
    const citizen = await town.citizen();
    const hant = await citizen.says('居住證要多少錢');
    expect(hant.text).toMatch(/費用/);
    expect(hant.text.match(/\d+/g)).toEqual(hans.text.match(/\d+/g));
    expect(hant.turn.citations).toEqual(hans.turn.citations);
    expect((await citizen.says('那多久呢')).text).toMatch(/多久辦好/);
    expect((await (await town.citizen({ locale: 'zh-TW' })).greeting).text).toContain('機器人');
  });

  it('an English sentence is answered in English wherever it is written', async () => {
    const reply = await (await town.citizen()).says('How do I apply for a residence permit?');
    expect(reply.text).toContain('What to bring');
    const visitor = await town.citizen({ locale: 'en' });
    expect((await visitor.says('residence permit eligibility check, can I apply?')).turn.outcome).toMatch(/answered|in_flow|clarified/);
  });

  it.each([
    ['住民票はどこで取れますか', 'ja'],
    ['여권을 잃어버렸어요 어떻게 해야 하나요', 'ko'],
    ['Где получить вид на жительство?', 'ru'],
    ['Tôi muốn làm hộ chiếu ở đâu?', 'vi'],
    ['Bonjour, comment je peux renouveler mon passeport ?', 'fr'],
    ['ทำหนังสือเดินทางที่ไหน', 'th'],
    ['پاسپورت بېجىرىش ئۈچۈن نېمە كېرەك', 'ug'],
    ['ཐོབ་ཐང་ལག་ཁྱེར་གང་དུ་བཟོ་དགོས་སམ།', 'bo'],
  ])('%s: which languages work, and a person', async (text, language) => {
    const reply = await (await town.citizen()).says(text);
    expect(reply.turn.reason).toBe(`language:${language}`);
    expect(reply.text).toMatch(/简体中文[\s\S]*Chinese and English/);
    expect(reply.buttons).toEqual(['转人工']);
  });
});

describe('[R-050] upset citizens', () => {
  it('one soothing sentence, the substance, and a person', async () => {
    const citizen = await town.citizen();
    const reply = await citizen.says('气死我了，居住证要多少钱');
    expect(reply.text.startsWith(zh.soothing.angry)).toBe(true);
    expect(reply.turn.reason).toBe('residence-permit');
    expect(reply.buttons).toContain('转人工');
    expect((await citizen.says('妈的，身份证丢了去哪补')).text.startsWith(zh.soothing.again)).toBe(true);
    expect((await citizen.says('居住证多久办好')).text).not.toContain(zh.soothing.again);
  });

  it('abuse alone gets no scolding and no empty answer', async () => {
    const reply = await (await town.citizen()).says('傻逼机器人');
    expect([reply.turn.outcome, reply.text]).toEqual(['small_talk', zh.outburst]);
  });
});

describe('[R-008] demand type, field and department', () => {
  it('are kept for each conversation and change as it goes on', async () => {
    const citizen = await town.citizen();
    await citizen.says('公积金能提出来装修吗');
    const { db } = town.house.database;
    expect((await demandHistory(db, citizen.conversationId)).at(-1)).toMatchObject({
      type: 'consult',
      domain: 'service',
      department: '安澜市住房公积金管理中心',
    });
    await citizen.says('公积金中心窗口态度特别差，我要投诉');
    await citizen.says('谢谢');
    expect((await demandHistory(db, citizen.conversationId)).map(({ type }) => type)).toEqual(['consult', 'complaint']);
    await citizen.says('转人工');
    expect((await citizen.log()).find((activity) => activity.name === 'handoff.initiate')?.value).toMatchObject({ skill: '公积金' });
  });
});
