/** The three flows of the sample pack: sound, and nobody gets stuck in them whatever they say. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SampleBackends } from './backends.ts';
import type { KnownGuide } from './check.ts';
import { type FlowCommand, FlowEngine, type FlowState } from './engine.ts';
import { loadFlows } from './load.ts';
import { matchOption } from './slots.ts';
import { now, words } from './testing.ts';

const pack = fileURLToPath(new URL('../../knowledge/packs/anlan/', import.meta.url));
const guideFile = z.object({ guides: z.array(z.object({ id: z.string(), scenarios: z.array(z.object({ id: z.string() })).default([]) })) });

async function guides(): Promise<KnownGuide[]> {
  const files = (await readdir(path.join(pack, 'guides'))).filter((name) => name.endsWith('.yaml'));
  const sources = await Promise.all(files.map((file) => readFile(path.join(pack, 'guides', file), 'utf8')));
  return sources.flatMap((source) => guideFile.parse(parse(source)).guides);
}
const { flows, problems } = await loadFlows(path.join(pack, 'flows'), { guides: await guides() });
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
  it('load without a problem, one of each kind', () => {
    expect(problems).toEqual([]);
    expect(flows.map((flow) => [flow.id, flow.kind])).toEqual([
      ['id-card-materials', 'checklist'],
      ['progress-query', 'progress'],
      ['residence-permit-eligibility', 'eligibility'],
    ]);
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

describe('a random walker', () => {
  const slotIds = [...new Set(flows.flatMap((flow) => Object.keys(flow.slots))), 'nothing', '__proto__', 'case.found'];
  const known = flows.flatMap((flow) =>
    Object.values(flow.slots).flatMap((slot) => (slot.type === 'choice' ? slot.options.map((option) => option.label) : [])),
  );
  const value = fc.oneof(
    fc.constantFrom(
      ...known,
      '是',
      '没有',
      '不知道',
      '2',
      '35岁',
      'AL2026000101',
      'AL2026000103',
      '1101',
      '1103',
      '9999',
      '转人工',
      '',
      '不是丢了，是坏了',
    ),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  const command: fc.Arbitrary<FlowCommand> = fc.oneof(
    { weight: 5, arbitrary: value.map((raw): FlowCommand => ({ type: 'set_slot', slot: '?', value: raw })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom<'set_slot' | 'correct_slot'>('set_slot', 'correct_slot'), fc.constantFrom(...slotIds), value)
        .map(([type, slot, raw]): FlowCommand => ({ type, slot, value: raw })),
    },
    { weight: 1, arbitrary: fc.constant<FlowCommand>({ type: 'skip' }) },
  );
  const visit = fc.record({ flow: fc.constantFrom(...flows), turns: fc.array(fc.array(command, { maxLength: 4 }), { maxLength: 15 }) });

  /** A good answer for the open question: anybody can always finish. */
  const goodAnswer = (state: FlowState): string => {
    const slot = flows.find((flow) => flow.id === state.flow)?.slots[state.asking ?? ''];
    if (slot?.type === 'yes_no') return slot.noLabel;
    return slot?.type === 'choice' ? '1' : state.asking === 'receipt' ? 'AL2026000103' : '1103';
  };
  const finish = async (state: FlowState): Promise<number> => {
    let open: FlowState | null = state;
    let turns = 0;
    for (; open?.asking && turns < 10; turns += 1) {
      const command: FlowCommand = { type: 'set_slot', slot: open.asking, value: goodAnswer(open) };
      open = (await engine.input(open, [command])).state;
    }
    return turns;
  };

  it('never throws, loops or gets stuck, and every question says something', async () => {
    await fc.assert(
      fc.asyncProperty(visit, async ({ flow, turns }) => {
        let result = await engine.start(flow.id, {});
        for (const commands of turns) {
          if (!result.state) break;
          const asking = result.state.asking ?? '';
          result = await engine.input(
            result.state,
            commands.map((one) => ('slot' in one && one.slot === '?' ? { ...one, slot: asking } : one)),
          );
          expect(result.status).not.toBe('failed');
          expect(words(result).every((text) => text.trim() !== '' && !/undefined|\{[a-z]/i.test(text))).toBe(true);
          expect(result.status === 'asking').toBe(result.messages.at(-1)?.kind === 'ask');
          expect(JSON.parse(JSON.stringify(result.state))).toEqual(result.state);
          if (result.state) expect(engine.ask(result.state).messages).toHaveLength(1);
        }
        if (result.state) expect(await finish(result.state)).toBeLessThan(10);
      }),
      { numRuns: 400 },
    );
  });
});
