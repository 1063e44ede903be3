/** The flows of the sample pack: sound, and each of the first three tells the right thing on every path. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTestPack } from '../../tests/support/pack.ts';
import { SampleBackends } from './backends.ts';
import { FlowEngine } from './engine.ts';
import { matchOption } from './slots.ts';
import { now, words } from './testing.ts';

const pack = fileURLToPath(new URL('../../knowledge/packs/anlan/', import.meta.url));
const { flows, flowProblems } = await loadTestPack();
const backends = await SampleBackends.load(path.join(pack, 'backends'), { now });
const engine = new FlowEngine({ flows, backends, now });

/** Runs a flow with one raw answer a turn; returns everything said. */
async function run(flow: string, ...answers: string[]): Promise<{ status: string; said: string }> {
  let result = await engine.start(flow, {});
  const said = words(result);
  for (const value of answers) {
    if (!result.state?.asking) break;
    result = await engine.input(result.state, [{ type: 'set_slot', slot: result.state.asking, value }]);
    said.push(...words(result));
  }
  return { status: result.status, said: said.join('\n') };
}

describe('[R-062] the flows of the sample pack', () => {
  it('load without a problem, some of each kind', () => {
    expect(flowProblems).toEqual([]);
    expect(new Set(flows.map((flow) => flow.kind))).toEqual(new Set(['checklist', 'eligibility', 'progress', 'one_thing']));
  });

  it.each([
    ['丢了', '35岁', '自己去', /\[id-card-reissue:lost\][\s\S]*窗口会同时登记丢失[\s\S]*有效期 20 年[\s\S]*受理回执/],
    ['不是丢了，是到期了', '46岁以上', '快递', /\[id-card-reissue:expired\][\s\S]*旧证先留着[\s\S]*长期有效[\s\S]*收件地址/],
    ['改名了，信息变了', '18', '家人', /\[id-card-reissue:info-change\][\s\S]*先把户口簿上的信息改好[\s\S]*10 年[\s\S]*代领/],
    ['坏了', '小孩', '1', /监护人陪孩子一起到场[\s\S]*\[id-card-reissue:damaged\][\s\S]*有效期 5 年/],
  ])('id card, %s, %s, %s', async (reason, age, pickup, expected) => {
    const { status, said } = await run('id-card-materials', reason, age, pickup);
    expect(status).toBe('completed');
    expect(said).toMatch(expected);
  });

  it.each([
    [['不在安澜', '办过', '满了', '我在这儿打工'], /符合申领居住证的条件[\s\S]*有稳定工作[\s\S]*\[residence-permit:first\]/, /还不能/],
    [['不在', '没有', '都没有'], /还不能申领[\s\S]*还没办居住登记[\s\S]*三样里至少要有一样[\s\S]*\[residence-permit:first\]/, /符合申领/],
    [['不在安澜', '办过', '还没满', '租房'], /还不能申领[\s\S]*还没满半年[\s\S]*\[residence-permit:first\]/, /三样里至少/],
    [['在安澜'], /不用办居住证/, /\[residence-permit/],
  ])('residence permit, %j', async (answers, expected, never) => {
    const { status, said } = await run('residence-permit-eligibility', ...answers);
    expect(status).toBe('completed');
    expect(said).toMatch(expected);
    expect(said).not.toMatch(never);
  });

  it('[R-066] progress: which stage, what next, by when, marked as sample data', async () => {
    const found = await run('progress-query', 'AL2026000102', '1102');
    expect(found.status).toBe('completed');
    expect(found.said).toMatch(/演示数据[\s\S]*现在：\*\*审查\*\*[\s\S]*下一步：[\s\S]*预计办好：2026年3月8日[\s\S]*公积金/);
    expect(await run('progress-query', 'AL2026000103', '1103', '要')).toMatchObject({
      status: 'handed_over',
      said: expect.stringContaining('补正'),
    });
    expect(await run('progress-query', 'AL2026000102', '0000', '不用了')).toMatchObject({
      status: 'completed',
      said: expect.stringContaining('没有查到'),
    });
  });

  it('a mistyped receipt is corrected where it was missed', async () => {
    const start = await engine.start('progress-query', { receipt: 'AL2026000108', phoneTail: '1101' });
    if (!start.state) throw new Error('over');
    const again = await engine.input(start.state, [{ type: 'set_slot', slot: 'receipt', value: 'AL2026000101' }]);
    expect(again.status).toBe('completed');
    expect(words(again).join('\n')).toMatch(/已改为AL2026000101[\s\S]*居民身份证丢失补领/);
  });

  it('an opening sentence about somebody else fills in nothing wrong', () => {
    const card = flows.find((flow) => flow.id === 'id-card-materials');
    const given = (text: string) =>
      Object.fromEntries(Object.entries(card?.slots ?? {}).map(([id, slot]) => [id, matchOption(slot, text)]));
    expect(given('我老婆的身份证丢了')).toEqual({ reason: 'lost', age: undefined, pickup: undefined });
    expect(given('我儿子身份证过期了')).toEqual({ reason: 'expired', age: undefined, pickup: undefined });
    expect(given('帮我列一份身份证材料清单')).toEqual({ reason: undefined, age: undefined, pickup: undefined });
  });
});
