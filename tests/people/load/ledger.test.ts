import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../bot/activity.ts';
import { Ledger, tagOf, type Views, violations } from './ledger.ts';
import { gini } from './report.ts';

/** Two conversations; in c1 the agent Li joins, both speak, Li is gone again. */
function talk() {
  const ledger = new Ledger();
  const first = ledger.begin('citizen', 'citizen1', 'c1', '在吗');
  const answer = ledger.begin('agent', 'li', 'c1', '您好');
  const second = ledger.begin('citizen', 'citizen1', 'c1', '谢谢');
  const other = ledger.begin('citizen', 'citizen2', 'c2', '你好');
  for (const { entry } of [first, answer, second, other]) entry.outcome = 'accepted';
  let ids = 0;
  const activity = (rest: Partial<Activity>): Activity => ({ type: 'message', id: `a${++ids}`, from: { id: 'x', role: 'user' }, ...rest });
  const status = (state: string, agent?: string): Activity =>
    activity({ type: 'event', name: 'handoff.status', from: { id: 'wenban', role: 'bot' }, value: { state, agent } });
  const human = (text: string, name = 'Li') =>
    activity({ text, from: { id: 'agent', name, role: 'bot' }, channelData: { origin: 'human' } });
  const c1 = [
    activity({ text: first.text }),
    status('accepted', 'Li'),
    human(answer.text),
    activity({ text: second.text }),
    status('completed'),
  ];
  const c2 = [activity({ text: other.text })];
  const same = (log: Activity[]): Views => ({ citizen: log, live: log, desk: log });
  const compare = (one: Views, two: Views = same(c2)) => violations(ledger.said, new Map(Object.entries({ c1: one, c2: two })));
  return { ledger, c1, c2, same, compare, human, answer, activity };
}

describe('the comparison of a load run', () => {
  it('finds nothing in a good run, and counts no quotation by the bot', () => {
    const { compare, same, c1, activity, answer } = talk();
    const quoting = activity({
      text: `没有找到“${answer.text}”`,
      from: { id: 'wenban', role: 'bot' },
      channelData: { origin: 'template' },
    });
    expect(compare(same([...c1, quoting]))).toEqual([]);
    expect(tagOf(quoting)).toBeUndefined();
  });

  it('finds what is lost for one reader only, doubled, crossed, or in another order', () => {
    const { compare, same, c1, c2, human, answer } = talk();
    const [said, joined, answered, thanks, ended] = c1 as [Activity, Activity, Activity, Activity, Activity];
    expect(compare({ ...same(c1), live: [said, joined, thanks, ended] }).join()).toMatch(/lost: li-1 in c1 \(live\)/);
    expect(compare(same([said, joined, answered, answered, thanks, ended])).join()).toMatch(/doubled: li-1.*doubled: activity/);
    expect(compare(same([said, joined, human(answer.text), answered, thanks, ended])).join()).toMatch(/doubled: li-1/);
    expect(compare(same(c1), same([...c2, thanks])).join()).toMatch(/crossed: citizen1-2 stands in c2/);
    expect(compare(same([thanks, joined, answered, said, ended])).join()).toMatch(/out of order: citizen1-2/);
    expect(compare(same([said, joined, thanks, ended, answered])).join()).toMatch(/crossed: Li spoke in c1, which nobody had/);
    expect(compare(same([said, joined, { ...answered, from: { id: 'agent', name: 'Wang' } }, thanks, ended])).join()).toMatch(
      /Wang spoke in c1, which Li had/,
    );
    expect(compare({ ...same(c1), desk: [joined, said, answered, thanks, ended] }).join()).toMatch(/desk: c1 is not the same/);
  });

  it('finds words that were refused and stand there all the same, a conversation nobody read, and a second request for a rating', () => {
    const { compare, same, c1, ledger, activity } = talk();
    const asks = () => activity({ type: 'event', name: 'rating.request' });
    expect(compare(same([...c1, asks(), asks()])).join()).toMatch(/rating: c1 was asked more than once/);
    expect(violations(ledger.said, new Map([['c1', same(c1)]])).join()).toMatch(/lost: nobody read c2/);
    for (const one of ledger.said) if (one.tag === 'li-1') one.outcome = 'refused';
    expect(compare(same(c1)).join()).toMatch(/refused, and said all the same: li-1/);
    for (const one of ledger.said) if (one.tag === 'li-1') one.outcome = 'unknown';
    expect(compare(same(c1))).toEqual([]);
  });

  it('measures fairness: 0 when all have the same, high when one has all', () => {
    expect(gini([4, 4, 4, 4])).toBe(0);
    expect(gini([0, 0, 0, 8])).toBeCloseTo(0.75);
  });
});
