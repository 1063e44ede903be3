import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkFlow } from './check.ts';
import { loadFlows, readFlow } from './load.ts';
import { flowSchema } from './schema.ts';
import { demo, demoSlots, flowOf, head } from './testing.ts';

const guides = [{ id: 'id-card', scenarios: [{ id: 'lost' }, { id: 'expired' }] }];
const only = `
slots:
  a: {type: choice, label: 甲, ask: 甲？, options: [{value: x, label: 子}, {value: y, label: 丑}]}
  n: {type: number, label: 数, ask: 数？}
`;
const problems = (steps: string, slots = only) =>
  checkFlow(flowOf(`${head()}${slots}\nsteps:\n${steps}`), { guides }).map((one) => `${one.path}: ${one.message}`);

describe('[R-062] the flow linter', () => {
  it('finds nothing wrong with a sound flow', () => expect(checkFlow(flowOf(demo), { guides })).toEqual([]));

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
      expect(await loadFlows(path.join(dir, 'missing'))).toEqual({ flows: [], problems: [] });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
