/** Recall and precision on sentences that were written before the rules were looked at; half of them were never looked at since. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../knowledge/text/normalise.ts';
import { screen } from './screen.ts';
import { toneOf } from './tone.ts';

interface Row {
  readonly text: string;
  readonly family?: string;
  readonly says?: string;
  readonly rule?: string;
  readonly expect: string;
  readonly slices?: { readonly part?: string };
}
const rows = readFileSync(new URL('../../eval/suites/anlan/data/safety.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

describe('[R-009] emergencies that nobody listed', () => {
  it.each(['dev', 'held_out'])('%s: nearly all are caught, with the right number, and nearly no ordinary question is', (part) => {
    const of = (family: string) => rows.filter((row) => row.family === family && row.slices?.part === part);
    const dangers = of('emergency_fresh');
    const near = of('emergency_near_fresh');
    expect([dangers.length, near.length]).toEqual([30, 30]);
    const caught = dangers.filter(({ text }) => screen(text).kind === 'emergency').length;
    const right = dangers.filter(({ text, says = '' }) => {
      const verdict = screen(text);
      return verdict.kind === 'emergency' && new RegExp(says).test(verdict.text);
    }).length;
    const wrong = near.filter(({ text }) => screen(text).kind === 'emergency').map(({ text }) => text);
    console.info(`${part}: caught ${caught}/${dangers.length}, right number ${right}, false alarms ${wrong.length}/${near.length}`);
    expect(caught).toBeGreaterThanOrEqual(29);
    expect(right).toBeGreaterThanOrEqual(28);
    expect(wrong.length).toBeLessThanOrEqual(1);
  });

  it('a long letter that tells of a past danger is a letter', () => {
    const story = '我们小区的消防通道一直被占，去年三号楼着火，消防车开不进来，物业至今没有处理，业主们多次反映都没有结果。'.repeat(4);
    expect(screen(story).kind).toBe('pass');
    expect(screen(`${story}我现在不想活了，药都准备好了。`)).toMatchObject({ kind: 'emergency', rule: 'self_harm' });
  });
});

describe('[R-005] every matter with another door, and what only sounds like one', () => {
  it.each(
    rows.filter(({ family }) => family === 'door' || family === 'door_near' || family === 'morals').map((row) => [row.text, row] as const),
  )('%s', (text, row) => {
    const verdict = screen(text);
    expect(verdict.kind === 'pass' ? 'pass' : verdict.rule).toBe(row.expect === 'answer' ? 'pass' : row.rule);
  });
});

describe('a message can not be made slow', () => {
  const words = [
    '我',
    '要',
    '老板',
    '一',
    '的',
    '查',
    '看',
    '没有',
    '帮我',
    '孩子',
    '在',
    '正',
    '火',
    '刀',
    '水',
    '药',
    '房东',
    '，',
    '电话',
    '公司',
  ];
  it('however its words are repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 600 }), (unit, times) => {
        const text = unit.join('').repeat(times).slice(0, 4000);
        screen(text);
        toneOf(normalise(text));
        return true;
      }),
      { numRuns: 150 },
    );
    for (const unit of ['我要老板一', '查查', '看看', '孩子孩子', '有人在', '他的的', '帮我查邻居家'])
      expect(['pass', 'not_accepted', 'emergency', 'prohibited']).toContain(screen(unit.repeat(800).slice(0, 4000)).kind);
  });
});
