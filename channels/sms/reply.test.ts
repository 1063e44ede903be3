import { describe, expect, it } from 'vitest';
import type { LoggedActivity } from '../../bot/activity.ts';
import { compose } from './compose.ts';
import { sampled } from './follow-up.ts';
import { replyOf } from './reply.ts';
import { mainlandCount } from './text/segments.ts';

let seq = 0;
const activity = (fields: Partial<LoggedActivity>): LoggedActivity => ({
  type: 'message',
  from: { id: 'wenban', name: '小澜', role: 'bot' },
  id: `a${++seq}`,
  seq,
  timestamp: '2026-03-02T02:00:00.000Z',
  conversation: { id: 'c' },
  replyToId: 'q',
  ...fields,
});
const human = { type: 'imBack' as const, title: '转人工', value: '转人工', channelData: { always: true } };
const buttons = (...titles: string[]) => ({
  suggestedActions: { to: [], actions: [...titles.map((title) => ({ type: 'imBack' as const, title, value: `选${title}` })), human] },
});
const manner = { signature: '安澜政务', mostSegments: 3, mainland: true };
const sent = (activities: LoggedActivity[], locale = 'zh-CN') => {
  const reply = replyOf(activities, locale);
  return reply && compose(reply, manner, { intro: '', link: '', code: '' });
};

describe('replies as SMS', () => {
  it('[R-033] one turn is one message: text, question with numbers, the way to a person', () => {
    const turn = [
      activity({ text: '好的。', ...buttons() }),
      activity({ text: '**哪种情况？**[1]', inputHint: 'expectingInput', ...buttons('丢了', '16至25岁') }),
    ];
    expect(sent(turn)?.draft.text).toBe('【安澜政务】好的。\n哪种情况？\n1：丢了\n2：16至25岁\n回0转人工');
    expect(replyOf(turn, 'zh-CN')?.menu).toEqual({
      kind: 'choices',
      zeroIsAnswer: false,
      options: [
        { title: '丢了', value: '选丢了' },
        { title: '16至25岁', value: '选16至25岁' },
      ],
    });
  });
  it('a question that 0 answers names the word for a person instead', () => {
    const form = { type: 'AdaptiveCard', body: [{ type: 'TextBlock' }, { type: 'Input.Number', id: 'children', min: 0 }] };
    const asked = activity({
      text: '有几个孩子？',
      inputHint: 'expectingInput',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: form }],
      ...buttons(),
    });
    expect(sent([asked])?.draft.text).toContain('回“人工”找真人');
    expect(sent([asked])?.draft.text).not.toContain('回0');
  });
  it('events for banners say nothing; a notice leaves the menu as it was; a rating asks with digits', () => {
    expect(replyOf([activity({ type: 'event', name: 'handoff.status' })], 'zh-CN')).toBeUndefined();
    const { replyToId: _none, ...notice } = activity({ text: '小李已接入。' });
    expect(replyOf([notice], 'zh-CN')?.menu).toBeUndefined();
    expect(sent([notice, activity({ type: 'event', name: 'rating.request' })])?.draft).toMatchObject({
      kind: 'rating',
      text: expect.stringMatching(/小李已接入。\n请评价.*不想评回“不评”$/s),
    });
  });
  it('what a model wrote says so on its first page, also when it is cut', () => {
    const composed = sent([activity({ text: '带身份证。'.repeat(80), channelData: { origin: 'ai' }, ...buttons() })]);
    expect(composed?.draft.text.startsWith('【安澜政务】（AI 生成）带身份证')).toBe(true);
    expect(composed?.rest.length).toBeGreaterThan(0);
    expect([composed?.draft.text ?? '', ...(composed?.rest ?? [])].every((text) => mainlandCount(text) <= 3)).toBe(true);
  });
  it('speaks English to who writes English', () => {
    expect(sent([activity({ text: 'Which one?', ...buttons('Lost', 'Expired') })], 'en')?.draft.text).toBe(
      '【安澜政务】Which one?\n1: Lost\n2: Expired\n0: a person',
    );
  });
});

describe('the sample of follow-ups', () => {
  it('[R-144] takes the share it should, always the same cases, others under another seed', () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `case-${index}`);
    const taken = (seed: string, rate = 0.1) => ids.filter((id) => sampled({ rate, seed }, id));
    expect(taken('a').length / ids.length).toBeCloseTo(0.1, 1);
    expect(taken('a')).toEqual(taken('a'));
    expect(taken('b')).not.toEqual(taken('a'));
    expect([taken('a', 0).length, taken('a', 1).length]).toEqual([0, ids.length]);
  });
});
