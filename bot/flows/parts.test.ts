/** Flows inside flows, defaults, taken-over values, districts, answers and wordings by channel. */
import { describe, expect, it } from 'vitest';
import { FlowEngine, type FlowResult, type FlowState } from './engine.ts';
import type { FlowSurroundings } from './expand.ts';
import type { NoticeMessage } from './notices.ts';
import { flowOf, head, now, office, sourceOf, words } from './testing.ts';

const sub = sourceOf(`${head('address', 3)}
slots:
  place: {type: district, label: 住处, ask: 住在哪个区？, prefill: {profile: district}}
  kind: {type: choice, label: 房子, ask: 房子是哪种？, options: [{value: own, label: 自己的}, {value: rent, label: 租的}]}
steps:
  - collect: place
  - collect: kind
  - branch: [{when: {slot: kind, is: own}, to: mine}]
  - say: 租在{place}。
  - end: completed
  - id: mine
    say: 住在{place}的自己家。
  - end: completed
`);
const main = `${head('move', 2)}
slots:
  rents: {type: yes_no, label: 租房, ask: 租房吗？}
  who: {type: choice, label: 谁, ask: 谁搬家？, optional: true, default: me, options: [{value: me, label: 我自己}, {value: family, label: 全家}]}
steps:
  - collect: who
  - collect: rents
  - branch: [{when: {slot: rents, is: false}, to: ask}]
  - flow: {flow: address, with: {kind: rent}}
  - goto: after
  - id: ask
    flow: {flow: address}
  - id: after
    say: "{who}，{address.place}，{address.kind}。"
  - branch: [{when: {slot: address.kind, is: own}, to: list}]
  - answer: {question: "{address.place}租房要登记吗"}
  - answer: {item: residence-permit}
  - id: list
    notice:
      title: "{who}搬到{address.place}"
      lead: police
      guides:
        - {guide: hukou-move-in, scenarios: [own], when: {slot: address.kind, is: own}}
        - {guide: residence-permit}
  - end: completed
`;
const around: FlowSurroundings = {
  flows: [sub],
  districts: ['东澜区', '西屏区'],
  departments: [{ id: 'police', name: '安澜市公安局' }],
};
const engine = new FlowEngine({ flows: [flowOf(main, around)], backends: office(), now });

function stateOf(result: FlowResult): FlowState {
  if (!result.state) throw new Error(`no state: ${words(result).join(' / ')}`);
  return result.state;
}
async function answers(...values: string[]): Promise<FlowResult> {
  let result = await engine.start('move', {});
  for (const value of values) {
    const { asking } = stateOf(result);
    result = await engine.input(stateOf(result), value === '跳过' ? [{ type: 'skip' }] : [{ type: 'set_slot', slot: asking ?? '', value }]);
  }
  return result;
}
const noticeIn = (result: FlowResult) => result.messages.find((message): message is NoticeMessage => message.kind === 'notice');

describe('[R-062] a flow inside a flow', () => {
  it('asks its own questions, says its own words, and the caller goes on with its answers', async () => {
    expect(stateOf(await answers('我自己', '不是')).asking).toBe('address.place');
    const result = await answers('我自己', '不是', '东澜', '自己的');
    expect(result.status).toBe('completed');
    expect(words(result)).toEqual(['住在东澜区的自己家。\n\n我自己，东澜区，自己的。', '[hukou-move-in:own residence-permit:]']);
  });

  it('is not asked what the caller gives it, and its branch follows', async () => {
    const result = await answers('我自己', '是', '西屏区');
    expect(result.status).toBe('completed');
    expect(words(result)).toEqual([
      '租在西屏区。\n\n我自己，西屏区，租的。',
      '[西屏区租房要登记吗]',
      '[residence-permit]',
      '[residence-permit:]',
    ]);
  });

  it('forgets what was given when the caller’s answer changes', async () => {
    const asked = await answers('我自己', '是');
    const corrected = await engine.input(stateOf(asked), [{ type: 'correct_slot', slot: 'rents', value: '不是' }]);
    const placed = await engine.input(stateOf(corrected), [{ type: 'set_slot', slot: 'address.place', value: '东澜区' }]);
    expect(stateOf(placed)).toMatchObject({ asking: 'address.kind' });
  });

  it('its version counts: a change in it carries conversations over', () => {
    expect(flowOf(main, around).version).toBe(2 + 3 + 3);
  });
});

describe('an optional question', () => {
  it('that is skipped takes its default, which is said', async () => {
    const start = await engine.start('move', {});
    expect(words(start).at(-1)).toContain('说“跳过”就按“我自己”算');
    expect(words(await answers('跳过', '是', '西屏区'))[0]).toContain('我自己，西屏区');
  });
});

describe('[R-088] what is known already', () => {
  it('is not asked again, said once, and open to correction', async () => {
    let result = await engine.start('move', {}, { profile: { district: '西屏' } });
    result = await engine.input(stateOf(result), [{ type: 'set_slot', slot: 'who', value: '全家' }]);
    result = await engine.input(stateOf(result), [{ type: 'set_slot', slot: 'rents', value: '不是' }]);
    expect(words(result)[0]).toBe('住处就按您之前说的“西屏区”，不对的话直接告诉我。');
    expect(stateOf(result).asking).toBe('address.kind');
    const corrected = await engine.input(stateOf(result), [{ type: 'correct_slot', slot: 'address.place', value: '东澜区' }]);
    expect(words(corrected)[0]).toBe('好的，已改为东澜区。');
    expect(words(corrected).join()).not.toContain('之前说的');
    expect(corrected.facts).toEqual({ district: '东澜区' });
  });

  it('gives way to what the opening message says, and is left out when it can’t be read', async () => {
    const said = await engine.start('move', { 'address.place': '东澜区' }, { profile: { district: '西屏区' } });
    expect(stateOf(said).slots).toEqual({ 'address.place': '东澜区' });
    for (const district of ['别的区', { name: '西屏区' }, null, undefined])
      expect(stateOf(await engine.start('move', {}, { profile: { district } })).slots).toEqual({});
    expect(stateOf(await engine.start('move', {}, { profile: JSON.parse('{"__proto__": {"district": "西屏区"}}') })).slots).toEqual({});
  });
});

describe('[R-072] a notice', () => {
  it('names the lead department, knows the district and can be made again from its reference', async () => {
    const notice = noticeIn(await answers('全家', '是', '西屏区'));
    expect(notice).toMatchObject({ title: '全家搬到西屏区', lead: '安澜市公安局', district: '西屏区' });
    expect(notice?.reference).toEqual({
      flow: 'move',
      nth: 0,
      answers: { who: 'family', 'address.place': '西屏区', 'address.kind': 'rent' },
    });
  });
});

describe('words by channel', () => {
  const source = `${head()}
slots:
  a: {type: yes_no, label: 甲, ask: {default: 办过没有？请选一个。, sms: 办过没有？}}
steps:
  - say: {default: 您好，我来帮您。, sms: 您好。, wechat: 微信您好。}
  - collect: a
  - end: completed
`;
  const spoken = new FlowEngine({ flows: [flowOf(source)], backends: office(), now });
  it.each([
    ['web', ['您好，我来帮您。', '办过没有？请选一个。']],
    ['sms', ['您好。', '办过没有？']],
    ['wechat-oa', ['微信您好。', '办过没有？请选一个。']],
    ['botframework', ['您好，我来帮您。', '办过没有？请选一个。']],
  ])('%s', async (channel, expected) => {
    const result = await spoken.start('demo', {}, { channel });
    expect(words(result)).toEqual(expected);
    expect(words(spoken.ask(stateOf(result), { channel }))).toEqual(expected.slice(1));
  });
});

it('a flow of sixty steps runs', async () => {
  const steps = Array.from({ length: 59 }, (_, i) => `  - say: 第${i}句`).join('\n');
  const long = new FlowEngine({ flows: [flowOf(`${head()}slots: {}\nsteps:\n${steps}\n  - end: completed\n`)], backends: office(), now });
  expect(await long.start('demo', {})).toMatchObject({ status: 'completed' });
});
