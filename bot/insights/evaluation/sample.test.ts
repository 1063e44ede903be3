import { describe, expect, it } from 'vitest';
import type { ConversationFacts } from '../facts.ts';
import { drawSample, MERGED } from './sample.ts';

const at = Date.parse('2026-03-10T10:00:00+08:00');
const talks = (count: number, prefix: string, channel: string, item?: string): ConversationFacts[] =>
  Array.from({ length: count }, (_, index) => {
    const id = `${prefix}-${index}`;
    const turn = { id, conversationId: id, inboxId: index, outcome: 'answered' as const, itemIds: item === undefined ? [] : [item], at };
    return { id, channel, startedAt: at, turns: [turn], handoffs: [], score: null };
  });
const options = { seed: 's', size: 1000, departmentOf: (id: string) => (id === 'id-card' ? '公安局' : '档案局') };

describe('[R-142] a sample without anybody who could be recognised', () => {
  it('what fewer than five share is merged, and left out where even that is too rare', () => {
    const facts = [
      ...talks(9, 'a', 'web', 'id-card'),
      ...talks(5, 'b', 'web', 'archive'),
      ...talks(4, 'c', 'web', 'rare'),
      ...talks(3, 'd', 'sms', 'id-card'),
    ];
    const { rows, leftOut } = drawSample(facts, {
      ...options,
      departmentOf: (id) => ({ 'id-card': '公安局', archive: '档案局', rare: '气象局' })[id],
    });
    const count = (channel: string, department: string) =>
      rows.filter((row) => row.channel === channel && row.department === department).length;
    expect([count('web', '公安局'), count('web', '档案局')]).toEqual([9, 5]);
    // The four of one bureau and the three of one channel are only alike when all that tells them apart is gone.
    expect(count(MERGED, MERGED)).toBe(7);
    expect(leftOut).toBe(0);
    expect(drawSample(talks(4, 'e', 'sms', 'id-card'), options)).toEqual({ rows: [], leftOut: 4 });
  });

  it('every mix of features that is shown is shared by five or more conversations of the period, whatever is drawn', () => {
    const facts = ['web', 'sms', 'wechat-oa'].flatMap((channel, i) =>
      ['id-card', 'x', undefined].flatMap((item, j) => talks(i * 3 + j * 2, `${channel}${j}`, channel, item)),
    );
    const { rows } = drawSample(facts, options);
    const shared = new Map<string, number>();
    for (const { month, channel, department } of rows) {
      const key = JSON.stringify([month, channel, department]);
      shared.set(key, (shared.get(key) ?? 0) + 1);
    }
    expect(Math.min(...shared.values())).toBeGreaterThanOrEqual(5);
  });

  it('the same seed draws the same ones, another seed others; no id, no day, no words come out', () => {
    const facts = Array.from({ length: 50 }, (_, i) => ({
      ...(talks(1, `talk-${i}`, 'web', 'id-card')[0] as ConversationFacts),
      score: (i % 5) + 1,
    }));
    const draw = (seed: string) => drawSample(facts, { ...options, seed, size: 20 }).rows;
    expect(draw('a')).toEqual(draw('a'));
    expect(drawSample(facts.toReversed(), { ...options, seed: 'a', size: 20 }).rows).toEqual(draw('a'));
    expect(draw('a').length).toBe(20);
    expect(draw('a')).not.toEqual(draw('b'));
    expect(JSON.stringify(draw('a'))).not.toMatch(/talk-|2026-03-/);
  });
});
