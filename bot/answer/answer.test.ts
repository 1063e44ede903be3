import { beforeAll, describe, expect, it } from 'vitest';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import { contact, faq, guide, policy } from '../../knowledge/index/testing.ts';
import { loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import { textsFor } from '../texts.ts';
import { type Answer, Answerer, choices } from './answer.ts';
import { nothingFound } from './retrieve.ts';

const texts = textsFor('zh');
let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});

async function ask(question: string, answerer: Answerer = pack.answerer, filter = today): Promise<Answer> {
  return answerer.answer(question, await answerer.find(question, filter), texts, filter);
}
const idOf = (answer: Answer) => (answer.kind === 'answered' ? answer.item.id : answer.kind);

describe('the sample pack answers', () => {
  it.each([
    ['身份证丢了怎么补办要带什么', 'id-card-reissue'],
    ['居住证要多少钱', 'residence-permit'],
    ['租房怎么提取公积金', 'hpf-withdraw-rent'],
    ['失业金怎么领', 'unemployment-benefit'],
    ['驾照过期了怎么办', 'driver-licence-renew'],
    ['社保卡丢了怎么办', 'social-security-card'],
    ['医保局电话', 'dept-medicare'],
    ['12345 是什么电话', 'line-12345'],
    ['政务大厅周末上班吗', 'faq-hall-weekend'],
  ])('%s → %s', async (question, id) => expect(idOf(await ask(question))).toBe(id));

  it.each(['无人机飞行许可怎么办', '林木采伐许可证怎么办', '高考报名', '今天股市行情', '阿斯蒂芬噶时代', 'asdfgh', ''])(
    '%j → not found, and no guess',
    async (question) => expect((await ask(question)).kind).toBe('not_found'),
  );

  it('[R-060] the answer of a FAQ leads into the guided flow of its errand, before the guide to read', async () => {
    const flow = pack.flows.find((one) => pack.items.some((item) => item.kind === 'faq' && item.guideId === one.guide));
    const faq = pack.items.find((item) => item.kind === 'faq' && item.guideId === flow?.guide);
    if (faq?.kind !== 'faq' || !flow) throw new Error('no FAQ of the pack belongs to a guide with a flow');
    const answer = await ask(faq.question);
    expect(idOf(answer)).toBe(faq.id);
    const said = answer.kind === 'answered' ? answer.draft.quickReplies.filter((reply) => reply.kind === 'say') : [];
    expect(said[0]).toMatchObject({ title: flow.name, value: flow.name });
    expect(said[1]?.title).toContain('指南');
  });

  it('[R-091] the phone of every department and line is told exactly as recorded', async () => {
    const wrong: string[] = [];
    for (const item of pack.items) {
      if (item.kind !== 'contact' || !item.phone) continue;
      const answer = await ask(`${item.name}电话是多少`);
      if (answer.kind !== 'answered' || answer.item.id !== item.id || !answer.draft.text.includes(item.phone))
        wrong.push(`${item.name} → ${idOf(answer)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('[R-107] a policy question is answered with the clause, the document number and the day of effect', async () => {
    const answer = await ask('灵活就业人员参加社会保险若干规定里缴费基数怎么选');
    expect(idOf(answer)).toBe('policy-flexible-insurance-rules');
    if (answer.kind !== 'answered') return;
    expect(answer.draft.text).toMatch(
      /《安澜市灵活就业人员参加社会保险若干规定》（安政办〔2025〕28号）第四条\*\*（自 2026-01-01 起施行） \[1\]/,
    );
    expect(answer.draft.text).toContain('缴费基数');
  });

  it.each([
    '根据灵活就业人员参加社会保险若干规定，断缴之后多久可以补缴，补缴要不要交滞纳金',
    '灵活就业人员参加社会保险若干规定里缴费基数怎么选？能不能按最低的交',
    '《安澜市灵活就业人员参加社会保险若干规定》说的缴费比例是多少',
  ])('[R-107] a document named by its whole title is meant, whatever else is asked: %s', async (question) => {
    expect(idOf(await ask(question))).toBe('policy-flexible-insurance-rules');
  });

  it('[R-107] a document found by its title alone is still quoted from the clause that answers', async () => {
    const found = await pack.answerer.find('灵活就业人员参加社会保险若干规定里缴费基数怎么选', today);
    const candidates = found.candidates.map((candidate) => ({ ...candidate, passages: [] }));
    const answer = pack.answerer.answer('灵活就业人员参加社会保险若干规定里缴费基数怎么选', { ...found, candidates }, texts, today);
    expect(answer.kind === 'answered' && answer.draft.text).toMatch(/第四条[\s\S]*缴费基数/);
  });

  it('[R-001] says of which kind the record is', async () => {
    const types = new Map<string, string | undefined>();
    for (const one of pack.guides) {
      const answer = pack.answerer.answerFrom(one.id, one.name, nothingFound, texts, today);
      if (answer.kind === 'answered') types.set(one.itemType, answer.draft.item?.type);
    }
    for (const [type, told] of types) expect(told).toBe(type);
    expect([...types.keys()].sort()).toEqual(['bundle', 'convenience', 'listed', 'value_added']);
  });
});

describe('sure, unsure, or not at all', () => {
  let answerer: Answerer;
  beforeAll(async () => {
    const index = new HybridIndex({ lexicon: pack.lexicon });
    const loan = { audience: [], summary: '说明。' };
    await index.replace({
      revision: '1',
      items: [
        guide({ id: 'loan-commercial', name: '公积金商业贷款', ...loan }),
        guide({ id: 'loan-combined', name: '公积金组合贷款', ...loan }),
        guide({ id: 'loan-repay', name: '公积金偿还贷款', ...loan }),
        guide({ id: 'loan-more', name: '公积金异地贷款', ...loan }),
        guide({ id: 'elder-card', name: '老年优待证申领', department: '民政局', ...loan }),
        faq({ id: 'elder-lost', question: '老年优待证丢了怎么补', answer: '到民政局补办。', guideId: 'elder-card', validTo: '2026-06-30' }),
        faq({ id: 'elder-old', question: '老年优待证管几年', answer: '五年。', guideId: 'gone' }),
        guide({ id: 'gone', name: '旧事项甲', state: 'cancelled', ...loan }),
        guide({ id: 'dated', name: '春节消费券申领', validTo: '2026-03-31', ...loan }),
        policy({
          id: 'rules',
          title: '某市养犬管理办法',
          body: '第一条 总则。\n第二条 每户限养一只。\n大型犬禁养。',
          docNo: '某发〔2026〕1号',
        }),
        contact('office', '民政局', { phone: '0000-1' }),
      ],
    });
    answerer = new Answerer({ index, lexicon: pack.lexicon, flowFor: () => undefined });
  });

  it('several guides fit alike: asks which, with at most three to choose from', async () => {
    const answer = await ask('公积金贷款', answerer);
    expect(answer.kind).toBe('clarify');
    if (answer.kind !== 'clarify') return;
    expect(answer.items).toHaveLength(3);
    expect(choices(answer.items)[0]).toEqual({
      title: answer.items[0]?.kind === 'guide' ? answer.items[0].name : '',
      value: expect.any(String),
      itemId: answer.items[0]?.id,
    });
  });

  it('one fits clearly: answers from it', async () => {
    expect(idOf(await ask('公积金组合贷款', answerer))).toBe('loan-combined');
    expect(idOf(await ask('老年优待证丢了怎么补', answerer))).toBe('elder-lost');
  });

  it('a policy is quoted word for word, line breaks included', async () => {
    const answer = await ask('某市养犬管理办法每户限养一只', answerer);
    expect(idOf(answer)).toBe('rules');
    if (answer.kind === 'answered')
      expect(answer.draft.text).toBe('**《某市养犬管理办法》（某发〔2026〕1号）第二条** [1]\n第二条 每户限养一只。\n大型犬禁养。');
  });

  it('near misses name the department that may know', async () => {
    const answer = await ask('优待证年审', answerer);
    expect(answer).toMatchObject({ kind: 'not_found', department: '民政局' });
  });

  it('nothing fits: no department either', async () => {
    expect(await ask('火星移民签证', answerer)).toMatchObject({ kind: 'not_found', department: undefined });
  });

  it('an item that is not valid any more is not told, neither by search nor when it was chosen before', async () => {
    const before = { on: '2026-03-31' };
    const after = { on: '2026-04-01' };
    const nothing = nothingFound;
    expect(idOf(await ask('春节消费券申领', answerer, before))).toBe('dated');
    expect(idOf(await ask('春节消费券申领', answerer, after))).toBe('not_found');
    expect(idOf(answerer.answerFrom('dated', '要多少钱', nothing, texts, before))).toBe('dated');
    expect(idOf(answerer.answerFrom('dated', '要多少钱', nothing, texts, after))).toBe('not_found');
    expect(answerer.noticeOf('dated', [], texts, before)).toBeDefined();
    expect(answerer.noticeOf('dated', [], texts, after)).toBeUndefined();
    expect(idOf(answerer.answerFrom('gone', '旧事项甲', nothing, texts, before))).toBe('not_found');
    expect(idOf(answerer.answerFrom('no-such-item', '?', nothing, texts, before))).toBe('not_found');
  });

  it('a FAQ offers its guide only while that is in force', async () => {
    const replies = async (question: string) => {
      const answer = await ask(question, answerer);
      return answer.kind === 'answered' ? answer.draft.quickReplies.map((reply) => reply.title) : answer.kind;
    };
    expect(await replies('老年优待证丢了怎么补')).toEqual(['看《老年优待证申领》办事指南']);
    expect(await replies('老年优待证管几年')).toEqual([]);
  });
});
