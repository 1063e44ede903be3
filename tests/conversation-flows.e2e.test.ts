import { describe, expect, it } from 'vitest';
import { textsFor } from '../bot/texts.ts';
import { inTown } from './support/town.ts';

const zh = textsFor('zh');
const { town, chat } = inTown();

describe('follow-ups', () => {
  it('那要多少钱 speaks of the last matter, and of its situation', async () => {
    const citizen = await town().citizen();
    await citizen.says('居住证怎么办');
    const fee = await citizen.says('那要多少钱？');
    expect([fee.turn.outcome, fee.turn.reason]).toEqual(['answered', 'residence-permit']);
    expect(fee.text).toContain('**费用**');
    expect((await citizen.says('多久能办好')).text).toContain('**多久办好**');
    const phone = await citizen.says('电话是多少');
    expect(phone.turn.reason).toBe('residence-permit');
    expect(phone.text).toContain('0000-5550110');
  });

  it('a question for another matter that nobody knows is not answered from the last one', async () => {
    for (const question of ['林木采伐许可证怎么办', '狗证怎么办', '烟草专卖许可证要多少钱', '会计证在哪办']) {
      const reply = await chat('居住证怎么办', question);
      expect([question, reply.turn.outcome]).toEqual([question, expect.stringMatching(/^unanswerable|^clarified/)]);
    }
    expect((await chat('居住证怎么办', '那小孩要多少钱')).turn.reason).toBe('residence-permit');
  });

  it('every button of an answer leads on', async () => {
    for (const question of ['身份证丢了怎么补办', '居住证要多少钱', '公积金贷款', '出生登记']) {
      const first = await chat(question);
      for (const button of first.messages.flatMap((message) => message.suggestedActions?.actions ?? [])) {
        if (button.type !== 'imBack' || button.title === '转人工') continue;
        const citizen = await town().citizen();
        await citizen.says(question);
        const { turn } = await citizen.presses(button.title);
        expect([question, button.title, turn.outcome]).toEqual([
          question,
          button.title,
          expect.stringMatching(/^(answered|in_flow|clarified)$/),
        ]);
      }
    }
  });

  it('再说一遍 says the last reply again, word for word', async () => {
    const citizen = await town().citizen();
    const first = await citizen.says('居住证要多少钱');
    const again = await citizen.says('再说一遍');
    expect(again.turn.outcome).toBe('repeated');
    expect(again.text).toBe(first.text);
    expect(again.buttons).toEqual(first.buttons);
    expect(again.citations).toEqual(first.citations);
    const question = (await citizen.log()).findLast((activity) => activity.from.role === 'user');
    expect(again.messages.map((message) => message.replyToId)).toEqual([question?.id]);
    expect((await citizen.presses('要带的材料')).turn.reason).toBe('residence-permit');
  });
});

describe('guided flows', () => {
  it('[R-081] a list of materials for the situation, with everything else of the guide', async () => {
    const citizen = await town().citizen();
    expect((await citizen.says('帮我列一份身份证材料清单')).text).toContain('身份证是哪种情况？');
    const age = await citizen.presses('丢了');
    expect(age.text).toContain('持证人多大？');
    expect((await citizen.says('35岁')).text).toContain('怎么领');
    const done = await citizen.says('快递');
    expect(done.turn.outcome).toBe('flow_completed');
    expect(done.text).toMatch(/（丢失[\s\S]*要带的材料[\s\S]*40 元[\s\S]*有效期 20 年[\s\S]*快递/);
    expect(done.citations.length).toBeGreaterThan(4);
    expect((await citizen.says('那要多少钱')).turn.reason).toBe('id-card-reissue');
  });

  it('what the first sentence says is not asked again', async () => {
    const { turn, text } = await chat('身份证坏了，帮我看看我要带什么材料');
    expect(turn.outcome).toBe('in_flow');
    expect(text).toContain('持证人多大？');
  });

  it('a form fills several slots at once', async () => {
    const citizen = await town().citizen();
    const asked = await citizen.says('查办件进度');
    expect(asked.formFields).toEqual(['receipt', 'phoneTail']);
    const refused = await citizen.fills({ receipt: 'AL2026000105', phoneTail: '11' });
    expect(refused.text).toContain('4 位数字');
    const done = await citizen.fills({ phoneTail: '1105' });
    expect([done.turn.outcome, done.text]).toEqual(['flow_completed', expect.stringContaining('居住证首次申领')]);
    await citizen.says('帮我列一份身份证材料清单');
    expect((await citizen.fills({ reason: 'expired', age: 'over46', pickup: 'self' })).text).toContain('新证长期有效');
  });

  it('an endless answer is asked again, an endless question is answered somehow: nothing is thrown', async () => {
    const citizen = await town().citizen();
    await citizen.says('查办件进度');
    expect((await citizen.says('一'.repeat(4000))).turn.outcome).toBe('in_flow');
    expect((await citizen.fills({ receipt: '一'.repeat(4000) })).turn.outcome).toBe('in_flow');
  });

  it('a correction changes what was said before, and the rest stays', async () => {
    const citizen = await town().citizen();
    await citizen.says('帮我列一份身份证材料清单');
    await citizen.says('丢了');
    await citizen.says('30岁');
    const corrected = await citizen.says('不对，不是丢了，是到期了');
    expect(corrected.turn.commands).toEqual([{ type: 'correct_slot', slot: 'reason', value: 'expired' }]);
    expect(corrected.text).toContain('已改为到期了');
    expect(corrected.text).toContain('怎么领');
    const done = await citizen.says('自己去领');
    expect(done.text).toContain('（到期');
    expect(done.text).toContain('20 元');
    expect(done.text).toContain('有效期 20 年');
  });

  it('an answer that can’t be used is asked again with help, and never taken', async () => {
    const citizen = await town().citizen();
    await citizen.says('查办件进度');
    const again = await citizen.says('12');
    expect(again.turn.outcome).toBe('in_flow');
    expect(again.text).toContain('2 个字母加 10 位数字');
    expect((await citizen.says('AL2026000103')).text).toContain('后四位');
    const found = await citizen.says('1103');
    expect(found.text).toContain('食品经营许可证申领');
    expect(found.text).toContain('补正');
    expect((await citizen.says('不用，我自己补')).turn.outcome).toBe('flow_completed');
  });

  it('[R-014] a question in between is answered, then the open question is asked again with the answers kept', async () => {
    const citizen = await town().citizen();
    await citizen.says('帮我列一份身份证材料清单');
    await citizen.says('丢了');
    const aside = await citizen.says('要多少钱？');
    expect(aside.turn.outcome).toBe('answered');
    expect(aside.text).toMatch(/\*\*费用\*\*[\s\S]*我们接着刚才的：持证人多大？/);
    const other = await citizen.says('医保局电话是多少？');
    expect(other.text).toContain('0000-5550140');
    expect(other.text).toContain('持证人多大？');
    expect((await citizen.says('谢谢')).text).toContain('持证人多大？');
    expect((await citizen.says('今天天气怎么样')).text).toContain('持证人多大？');
    await citizen.says('30');
    expect((await citizen.says('家人代领')).text).toMatch(/（丢失/);
  });

  it('算了 leaves the flow and forgets it; then 取消 has nothing to leave', async () => {
    const citizen = await town().citizen();
    await citizen.says('居住证我能不能办');
    expect(await citizen.says('算了，不办了')).toMatchObject({
      text: zh.flowCancelled,
      turn: { outcome: 'flow_cancelled', reason: 'residence-permit-eligibility' },
    });
    expect((await citizen.says('取消')).text).toBe(zh.nothingToCancel);
    expect((await citizen.says('停缴社保怎么办')).turn.outcome).not.toBe('flow_cancelled');
  });

  it('another flow may be started in the middle of one', async () => {
    const citizen = await town().citizen();
    await citizen.says('帮我列一份身份证材料清单');
    expect((await citizen.says('查办件进度')).text).toContain('受理编号');
  });
});
