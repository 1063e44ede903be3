import { describe, expect, it } from 'vitest';
import type { FlowBackends } from './backends.ts';
import { type FlowCommand, FlowEngine, type FlowResult, type FlowState } from './engine.ts';
import { demo, demoSlots, engineOf, flowOf, head, now, office, words } from './testing.ts';

const set = (slot: string, value: string): FlowCommand => ({ type: 'set_slot', slot, value });
const correct = (slot: string, value: string): FlowCommand => ({ type: 'correct_slot', slot, value });
const skip: FlowCommand = { type: 'skip' };

function stateOf(result: FlowResult): FlowState {
  if (!result.state) throw new Error(`no state: ${result.status} ${words(result).join(' / ')}`);
  return result.state;
}
const lastAsk = (result: FlowResult) => {
  const message = result.messages.at(-1);
  if (message?.kind !== 'ask') throw new Error('nothing is asked');
  return message;
};
async function through(engine: FlowEngine, given: Record<string, string>, ...turns: FlowCommand[][]): Promise<FlowResult> {
  let result = await engine.start('demo', given);
  for (const commands of turns) result = await engine.input(stateOf(result), commands);
  return result;
}

describe('a flow from start to end', () => {
  it('says, asks with reason and quick replies, branches, calls, notices and ends', async () => {
    const backends = office();
    const engine = engineOf(demo, backends);
    let result = await engine.start('demo', {});
    expect(result).toMatchObject({
      status: 'asking',
      state: { flow: 'demo', version: 1, asking: 'reason', attempts: 0, startedAt: now() },
    });
    expect(words(result)).toEqual(['开始。', '是哪种情况？\n材料不一样。']);
    expect(lastAsk(result).options).toEqual([
      { title: '丢了', value: '丢了' },
      { title: '到期了', value: '到期了' },
    ]);
    result = await engine.input(stateOf(result), [set('reason', '丢了')]);
    expect(words(result)).toEqual(['原因：丢了。', '报失了吗？']);
    result = await engine.input(stateOf(result), [set('reported', '报了吧，是的')]);
    result = await engine.input(stateOf(result), [set('age', '三十五')]);
    result = await engine.input(stateOf(result), [set('phone', '13800138000')]);
    expect(words(result)).toEqual(['还有什么要说的？\n这一项可以不填，说“跳过”就行。']);
    result = await engine.input(stateOf(result), [skip]);
    expect(result).toMatchObject({ status: 'completed', state: null });
    expect(words(result)).toEqual(['找到张三的证，电话138＊＊＊＊8000，备注未提供。', '[id-card:lost]']);
    expect(backends.calls).toEqual([{ phone: '13800138000', why: 'lost' }]);
  });

  it('does not ask what was given at the start, and asks what could not be read', async () => {
    const result = await engineOf(demo).start('demo', { reason: '到期了', age: '很大', phone: '13800138000', nothing: 'x' });
    expect(stateOf(result)).toMatchObject({ asking: 'age', slots: { reason: 'expired', phone: '13800138000' } });
  });

  it('hands over with reason, skill and urgency', async () => {
    const result = await through(engineOf(demo), { reason: 'expired', age: '8', phone: '13800138000' }, [skip]);
    expect(result).toMatchObject({ status: 'handed_over', state: null });
    expect(result.messages.at(-1)).toEqual({ kind: 'handoff', reason: '8岁的孩子', skill: '户籍', urgency: 'sub_urgent' });
  });

  it('an unknown flow fails with honest words', async () => {
    const engine = engineOf(demo);
    expect(await engine.start('nothing', {})).toMatchObject({ status: 'failed', state: null });
    const state = stateOf(await engine.start('demo', {}));
    expect(await engine.input({ ...state, flow: 'gone' }, [])).toMatchObject({ status: 'failed' });
    expect(engine.ask({ ...state, flow: 'gone' })).toMatchObject({ status: 'failed' });
  });
});

describe('an answer that can not be used', () => {
  it('is asked again with the reason and help; after three a person and the way out are offered', async () => {
    const engine = engineOf(demo);
    let result = await engine.start('demo', {});
    for (const attempts of [1, 2, 3]) {
      result = await engine.input(stateOf(result), [set('reason', '随便')]);
      expect(stateOf(result)).toMatchObject({ asking: 'reason', attempts });
      expect(lastAsk(result).text).toMatch(/^没对上选项[\s\S]*是哪种情况？\n选最接近的。/);
      expect(lastAsk(result).text.includes('转人工')).toBe(attempts === 3);
    }
    expect(lastAsk(result).text).toContain('取消');
    expect(lastAsk(result).options.map((option) => option.value)).toEqual(['丢了', '到期了', '转人工', '取消']);
    result = await engine.input(stateOf(result), [set('reason', '丢了')]);
    expect(stateOf(result)).toMatchObject({ asking: 'reported', attempts: 0 });
  });

  it('an optional question is skipped, others say why they are needed', async () => {
    const engine = engineOf(demo);
    const result = await through(engine, { reason: 'expired' }, [skip]);
    expect(lastAsk(result).text).toMatch(/^这一项跳不过去：小孩要监护人陪着。\n几岁？/);
    expect(stateOf(result)).toMatchObject({ asking: 'age', attempts: 1 });
  });

  it('ask repeats the open question and changes nothing', async () => {
    const engine = engineOf(demo);
    const state = stateOf(await engine.start('demo', { reason: 'lost' }));
    expect(engine.ask(state)).toMatchObject({ status: 'asking', state, messages: [{ kind: 'ask', slot: 'reported', text: '报失了吗？' }] });
    expect(await engine.input(state, [])).toMatchObject({ state, messages: [{ kind: 'ask', slot: 'reported' }] });
    expect(await engine.input(state, [set('nothing', 'x')])).toMatchObject({ state });
  });
});

describe('a correction', () => {
  it('is confirmed, changes the path and drops answers that no longer apply', async () => {
    const engine = engineOf(demo);
    const asked = await through(engine, { reason: 'lost' }, [set('reported', '是')], [set('age', '30')]);
    const result = await engine.input(stateOf(asked), [correct('reason', '不是丢了，是到期了')]);
    expect(words(result)[0]).toBe('好的，已改为到期了。\n\n原因：到期了。');
    expect(stateOf(result)).toMatchObject({ asking: 'phone', slots: { reason: 'expired', age: 30 } });
    expect(stateOf(result).slots).not.toHaveProperty('reported');
    const back = await engine.input(stateOf(result), [correct('reason', '丢了')]);
    expect(stateOf(back)).toMatchObject({ asking: 'reported', slots: { reason: 'lost', age: 30 } });
  });

  it('repeats nothing that was said before', async () => {
    const engine = engineOf(demo);
    const asked = await through(engine, { reason: 'expired' }, [set('age', '30')]);
    expect(words(await engine.input(stateOf(asked), [correct('age', '31')]))).toEqual(['好的，已改为31。', '电话多少？']);
  });

  it('of a question not asked yet sets it, and a second value for an answered one is a correction', async () => {
    const engine = engineOf(demo);
    const early = await engine.input(stateOf(await engine.start('demo', {})), [correct('age', '40')]);
    expect(stateOf(early)).toMatchObject({ asking: 'reason', slots: { age: 40 } });
    const later = await engine.input(stateOf(await through(engine, { reason: 'expired' }, [set('age', '30')])), [set('age', '31')]);
    expect(words(later)[0]).toBe('好的，已改为31。');
  });

  it('that can not be read keeps the old value and says why', async () => {
    const engine = engineOf(demo);
    const asked = await through(engine, { reason: 'expired' }, [set('age', '30')]);
    const result = await engine.input(stateOf(asked), [correct('age', '300')]);
    expect(words(result)[0]).toContain('不能大于 120');
    expect(stateOf(result)).toMatchObject({ asking: 'phone', attempts: 0, slots: { age: 30 } });
  });

  it('shows personal data masked', async () => {
    const asked = await through(engineOf(demo), { reason: 'expired' }, [set('age', '30')], [set('phone', '13800138000')]);
    const result = await engineOf(demo).input(stateOf(asked), [correct('phone', '13900139000')]);
    expect(words(result)[0]).toBe('好的，已改为139＊＊＊＊9000。');
  });
});

describe('forms', () => {
  it('carries the open slot and the questions right after it, with field checks', async () => {
    const asked = lastAsk(await engineOf(demo).start('demo', { reason: 'expired' }));
    expect(asked.options).toEqual([]);
    expect(asked.form).toMatchObject({
      type: 'AdaptiveCard',
      version: '1.5',
      actions: [{ type: 'Action.Submit', data: { wenbanForm: 'age' } }],
    });
    const inputs = asked.form?.body.filter((part) => part.type !== 'TextBlock');
    expect(inputs).toMatchObject([
      { type: 'Input.Number', id: 'age', label: '年龄', isRequired: true, min: 0, max: 120 },
      { type: 'Input.Text', id: 'phone', style: 'tel', isRequired: true },
      { type: 'Input.Text', id: 'note', isRequired: false, maxLength: 50 },
    ]);
  });

  it('choices and yes/no have quick replies and no form', async () => {
    expect(lastAsk(await engineOf(demo).start('demo', {})).form).toBeNull();
  });

  it('one submission fills several slots; an empty optional field is skipped; a wrong one is asked again', async () => {
    const engine = engineOf(demo);
    const state = stateOf(await engine.start('demo', { reason: 'expired' }));
    const done = await engine.input(state, [set('age', '30'), set('phone', '13800138000'), set('note', '')]);
    expect(done.status).toBe('completed');
    const wrong = await engine.input(state, [set('age', '30'), set('phone', '138'), set('note', '')]);
    expect(words(wrong)[0]).toContain('不像一个电话号码');
    expect(stateOf(wrong)).toMatchObject({ asking: 'phone', slots: { age: 30, note: '' } });
  });
});

describe('what must never happen', () => {
  const ready = { reason: 'expired', age: '30', phone: '13800138000' };
  const failing: Record<string, FlowBackends['call']> = {
    'throws at once': () => {
      throw new Error('boom');
    },
    rejects: async () => Promise.reject(new Error('boom')),
    'says no': async () => ({ ok: false, message: '系统维护到明天。' }),
    'never answers': () => new Promise(() => {}),
  };
  it.each(Object.entries(failing))('a back end that %s ends in an honest message with the phone', async (_, call) => {
    const result = await through(engineOf(demo, { call }), ready, [skip]);
    expect(result).toMatchObject({ status: 'completed', state: null });
    expect(words(result).join()).toMatch(/12345/);
  });

  it('the same call is not made twice in a conversation', async () => {
    const backends = office();
    const looping = demo
      .replace('  - end: completed', '  - collect: reported\n  - end: completed')
      .replace('  - collect: reported\n  - id: ages', '  - id: ages');
    const engine = engineOf(looping, backends);
    const asked = await through(engine, ready, [skip]);
    expect(stateOf(asked).asking).toBe('reported');
    await engine.input(stateOf(asked), [set('reported', '随便吧')]);
    expect(backends.calls).toHaveLength(1);
    await engine.input(stateOf(asked), [correct('phone', '13900139000')]);
    expect(backends.calls).toHaveLength(2);
  });

  it('a loop is cut off', async () => {
    const result = await engineOf(`${head()}${demoSlots}\nsteps:\n  - id: a\n    say: 一\n  - goto: a\n`).start('demo', {});
    expect(result).toMatchObject({ status: 'failed', state: null, messages: [{ kind: 'say' }] });
    expect(words(result).join()).toContain('12345');
  });

  it('a jump to nowhere fails, running off the end completes', async () => {
    expect(await engineOf(`${head()}${demoSlots}\nsteps:\n  - goto: nowhere\n`).start('demo', {})).toMatchObject({ status: 'failed' });
    expect(await engineOf(`${head()}${demoSlots}\nsteps:\n  - say: 好\n`).start('demo', {})).toMatchObject({ status: 'completed' });
  });

  it('what a citizen typed can not make links in what the bot says', async () => {
    const result = await through(engineOf(demo), ready, [set('note', '[点我](https://evil.example) **x**')]);
    expect(words(result)[0]).toContain('备注［点我］(https://evil.example) ＊＊x＊＊。');
  });
});

describe('a new version of the flow', () => {
  it('takes over the answers that still fit, says so, and repeats what was said', async () => {
    const asked = await through(engineOf(demo), { reason: 'lost' }, [set('reported', '是')]);
    const newer = demo
      .replace('version: 1', 'version: 2')
      .replace('{value: lost, label: 丢了}', '{value: stolen, label: 被偷了}')
      .replace('  - say: 开始。', '  - say: 新的开始。');
    const result = await engineOf(newer).input(stateOf(asked), [set('age', '30')]);
    expect(words(result)[0]).toBe('这项指引刚刚更新过，您之前的回答我都留着，我们接着来。\n\n新的开始。');
    expect(stateOf(result)).toMatchObject({ version: 2, asking: 'reason', slots: { age: 30, reported: true } });
  });

  it('ask works across versions, and is honest when the question is gone', async () => {
    const state = stateOf(await through(engineOf(demo), { reason: 'lost' }));
    const moved = flowOf(demo.replace('version: 1', 'version: 2').replace('  - say: 开始。\n', ''));
    expect(new FlowEngine({ flows: [moved], backends: office(), now }).ask(state)).toMatchObject({
      status: 'asking',
      messages: [{ slot: 'reported' }],
    });
    const gone = engineOf(`${head('demo', 3)}${demoSlots}\nsteps:\n  - collect: age\n  - end: completed\n`);
    expect(gone.ask(state)).toMatchObject({ status: 'failed' });
  });
});
