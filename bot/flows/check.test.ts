import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkFlow } from './check.ts';
import { loadFlows, readFlow } from './load.ts';
import { flowSchema } from './schema.ts';
import { demo, demoSlots, head, sourceOf } from './testing.ts';

const guides = [{ id: 'id-card', scenarios: [{ id: 'lost' }, { id: 'expired' }] }];
const only = `
slots:
  a: {type: choice, label: 甲, ask: 甲？, options: [{value: x, label: 子}, {value: y, label: 丑}]}
  n: {type: number, label: 数, ask: 数？}
`;
const problems = (steps: string, slots = only) =>
  checkFlow(sourceOf(`${head()}${slots}\nsteps:\n${steps}`), { guides }).map((one) => `${one.path}: ${one.message}`);

describe('[R-062] the flow linter', () => {
  it('finds nothing wrong with a sound flow', () => expect(checkFlow(sourceOf(demo), { guides })).toEqual([]));

  it.each([
    ['undefined slot', '  - collect: a\n  - collect: n\n  - collect: b\n  - end: completed', 'steps[2].collect: there is no slot b'],
    ['slot never asked', '  - collect: a\n  - end: completed', 'slots.n: slot n is never asked'],
    ['undefined step', '  - collect: a\n  - collect: n\n  - goto: x', 'steps[2].goto: there is no step x'],
    ['jump back', '  - id: s\n    collect: a\n  - collect: n\n  - goto: s', 'steps[2].goto: step s stands above: a jump may only lead on'],
    ['step id twice', '  - id: s\n    collect: a\n  - id: s\n    collect: n\n  - end: completed', 'steps[1].id: step id s is used twice'],
    [
      'unreachable',
      '  - collect: a\n  - collect: n\n  - end: completed\n  - say: 到不了\n  - end: completed',
      'steps[3]: no path leads to this step',
    ],
    ['dead end', '  - collect: a\n  - collect: n\n  - say: 完', 'steps[2]: dead end'],
    ['unknown placeholder', '  - collect: a\n  - collect: n\n  - say: "{b}"\n  - end: completed', 'steps[2].say: there is no slot b'],
    [
      'placeholder before the question',
      '  - say: "{a}"\n  - collect: a\n  - collect: n\n  - end: completed',
      'steps[0].say: a is not asked on any path',
    ],
    [
      'unknown call result',
      '  - collect: a\n  - collect: n\n  - say: "{case.x}"\n  - end: completed',
      'steps[2].say: no call puts its result into case',
    ],
    [
      'impossible value',
      '  - collect: a\n  - collect: n\n  - branch: [{when: {slot: a, is: z}, to: e}]\n  - id: e\n    end: completed',
      'steps[2].branch[0].when: a can never be "z"',
    ],
    [
      'nested condition',
      '  - collect: a\n  - collect: n\n  - branch: [{when: {all: [{not: {slot: a, gte: 3}}]}, to: e}]\n  - id: e\n    end: completed',
      'steps[2].branch[0].when.all[0].not: a is no number',
    ],
    ['unknown guide', '  - collect: a\n  - collect: n\n  - notice: {guide: g}\n  - end: completed', 'steps[2].notice: there is no guide g'],
    [
      'unknown scenario',
      '  - collect: a\n  - collect: n\n  - notice: {guide: id-card, scenarios: [z]}\n  - end: completed',
      'steps[2].notice: guide id-card has no scenario z',
    ],
    [
      'scenario of a slot',
      '  - collect: a\n  - collect: n\n  - notice: {guide: id-card, scenarios: {fromSlot: a}}\n  - end: completed',
      'guide id-card has no scenario x',
    ],
  ])('%s', (_, steps, expected) => expect(problems(steps).join('\n')).toContain(expected));

  it('finds words that stand for two options, and bounds the wrong way round', () => {
    const slots = only.replace('label: 丑', 'label: 丑, synonyms: [子]').replace('ask: 数？', 'ask: 数？, min: 5, max: 1');
    expect(problems('  - collect: a\n  - collect: n\n  - end: completed', slots)).toEqual([
      'slots.a.options[1]: "子" also stands for another option',
      'slots.n: min is above max',
    ]);
  });
});

describe('[R-062] the linter on what reaches outside the flow', () => {
  const inner = sourceOf(`${head('inner')}${only}\nsteps:\n  - collect: a\n  - collect: n\n  - end: completed\n`);
  const flowWith = (id: string, other: string) =>
    sourceOf(`${head(id)}slots: {}\nsteps:\n  - flow: {flow: ${other}}\n  - end: completed\n`);
  const around = {
    guides,
    items: ['id-card'],
    districts: ['东澜区'],
    departments: [{ id: 'police' }],
    flows: [
      inner,
      flowWith('x', 'y'),
      flowWith('y', 'x'),
      flowWith('self', 'self'),
      flowWith('d1', 'd2'),
      flowWith('d2', 'd3'),
      flowWith('d3', 'd4'),
      flowWith('d4', 'inner'),
    ],
  };
  const said = (steps: string, slots = only) =>
    checkFlow(sourceOf(`${head()}${slots}\nsteps:\n  - collect: a\n  - collect: n\n${steps}\n  - end: completed\n`), around)
      .map((one) => `${one.path}: ${one.message}`)
      .join('\n');

  it.each([
    [
      'a sound sub-flow',
      '  - flow: {flow: inner, with: {a: "{a}"}}\n  - say: "{inner.a}"\n  - branch: [{when: {slot: inner.n, gte: 3}, to: e}]\n  - say: 一\n  - {id: e, say: 二}',
      '',
    ],
    ['no such sub-flow', '  - flow: {flow: gone}', 'steps[2].flow: there is no flow gone'],
    ['a slot it has not', '  - flow: {flow: inner, with: {z: "1"}}', 'steps[2].flow.with.z: flow inner has no slot z'],
    ['an answer it has not', '  - flow: {flow: inner}\n  - say: "{inner.z}"', 'steps[3].say: flow inner has no slot z'],
    [
      'an answer before it ran',
      '  - say: "{inner.a}"\n  - flow: {flow: inner}',
      'steps[2].say: flow inner is not run on any path to this step',
    ],
    [
      'an impossible answer of it',
      '  - flow: {flow: inner}\n  - branch: [{when: {slot: inner.a, is: q}, to: e}]\n  - {id: e, say: 二}',
      'inner.a can never be "q"',
    ],
    ['a loop of flows', '  - flow: {flow: x}', 'the flow runs inside itself: x → y → x'],
    ['a flow in itself', '  - flow: {flow: self}', 'the flow runs inside itself: self → self'],
    ['too many levels', '  - flow: {flow: d1}', 'steps: more than 3 levels of sub-flows'],
    [
      'a notice of several',
      '  - notice: {title: "{a}", lead: police, guides: [{guide: id-card, scenarios: [lost], when: {slot: a, is: x}}, {guide: id-card}]}',
      '',
    ],
    [
      'an unknown lead',
      '  - notice: {title: 一, lead: navy, guides: [{guide: id-card}]}',
      'steps[2].notice.lead: pack.yaml has no department navy',
    ],
    [
      'an unknown guide among several',
      '  - notice: {title: 一, guides: [{guide: id-card}, {guide: g}]}',
      'steps[2].notice.guides[1]: there is no guide g',
    ],
    [
      'a condition in a notice',
      '  - notice: {title: 一, guides: [{guide: id-card, when: {slot: a, is: q}}, {guide: id-card}]}',
      'steps[2].notice.guides[0].when: a can never be "q"',
    ],
    [
      'a notice that can be empty',
      '  - notice: {title: 一, guides: [{guide: id-card, when: {slot: a, is: x}}]}',
      'the notice could be empty',
    ],
    ['an answer from nothing', '  - answer: {item: gone}', 'steps[2].answer.item: there is no item gone'],
    ['an answer to an unknown slot', '  - answer: {question: "{z}要多久"}', 'steps[2].answer.question: there is no slot z'],
  ])('%s', (_, steps, expected) => (expected === '' ? expect(said(steps)).toBe('') : expect(said(steps)).toContain(expected)));

  it.each([
    ['a default of no option', 'ask: 甲？', 'ask: 甲？, optional: true, default: q', 'slots.a.default: a can never be "q"'],
    ['a default that never holds', 'ask: 甲？', 'ask: 甲？, default: x', 'slots.a.default: a default needs optional: true'],
    ['a reference in a question', 'ask: 数？', 'ask: "{a}几个？"', "slots.n.ask: {a} can't stand in a question"],
    ['a reference in one wording', 'ask: 数？', 'ask: {default: 数？, sms: "{a}？"}', "slots.n.ask: {a} can't stand in a question"],
  ])('%s', (_, from, to, expected) => expect(said('', only.replace(from, to))).toContain(expected));

  it('a district the city has not, free text in a title', () => {
    const slots = `
slots:
  a: {type: district, label: 区, ask: 哪个区？}
  n: {type: text, label: 名, ask: 名？}
`;
    expect(said('  - branch: [{when: {slot: a, is: 火星区}, to: e}]\n  - {id: e, say: 二}', slots)).toContain('a can never be "火星区"');
    expect(said('  - notice: {title: "{n}的事", guides: [{guide: id-card}]}', slots)).toContain('a title may only name choices');
    const flow = sourceOf(`${head()}${slots}\nsteps:\n  - collect: a\n  - collect: n\n  - end: completed\n`);
    expect(checkFlow(flow, { districts: [] })).toEqual([{ path: 'slots.a', message: 'pack.yaml names no districts' }]);
    expect(checkFlow({ ...flow, owner: 'navy' }, around)).toEqual([{ path: 'owner', message: 'pack.yaml has no department navy' }]);
  });
});

describe('messages of the schema', () => {
  const messages = (source: string) =>
    readFlow(source)
      .problems.map((one) => `${one.path}: ${one.message}`)
      .join('\n');
  const flow = (steps: string) => `${head()}${demoSlots}\nsteps:\n${steps}`;
  it.each([
    ['a step of no kind', flow('  - {jump: x}'), /^steps\[0\]: a step is one of collect, say/],
    ['a wrong field in a step', flow('  - {say: 你好, color: red}'), /^steps\[0\]: Unrecognized key: "color"/],
    ['a wrong value in a step', flow('  - {collect: 5}'), /^steps\[0\]\.collect: /],
    ['a wrong value deep in a step', flow('  - {handoff: {reason: 急, urgency: now}}'), /^steps\[0\]\.handoff\.urgency: /],
    ['a condition of no kind', flow('  - {branch: [{when: {slot: a, equals: 1}, to: e}]}'), /^steps\[0\]\.branch\[0\]\.when: /],
    ['a choice without options', flow('  - end: completed').replace(/options: .*/, 'options: []'), /^slots\.reason\.options: /],
    ['an unknown slot type', flow('  - end: completed').replace('type: number', 'type: colour'), /^slots\.age\.type: /],
    [
      'a pattern that is none',
      flow('  - end: completed').replace('max: 50', 'pattern: "("'),
      /^slots\.note\.pattern: not a valid regular expression/,
    ],
    ['too few examples', flow('  - end: completed').replace('四, 五', '四'), /^examples: /],
    ['no YAML', 'id: [', /not valid YAML/],
    ['nothing', '', /./],
  ])('%s', (_, source, expected) => expect(messages(source)).toMatch(expected));

  it('is available as JSON Schema for editors', () => expect(() => z.toJSONSchema(flowSchema, { io: 'input' })).not.toThrow());
});

describe('loading a folder', () => {
  it('leaves out flows with problems and names their file; a missing folder has none', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'flows-'));
    try {
      await writeFile(path.join(dir, 'a.yaml'), demo);
      await writeFile(path.join(dir, 'b.yaml'), demo);
      await writeFile(path.join(dir, 'c.yml'), demo.replace('id: demo', 'id: other').replace('goto: list', 'goto: lost'));
      await writeFile(path.join(dir, 'notes.txt'), 'x');
      const { flows, problems } = await loadFlows(dir, { guides });
      expect(flows.map((flow) => flow.id)).toEqual(['demo']);
      expect(problems).toEqual([
        { file: 'b.yaml', path: 'id', message: 'another file already has the flow demo' },
        { file: 'c.yml', path: 'steps[13].goto', message: 'there is no step lost' },
      ]);
      await writeFile(path.join(dir, 'd.yaml'), `${head('outer')}slots: {}\nsteps:\n  - flow: {flow: other}\n  - end: completed\n`);
      expect((await loadFlows(dir, { guides })).problems.at(-1)).toEqual({
        file: 'd.yaml',
        path: 'steps',
        message: 'runs the flow other, which has problems',
      });
      expect(await loadFlows(path.join(dir, 'missing'))).toEqual({ flows: [], problems: [] });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
