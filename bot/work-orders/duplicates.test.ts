import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachEngine } from '../store/testing/engines.ts';
import { suggestDepartments } from './departments.ts';
import { likeness, sameMatter, suggestDuplicates, WINDOW_MS } from './duplicates.ts';
import { labelledPairs } from './testing/matters.ts';
import { agent, type Office, openOffice, supervisor } from './testing/office.ts';

describe('[R-117] the same matter brought again', () => {
  const measured = (held: boolean) => {
    const looked = labelledPairs.filter((pair) => pair.held === held).map((pair) => ({ ...pair, said: sameMatter(pair.a, pair.b).same }));
    const right = looked.filter(({ same, said }) => same && said).length;
    const precision = right / Math.max(1, looked.filter(({ said }) => said).length);
    const recall = right / looked.filter(({ same }) => same).length;
    console.log(
      `duplicates, ${held ? 'held-out' : 'tuning'} pairs (${looked.length}): precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`,
    );
    for (const { a, b, same, said } of looked.filter((pair) => pair.same !== pair.said)) {
      console.log(
        `  ${same ? 'missed' : 'wrongly joined'} (${sameMatter(a, b).score.toFixed(2)}, said ${said}): ${a.detail} | ${b.detail}`,
      );
    }
    return { precision, recall };
  };
  it('is found on labelled pairs, and different matters are kept apart', () => {
    const tuning = measured(false);
    expect(tuning.precision).toBeGreaterThanOrEqual(0.9);
    expect(tuning.recall).toBeGreaterThanOrEqual(0.8);
    const held = measured(true);
    expect(held.precision).toBeGreaterThanOrEqual(0.9);
    expect(held.recall).toBeGreaterThanOrEqual(0.7);
  });

  it('likeness is between 0 and 1, the same both ways, and 1 for the same words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const score = likeness(a, b);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-9);
        expect(likeness(b, a)).toBeCloseTo(score, 12);
      }),
    );
    expect(likeness('路灯不亮', '路灯，不亮！')).toBeCloseTo(1, 12);
    expect(likeness('', '路灯')).toBe(0);
  });
});

describe('[R-118] the suggested department', () => {
  it('is that of what was found for the matter, the best finds counting most', () => {
    const suggested = suggestDepartments([
      { department: '城管局', score: 0.9 },
      { department: '住建局', score: 0.8 },
      { score: 0.8 },
      { department: '城管局', score: 0.5 },
      { department: '交通局', score: 0.1 },
      { department: '民政局', score: 0 },
    ]);
    expect(suggested.map(({ department }) => department)).toEqual(['城管局', '住建局', '交通局']);
    expect(suggested.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(suggestDepartments([])).toEqual([]);
    expect(suggestDepartments([{ score: 1 }])).toEqual([]);
  });
});

let office: Office;
onEachEngine('suggested duplicates', (store) => {
  beforeEach(async () => {
    office = openOffice(store().database, { rate: 0 });
    await office.arrive('c1');
  });

  it('come from the last thirty days, most alike first, without the order itself; linking is a person’s act', async () => {
    const old = await office.take({ detail: '幸福路 3 号门口路灯不亮', place: '幸福路 3 号' });
    office.clock.now += WINDOW_MS + 1000;
    const first = await office.take({ detail: '幸福路 3 号门口路灯不亮', place: '幸福路 3 号' });
    office.clock.now += 1000;
    await office.take({ detail: '公积金怎么提取', title: '公积金', citizenKey: 'web:else' });
    const again = await office.take({ detail: '幸福路 3 号门口的路灯还是不亮', place: '幸福路3号', citizenKey: 'web:else' });
    const suggested = await suggestDuplicates(store().db, again, office.clock.now);
    expect(suggested.map(({ order }) => order.number)).toEqual([first.number]);
    expect(suggested.map(({ order }) => order.number)).not.toContain(old.number);
    const linked = await office.orders.act(again.id, { action: 'link', duplicateOf: first.number }, supervisor);
    expect(linked).toMatchObject({ order: { duplicateOf: first.number, state: 'received' } });
    expect(await suggestDuplicates(store().db, { ...first, id: 'another' }, office.clock.now)).toHaveLength(1);
    expect(await office.orders.act(first.id, { action: 'link' }, agent)).toMatchObject({ refused: { code: 'missing' } });
  });
});
