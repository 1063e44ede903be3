/** What flows say, as drafts: notices with their links, answers on the way, what one flow learns for the next. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTestPack, type TestPack, today } from '../tests/support/pack.ts';
import type { Acted } from './act.ts';
import { freshState } from './dialogue-state.ts';
import { type FlowTurn, flowContinued, flowStarted, questionDraft } from './flow-drafts.ts';
import { FlowEngine } from './flows/engine.ts';
import { flowOf, head, now, office } from './flows/testing.ts';
import { textsFor } from './texts.ts';

let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});

const district = '  place: {type: district, label: 住处, ask: 住在哪个区？, prefill: {profile: district}}';
const flows = [
  `${head('first')}
slots:
${district}
steps:
  - collect: place
  - answer: {item: id-card-first}
  - notice: {title: "{place}要办的事", lead: police, guides: [{guide: id-card-first, scenarios: [under16]}, {guide: temp-id-card}]}
  - say: 记得早点去。
  - end: completed
`,
  `${head('second')}
slots:
${district}
  more: {type: yes_no, label: 再问, ask: 还要问吗？}
steps:
  - collect: place
  - answer: {question: 身份证丢了怎么补办}
  - collect: more
  - answer: {question: 火星移民怎么补贴}
  - notice: {guide: id-card-first, scenarios: [over16]}
  - end: completed
`,
  `${head('nothing')}
slots:
  a: {type: yes_no, label: 甲, ask: 甲？}
steps:
  - collect: a
  - notice:
      title: 两件事
      guides:
        - {guide: id-card-first, when: {slot: a, is: true}}
        - {guide: gone, when: {slot: a, is: true}}
  - end: completed
`,
];
function turnWith(options: Partial<FlowTurn> = {}, noticeLink?: FlowTurn['tools']['noticeLink']): FlowTurn {
  const around = { districts: ['东澜区', '西屏区'], departments: [{ id: 'police', name: '安澜市公安局' }] };
  const engine = new FlowEngine({ flows: flows.map((source) => flowOf(source, around)), backends: office(), now });
  return { tools: { answerer: pack.answerer, engine, hotline: '12345', noticeLink }, texts: textsFor('zh'), filter: today, ...options };
}
async function talk(turn: FlowTurn, flow: string, state = freshState(), ...answers: string[]): Promise<Acted> {
  let acted = await flowStarted(turn, { type: 'start_flow', flow, slots: {} }, state);
  for (const value of answers) {
    const open = acted.state.flow;
    if (!open?.asking) throw new Error(`nothing is asked: ${acted.drafts.at(-1)?.text}`);
    acted = await flowContinued(turn, [{ type: 'set_slot', slot: open.asking, value }], open, acted.state);
  }
  return acted;
}

describe('[R-064] a notice of several guides', () => {
  it('comes with title, lead department and, on the last message, the address of its page', async () => {
    const links: unknown[] = [];
    const turn = turnWith({}, (reference) => {
      links.push(reference);
      return 'https://wenban.example/notice/t';
    });
    const { drafts, outcome } = await talk(turn, 'first', freshState(), '西屏');
    expect(outcome).toBe('flow_completed');
    expect(drafts.map((draft) => draft.origin)).toEqual(['guide', 'template', 'guide', 'template']);
    expect(drafts[1]?.text).toBe('**西屏区要办的事**');
    expect(drafts[2]?.text).toMatch(/牵头部门：安澜市公安局[\s\S]*\*\*在哪办\*\*\n- 西屏区政务服务中心/);
    expect(drafts[3]?.quickReplies[0]).toMatchObject({ kind: 'open' });
    expect(drafts.slice(0, -1).flatMap((draft) => draft.quickReplies.filter((reply) => reply.kind === 'open'))).toEqual([]);
    expect(drafts[3]?.quickReplies).toContainEqual({ kind: 'open', title: '可打印的清单', url: 'https://wenban.example/notice/t' });
    expect(links).toEqual([{ flow: 'first', nth: 0, answers: { place: '西屏区' } }]);
  });

  it('says so when nothing is left to do, and when a guide is not published', async () => {
    expect((await talk(turnWith(), 'nothing', freshState(), '没有')).drafts.map((draft) => draft.text)).toEqual([
      '按您说的情况，没有要办的事了。',
    ]);
    const { drafts } = await talk(turnWith(), 'nothing', freshState(), '是');
    expect(drafts[1]?.text).toContain('居民身份证申领');
    expect(drafts[2]?.text).toMatch(/正在更新[\s\S]*12345/);
  });
});

describe('[R-014] an answer on the way', () => {
  it('is cited, then the flow’s question stands last with buttons of its own', async () => {
    const { drafts, outcome } = await talk(turnWith(), 'second', freshState(), '东澜区');
    expect(outcome).toBe('in_flow');
    expect(drafts[0]?.citations.length).toBeGreaterThan(0);
    expect(drafts[0]?.quickReplies.filter((reply) => reply.kind === 'say')).toEqual([]);
    expect(drafts.at(-1)).toMatchObject({ text: '还要问吗？', expectsInput: true });
    expect(drafts.at(-1)?.quickReplies.slice(0, 2)).toEqual([
      { kind: 'say', title: '是', value: '是' },
      { kind: 'say', title: '否', value: '否' },
    ]);
  });

  it('that the knowledge base has not is said so, and the flow goes on', async () => {
    const { drafts, outcome } = await talk(turnWith(), 'second', freshState(), '东澜区', '是');
    expect(outcome).toBe('flow_completed');
    expect(drafts[0]?.text).toContain('12345');
    expect(drafts[1]?.text).toContain('满 16 周岁');
  });
});

describe('[R-088] what one flow learnt', () => {
  it('the next takes over and says so; it counts more than what the channel knows', async () => {
    const first = await talk(turnWith(), 'first', freshState(), '西屏区');
    expect(first.state.facts).toEqual({ district: '西屏区' });
    const second = await talk(turnWith({ profile: { district: '东澜区' } }), 'second', first.state);
    expect(second.drafts[0]?.text).toBe('住处就按您之前说的“西屏区”，不对的话直接告诉我。');
    expect(second.state.flow?.asking).toBe('more');
    const known = await talk(turnWith({ profile: { district: '东澜区' } }), 'second');
    expect(known.drafts[0]?.text).toContain('东澜区');
  });
});

it('a question after a digression keeps its buttons and bears the bridge', () => {
  const draft = questionDraft({ kind: 'ask', slot: 'a', text: '甲？', options: [{ title: '是', value: '是' }], form: null }, '接着说：');
  expect(draft).toMatchObject({ text: '接着说：甲？', quickReplies: [{ kind: 'say', title: '是', value: '是' }], expectsInput: true });
});
