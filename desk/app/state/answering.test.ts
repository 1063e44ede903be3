import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type CannedReply, filled, fitting, slashBefore, unfilledIn } from './canned.ts';
import type { Answer } from './client.ts';
import { byNeed, clockOf, clockWords, latenessOf } from './clock.ts';
import { Outbox } from './outbox.ts';
import type { LoggedActivity, Outgoing } from './types.ts';

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 1, 0, second)).toISOString();
const says = (who: 'citizen' | 'bot' | 'agent', second: number, type = 'message') =>
  ({
    type,
    timestamp: at(second),
    from: { id: 'x', role: who === 'citizen' ? 'user' : 'bot' },
    channelData: { origin: who === 'agent' ? 'human' : 'template' },
  }) as unknown as LoggedActivity;

describe('[R-082] the clock of a conversation', () => {
  it.each([
    ['nobody has written since it was taken', [says('citizen', 0), says('bot', 1)], { kind: 'first', since: at(5) }],
    ['a person wrote before it was taken', [says('agent', 2), says('citizen', 3)], { kind: 'first', since: at(5) }],
    ['the citizen has the answer', [says('agent', 6)], null],
    ['the citizen wrote twice since', [says('agent', 6), says('citizen', 7), says('citizen', 9)], { kind: 'answer', since: at(7) }],
    ['only the citizen typed', [says('agent', 6), says('citizen', 7, 'typing')], null],
  ])('%s', (_when, log, clock) => {
    expect(clockOf(log, at(5))).toEqual(clock);
  });

  it('says in words how late it is, and sorts by need', () => {
    const limits = { firstResponseSeconds: 60, answerSeconds: 180, acceptSeconds: 180, shownName: '', standardName: '' };
    const clock = { kind: 'answer' as const, since: at(0) };
    const late = (second: number) => clockWords('answer', latenessOf(clock, Date.parse(at(0)) + second * 1000, limits));
    expect([late(10), late(121), late(181)]).toEqual(['待回复', '将超时待回复', '超时待回复']);
    const cards = [
      { id: 'answered', offered: false, clock: null },
      { id: 'second', offered: false, clock: { kind: 'first' as const, since: at(4) } },
      { id: 'first', offered: false, clock },
      { id: 'offer', offered: true, clock: null },
    ];
    expect(cards.toSorted(byNeed).map(({ id }) => id)).toEqual(['offer', 'first', 'second', 'answered']);
  });
});

describe('canned replies in the message box', () => {
  const reply = (title: string, shortcut: string, initials: string, text = title): CannedReply => ({
    id: title,
    title,
    text,
    shortcut,
    initials,
    shared: true,
    editable: false,
  });
  const replies = [reply('问候', 'wh', 'wh'), reply('文化', '', 'wh'), reply('结束语', 'js', 'jsy', '感谢您的咨询')];

  it('are found by shortcut, pinyin initials, title, and Chinese words inside', () => {
    const titles = (query: string) => fitting(replies, query).map(({ title }) => title);
    expect(titles('wh')).toEqual(['问候', '文化']);
    expect(titles('js')).toEqual(['结束语']);
    expect(titles('感谢')).toEqual(['结束语']);
    expect(titles('zzz')).toEqual([]);
    expect(titles('')).toHaveLength(3);
  });

  it('a slash counts at the beginning or after a space, not inside an address', () => {
    expect(slashBefore('/wh', 3)).toEqual({ from: 0, query: 'wh' });
    expect(slashBefore('好的 /问', 5)).toEqual({ from: 3, query: '问' });
    expect(slashBefore('http://a', 8)).toBeUndefined();
    expect(slashBefore('24/7', 4)).toBeUndefined();
  });

  it('variables without a value stand visibly marked; no filled text keeps a brace variable', () => {
    expect(filled('{citizen}，工单 {workOrder}', { citizen: '张女士' })).toBe('张女士，工单 【请填：工单号】');
    expect(unfilledIn('工单 【请填：工单号】')).toEqual({ words: '【请填：工单号】', from: 3, to: 11 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{citizen}', '{today}', '{x1}', '您好', ' ', '{', '}')), (parts) => {
        expect(filled(parts.join(''), { citizen: '张' })).not.toMatch(/\{\w+\}/);
      }),
    );
  });
});

describe('words on their way', () => {
  const down: Answer<unknown> = { ok: false, status: 0, code: 'offline', message: '连接不上服务器' };
  const setUp = (answers: () => Answer<unknown>) => {
    let outgoing: readonly Outgoing[] = [];
    const posted: string[] = [];
    const refused: string[] = [];
    const outbox = new Outbox({
      outgoingOf: () => outgoing,
      setOutgoing: (_id, next) => {
        outgoing = next;
      },
      post: async (_id, { text }) => {
        const answer = answers();
        if (answer.ok) posted.push(text);
        return answer;
      },
      delivered: async () => undefined,
      refused: (_id, _answer, { text }) => refused.push(text),
    });
    return { outbox, posted, refused, states: () => outgoing.map(({ text, state }) => `${text} ${state}`) };
  };

  it('go out in order and once, however often the line breaks', async () => {
    vi.useFakeTimers();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), async (line, count) => {
          const left = [...line];
          const { outbox, posted, states } = setUp(() => ((left.shift() ?? true) ? { ok: true, value: {} } : down));
          for (let index = 0; index < count; index++) void outbox.send('c', { messageId: `m${index}`, text: `${index}` });
          await vi.advanceTimersByTimeAsync(600_000);
          expect(posted).toEqual(Array.from({ length: count }, (_, index) => `${index}`));
          expect(states()).toEqual([]);
        }),
        { numRuns: 60 },
      );
    } finally {
      vi.useRealTimers();
    }
  });

  it('one the server does not want stays with the reason, and the next goes out', async () => {
    const answers: Answer<unknown>[] = [{ ok: false, status: 409, code: 'not_yours', message: '不在您手里' }];
    const { outbox, posted, refused, states } = setUp(() => answers.shift() ?? { ok: true, value: {} });
    await Promise.all([outbox.send('c', { messageId: 'a', text: '一' }), outbox.send('c', { messageId: 'b', text: '二' })]);
    expect([posted, refused, states()]).toEqual([['二'], ['一'], ['一 failed']]);
    await outbox.retry('c', 'a');
    expect([posted, states()]).toEqual([['二', '一'], []]);
  });
});
