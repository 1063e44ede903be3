import { expect, it } from 'vitest';
import { expandFlow } from '../../bot/flows/expand.ts';
import { flowSchema } from '../../bot/flows/schema.ts';
import type { Heard } from '../talk.ts';
import { seenSteps } from './flow-steps.ts';

const flow = expandFlow(
  flowSchema.parse({
    id: 'inspection',
    version: 1,
    name: '验车',
    description: '要不要验车',
    owner: 'police',
    kind: 'one_thing',
    examples: ['我要验车', '车要年检了', '验车要办什么', '带我验车', '车检一步一步办'],
    slots: { years: { type: 'number', label: '几年', ask: '上牌几年了？' } },
    steps: [{ collect: 'years' }, { say: '小客车**满 {years} 年不用办**，手机上领就行。' }, { end: 'completed' }],
  }),
);

const heard = (text: string): Heard =>
  ({
    text,
    turn: { commands: [{ type: 'start_flow', flow: 'inspection' }], citations: [], outcome: 'in_flow', reason: null },
    state: { flow: null },
    events: [],
  }) as unknown as Heard;

it.each([
  ['with its marks', '小客车**满 3 年不用办**，手机上领就行。', ['inspection/2']],
  ['on a channel without Markdown', '小客车满 3 年不用办，手机上领就行。', ['inspection/2']],
  ['not when something else is said', '小客车满 3 年要办。', []],
])('[R-050] a step that says emphasised words is seen: %s', (_, text, expected) =>
  expect(seenSteps([flow], heard(text), undefined)).toEqual(expected),
);
