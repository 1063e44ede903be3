import { describe, expect, it } from 'vitest';
import { summaryLines } from '../ui/details.tsx';
import { blocksOf } from '../ui/rich-text.tsx';
import { safeHref } from '../ui/safe-href.ts';
import { sourcesOf } from './citations.ts';
import { newThread, timelineOf, unreadOf, withActivities } from './threads.ts';
import { dayName, elapsed } from './time.ts';
import type { LoggedActivity } from './types.ts';

const at = (seq: number, fields: Partial<LoggedActivity> = {}): LoggedActivity => ({
  type: 'message',
  id: `c|${seq}`,
  seq,
  timestamp: '2026-03-02T01:00:00.000Z',
  conversation: { id: 'c' },
  from: { id: 'citizen', role: 'user' },
  text: `消息 ${seq}`,
  ...fields,
});
const agent = { from: { id: 'agent', name: 'li', role: 'bot' as const }, channelData: { origin: 'human' } };

describe('a conversation in the browser', () => {
  it('takes every activity once and in order, however often it is read', () => {
    const once = withActivities(newThread('c', 0, []), [at(2), at(1)]);
    const twice = withActivities(once, [at(1), at(2), at(3)]);
    expect(twice.activities.map((activity) => activity.seq)).toEqual([1, 2, 3]);
    expect(withActivities(twice, [at(3)])).toBe(twice);
  });

  it('a sent message leaves the outgoing list when the log has it', () => {
    const thread = newThread('c', 0, [{ messageId: 'm1', text: '好', state: 'sending' }]);
    expect(withActivities(thread, [at(1, { ...agent, id: 'c|agent-m1' })]).outgoing).toEqual([]);
  });

  it('counts as unread what the citizen said after the last look', () => {
    const thread = withActivities(newThread('c', 1, []), [at(1), at(2), at(3, agent), at(4, { type: 'event' })]);
    expect(unreadOf(thread)).toBe(1);
  });

  it('shows messages and one line for what happened, not every change of place', () => {
    const bot = { id: 'wenban', role: 'bot' as const };
    const entries = timelineOf([
      at(1),
      at(2),
      at(3, { type: 'event', name: 'handoff.status', from: bot, value: { state: 'waiting', position: 2 } }),
      at(4, { type: 'event', name: 'handoff.status', from: bot, value: { state: 'accepted', agent: 'li' } }),
      at(5, agent),
      at(6, { type: 'event', name: 'handoff.status', value: { state: 'completed' } }),
    ]);
    expect(entries.map((entry) => (entry.kind === 'message' ? `${entry.speaker}${entry.follows ? '+' : ''}` : entry.kind))).toEqual([
      'day',
      'citizen',
      'citizen+',
      'note',
      'agent',
    ]);
  });

  it('[R-141] says whether the citizen rated or would rather not', () => {
    const notes = [{ score: 5 }, { declined: true }].map((value) =>
      timelineOf([at(1, { type: 'event', name: 'rating.submit', value })]).flatMap((entry) => (entry.kind === 'note' ? [entry.text] : [])),
    );
    expect(notes).toEqual([['市民提交了评价'], ['市民选择不评价']]);
  });
});

describe('reading', () => {
  it('citations of any shape never break the desk', () => {
    const good = {
      type: 'https://schema.org/Message',
      additionalType: ['AIGeneratedContent'],
      citation: [{ position: 1, appearance: { name: '指南' } }, 5],
    };
    expect(sourcesOf(at(1, { entities: [null, good] }))).toMatchObject({ isAi: true, sources: [{ position: 1, name: '指南' }] });
    for (const entities of [[null], [{ type: 'https://schema.org/Message', citation: 'x' }], [7, 'a']]) {
      expect(sourcesOf(at(1, { entities }))).toEqual({ isAi: false, sources: [] });
    }
  });

  it.each([
    ['https://a.cn/x', true],
    ['/uploads/1', true],
    ['javascript:alert(1)', false],
    ['//evil.example', false],
    ['/\\evil.example', false],
    ['data:text/html,x', false],
    ['https://', false],
  ])('link %s may be followed: %s', (url, allowed) => {
    expect(safeHref(url) !== undefined).toBe(allowed);
  });

  it('Markdown becomes paragraphs and lists; numbers go on after an interruption', () => {
    expect(blocksOf('结论\n第二行\n\n1. 甲\n2. 乙\n- 丙\n3. 丁')).toEqual([
      { kind: 'paragraph', lines: ['结论', '第二行'], start: 1 },
      { kind: 'numbers', lines: ['甲', '乙'], start: 1 },
      { kind: 'bullets', lines: ['丙'], start: 1 },
      { kind: 'numbers', lines: ['丁'], start: 3 },
    ]);
  });

  it('the summary is shown without the last words, which stand beside it', () => {
    expect(summaryLines('诉求：补办：急\n最近对话：\n市民：x')).toEqual([['诉求', '补办：急']]);
  });

  it('waiting times and days read naturally', () => {
    const now = Date.parse('2026-03-02T12:00:00');
    expect(elapsed(new Date(now - 42_000).toISOString(), now)).toBe('0:42');
    expect(elapsed(new Date(now - 725_000).toISOString(), now)).toBe('12:05');
    expect(elapsed(new Date(now - 3_800_000).toISOString(), now)).toBe('1:03:20');
    expect(elapsed(new Date(now + 5000).toISOString(), now)).toBe('0:00');
    expect(dayName('2026-03-02T01:00:00', now)).toBe('今天');
    expect(dayName('2026-03-01T23:00:00', now)).toBe('昨天');
    expect(dayName('2025-12-31T23:00:00', now)).toBe('2025年12月31日');
  });
});
