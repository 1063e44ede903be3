import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { NameMatcher } from '../../knowledge/index/names.ts';
import { lexiconFolder, loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import { type DialogueState, freshState } from '../dialogue-state.ts';
import { loadChat } from './chat.ts';
import type { Command } from './commands.ts';
import { LocalRecogniser } from './local.ts';
import type { Recogniser } from './recogniser.ts';
import { type Understood, understand } from './understand.ts';

let pack: TestPack;
let tools: Parameters<typeof understand>[0];
beforeAll(async () => {
  pack = await loadTestPack();
  const chat = await loadChat(join(lexiconFolder, 'chat.yaml'), pack.lexicon);
  tools = {
    lexicon: pack.lexicon,
    answerer: pack.answerer,
    engine: { flows: pack.flows },
    recogniser: new LocalRecogniser({ lexicon: pack.lexicon, chat }),
    flowNames: new NameMatcher(
      pack.flows.flatMap((flow) => [flow.name, ...flow.examples].map((text) => ({ id: flow.id, text }))),
      pack.lexicon,
    ),
  };
});

function read(text: string, state: Partial<DialogueState> = {}, recogniser: Recogniser = tools.recogniser): Promise<Understood> {
  const full = { ...freshState(), ...state };
  const activeFlow = pack.flows.find((flow) => flow.id === full.flow?.flow);
  return understand({ ...tools, recogniser }, { text, state: full, activeFlow, filter: today, today: new Date('2026-03-02T02:00:00Z') });
}
/** A short name for what was understood. */
async function gist(text: string, state: Partial<DialogueState> = {}): Promise<string> {
  const { commands } = await read(text, state);
  return commands.map(inWords).join(' + ');
}
function inWords(command: Command): string {
  switch (command.type) {
    case 'small_talk':
      return command.topic;
    case 'start_flow':
      return `start ${command.flow}`;
    case 'set_slot':
    case 'correct_slot':
      return `${command.type === 'set_slot' ? 'set' : 'correct'} ${command.slot}=${command.value}`;
    case 'answer':
      return command.itemId ? `answer from ${command.itemId}` : 'answer';
    case 'rate':
      return `rate ${command.score}`;
    default:
      return command.type;
  }
}
const inFlow = (flow: string, asking: string, slots: Record<string, string | number | boolean> = {}): Partial<DialogueState> => ({
  flow: { flow, version: 1, step: 1, slots, asking, attempts: 0, startedAt: 0 },
});

describe('a plain answer to an open question', () => {
  it('is read without looking anything up, and as if everything had been looked up', async () => {
    const { recogniser } = tools;
    const thorough: Recogniser = {
      recognise: (input) => recogniser.recognise(input),
      standsAlone: (text) => recogniser.standsAlone?.(text) ?? false,
    };
    const words = [
      '是',
      '不是',
      '没有',
      '明天',
      '3',
      '2026年3月5日',
      '00000000000',
      '公积金怎么提取',
      '转人工',
      '跳过',
      '算了',
      '丢了，改成坏了',
    ];
    let plain = 0;
    for (const flow of pack.flows) {
      for (const [asking, slot] of Object.entries(flow.slots)) {
        for (const text of [...words, ...(slot.type === 'choice' ? slot.options.map(({ label }) => label) : [])]) {
          const short = await read(text, inFlow(flow.id, asking));
          const long = await read(text, inFlow(flow.id, asking), thorough);
          expect([text, short.commands, short.confidence]).toEqual([text, long.commands, long.confidence]);
          if (short.found.candidates.length === 0 && long.found.candidates.length > 0) plain++;
        }
      }
    }
    expect(plain).toBeGreaterThan(100);
  });
});

describe('a new matter', () => {
  it.each([
    ['身份证丢了怎么补办要带什么', 'answer'],
    ['居住证要多少钱', 'answer'],
    ['医保局电话', 'answer'],
    ['12345', 'answer'],
    ['林木采伐许可证怎么办', 'answer'],
    ['帮我列一份身份证材料清单', 'start id-card-materials'],
    ['我想一步一步办身份证补领', 'start id-card-materials'],
    ['居住证我能不能办', 'start residence-permit-eligibility'],
    ['我够不够资格办居住证', 'start residence-permit-eligibility'],
    ['查一下办件进度', 'start progress-query'],
    ['我的事办到哪一步了', 'start progress-query'],
    ['停缴社保怎么办', 'answer'],
    ['人工智能补贴怎么申请', 'answer'],
  ])('%s → %s', async (text, expected) => expect(await gist(text)).toBe(expected));
});

describe('a flow asked for by what it does', () => {
  it.each([
    ['身份证坏了，给我列个清单吧', 'start id-card-materials'],
    ['要换身份证，发我一份材料清单', 'start id-card-materials'],
    ['手把手教我补办身份证', 'start id-card-materials'],
    ['给我开一张身份证的材料清单', 'start id-card-materials'],
    ['帮我看一下我这样的够不够资格办居住证', 'start residence-permit-eligibility'],
    ['我在这边上班的，居住证办得了吗', 'start residence-permit-eligibility'],
    ['想了解一下我的申请进展', 'start progress-query'],
    ['表交上去一个月了还没消息，到底办到哪了', 'start progress-query'],
    ['这是受理编号，帮我查查', 'start progress-query'],
    ['身份证材料有哪些', 'answer'],
    ['办居住证需要符合什么条件', 'answer'],
    ['给我老婆代办居住证行不行，怎么弄', 'answer'],
    ['公积金贷款进度怎么查', 'answer'],
    ['身份证办好没有在哪里查', 'answer'],
    ['列一份开餐馆的材料清单', 'start restaurant-together'],
    ['我够不够条件领失业金', 'answer'],
    ['结婚手续给我列个清单', 'start marriage-together'],
    ['退休的事手把手带我办', 'start retirement-together'],
    ['迁户口一步一步带我办', 'start hukou-move-together'],
    ['小孩入学清单', 'start school-together'],
    ['开饭店要办的手续列给我', 'start restaurant-together'],
    ['结婚后把老婆户口迁过来多少钱', 'answer'],
    ['和对象想扯证落户一起弄去哪里', 'answer'],
    ['市场准入负面清单', 'cannot_handle'],
  ])('%s → %s', async (text, expected) => expect(await gist(text)).toBe(expected));
});

describe('not a matter', () => {
  it.each([
    ['你好', 'greeting'],
    ['您好呀', 'greeting'],
    ['哈喽', 'greeting'],
    ['hi', 'greeting'],
    ['谢谢你啊', 'thanks'],
    ['好的，谢谢！', 'thanks'],
    ['不用转人工了', 'thanks'],
    ['再见', 'goodbye'],
    ['没别的了', 'goodbye'],
    ['你是真人吗', 'identity'],
    ['你是谁？', 'identity'],
    ['你能做什么', 'scope'],
    ['答非所问', 'complaint_about_bot'],
    ['今天天气怎么样', 'out_of_scope'],
    ['明天会不会下雨', 'out_of_scope'],
    ['帮我写首诗', 'out_of_scope'],
    ['給我寫一首關於春天的詩', 'out_of_scope'],
    ['讲个笑话听听', 'out_of_scope'],
    ['推荐一只股票', 'out_of_scope'],
    ['asdfgh', 'cannot_handle'],
    ['阿斯蒂芬噶时代', 'cannot_handle'],
    ['？？？', 'cannot_handle'],
    ['😀😀', 'cannot_handle'],
    ['1', 'cannot_handle'],
    ['哈哈哈', 'cannot_handle'],
    ['。', 'cannot_handle'],
  ])('%s → %s', async (text, expected) => expect(await gist(text)).toBe(expected));
});

describe('steering', () => {
  it.each([
    ['转人工', 'hand_over'],
    ['我要找真人', 'hand_over'],
    ['再说一遍', 'repeat'],
    ['算了不办了', 'cancel_flow'],
  ])('%s → %s, in a flow and outside', async (text, expected) => {
    expect(await gist(text)).toBe(expected);
    expect(await gist(text, inFlow('id-card-materials', 'reason'))).toBe(expected);
    expect(await gist(text, inFlow('progress-query', 'receipt'))).toBe(expected);
  });

  it('a number of stars is a rating only when it was asked for and nothing else is offered', async () => {
    expect(await gist('5', { ratingAsked: true })).toBe('rate 5');
    expect(await gist('非常满意', { ratingAsked: true })).toBe('rate 5');
    expect(await gist('不满意', { ratingAsked: true })).toBe('rate 2');
    expect(await gist('3星', { ratingAsked: true })).toBe('rate 3');
    expect(await gist('5')).toBe('cannot_handle');
    expect(await gist('2', { ratingAsked: true, ...inFlow('id-card-materials', 'reason') })).toBe('set reason=2');
    expect(
      await gist('2', {
        ratingAsked: true,
        options: [
          { title: '甲', value: '甲' },
          { title: '乙', value: '公积金租房提取', itemId: 'hpf-withdraw-rent' },
        ],
      }),
    ).toBe('answer from hpf-withdraw-rent');
  });
});

describe('choosing what was offered', () => {
  const options = [
    { title: '租房提取住房公积金', value: '租房提取住房公积金', itemId: 'hpf-withdraw-rent' },
    { title: '住房公积金个人住房贷款', value: '住房公积金个人住房贷款', itemId: 'hpf-loan' },
  ];
  it.each(['2', '二', '第二个', '第2项', '选2', '２', '住房公积金个人住房贷款', '住房公積金個人住房貸款。'])(
    '%s is the second',
    async (text) => expect(await gist(text, { options })).toBe('answer from hpf-loan'),
  );

  it('a number beyond what was offered chooses nothing', async () => expect(await gist('3', { options })).toBe('cannot_handle'));

  it('words that were offered without an item are taken as said', async () => {
    const found = await read('1', { options: [{ title: '费用', value: '居住证申领/签注 费用' }] });
    expect(found.text).toBe('居住证申领/签注 费用');
    expect(found.commands[0]).toMatchObject({ type: 'answer', query: '居住证申领/签注 费用' });
  });
});

describe('follow-ups', () => {
  it.each(['那要多少钱？', '多久能办好', '在哪办', '要带什么材料', '电话是多少', '那需要什么条件呢'])(
    '%s speaks of the last matter',
    async (text) => expect(await gist(text, { lastItemId: 'residence-permit' })).toBe('answer from residence-permit'),
  );

  it('a question that names its own matter does not', async () => {
    expect(await gist('公积金租房提取要多久', { lastItemId: 'residence-permit' })).toBe('answer');
    expect(await gist('今天天气怎么样', { lastItemId: 'residence-permit' })).toBe('out_of_scope');
  });
});

describe('inside a flow', () => {
  it.each([
    ['丢了', 'set reason=丢了'],
    ['2', 'set reason=2'],
    ['我的身份证过期了', 'set reason=我的身份证过期了'],
    ['不知道', 'set reason=不知道'],
    ['跳过', 'skip'],
    ['要多少钱？', 'answer from id-card-reissue'],
    ['公积金租房提取要什么条件？', 'answer'],
    ['我要查办件进度', 'start progress-query'],
    ['谢谢', 'thanks'],
  ])('asked for the reason: %s → %s', async (text, expected) =>
    expect(await gist(text, inFlow('id-card-materials', 'reason'))).toBe(expected),
  );

  it.each([
    ['不对，不是丢了，是到期了', 'correct reason=expired'],
    ['刚才选错了，是坏了', 'correct reason=damaged'],
    ['35岁', 'set age=35岁'],
  ])('a correction of an earlier answer: %s → %s', async (text, expected) =>
    expect(await gist(text, inFlow('id-card-materials', 'age', { reason: 'lost' }))).toBe(expected),
  );

  it.each([
    ['不是', { move: true }, 'set card=不是'],
    ['不是，要换', { move: true }, 'set card=不是，要换'],
    ['不对，不迁户口', { move: true }, 'correct move=不迁户口'],
    ['刚才说错了，还没领', { stage: 'done', move: true }, 'correct stage=want'],
    ['算了，不换了', { move: true }, 'set card=算了，不换了'],
    ['算了，不结了', { move: true }, 'cancel_flow'],
    ['等一下，收费吗？', { move: true }, 'answer from marriage-register'],
    ['不用', { move: true }, 'set card=不用'],
    ['不说了，跳过', { move: true }, 'skip'],
  ] as const)('an open yes or no keeps what is its own: %s', async (text, slots, expected) =>
    expect(await gist(text, inFlow('marriage-together', 'card', { ...slots }))).toBe(expected),
  );

  it('a refusal that is no answer leaves the flow open', async () =>
    expect(await gist('不用', inFlow('id-card-materials', 'reason'))).toBe('set reason=不用'));

  it('a bare denial that no option takes is asked again', async () =>
    expect(await gist('不是', inFlow('id-card-materials', 'reason'))).toBe('set reason=不是'));

  it('a receipt number is an answer, whatever it looks like', async () => {
    expect(await gist('AL2026000101', inFlow('progress-query', 'receipt'))).toBe('set receipt=AL2026000101');
    expect(await gist('我的编号是al2026000101', inFlow('progress-query', 'receipt'))).toBe('set receipt=我的编号是al2026000101');
  });
});

describe('whoever recognises', () => {
  it('only commands of the closed set pass', async () => {
    const invented = (commands: unknown): Recogniser => ({
      recognise: async () => ({ commands: commands as Command[], confidence: 1, recogniser: 'llm' }),
    });
    await expect(read('x', {}, invented([{ type: 'transfer_money', amount: 5 }]))).rejects.toThrow();
    await expect(read('x', {}, invented([{ type: 'answer' }]))).rejects.toThrow();
    await expect(read('x', {}, invented([{ type: 'hand_over', reason: 'asked', to: 'me' }]))).rejects.toThrow();
    expect((await read('x', {}, invented([{ type: 'repeat' }]))).commands).toEqual([{ type: 'repeat' }]);
  });
});
