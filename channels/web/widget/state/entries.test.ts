import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../../bot/activity.ts';
import type { OutboxItem } from '../directline/outbox.ts';
import { answeredForms, listEntries } from './entries.ts';
import { currentHandoff } from './handoff.ts';

const bot = { id: 'wenban', name: '小澜', role: 'bot' } as const;
const citizen = { id: 'dl_1', role: 'user' } as const;

const message = (id: string, text: string, more: Partial<Activity> = {}): Activity => ({
  type: 'message',
  id,
  from: bot,
  text,
  timestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const own = (id: string, text: string, clientId: string, value?: unknown): Activity =>
  message(id, text, { from: citizen, value, channelData: { clientActivityID: clientId } });
const status = (state: string, more: object = {}): Activity => ({
  type: 'event',
  id: `e-${state}`,
  name: 'handoff.status',
  from: bot,
  value: { state, ...more },
});
const item = (id: string, text: string): OutboxItem => ({ id, createdAt: 1, status: 'sending', activity: own('', text, id) });

describe('listEntries', () => {
  it('shows a message once while its echo and the outbox overlap, under one key', () => {
    const before = listEntries([], [item('k1', '你好')]);
    const after = listEntries([own('a1', '你好', 'k1')], [item('k1', '你好')]);
    expect([before, after].map((entries) => entries.map(({ key }) => key))).toEqual([['k1'], ['k1']]);
    expect(after[0]).not.toHaveProperty('delivery');
  });

  it('tells citizen, assistant and person apart', () => {
    const entries = listEntries(
      [message('1', '您好'), own('2', '在吗', 'k'), message('3', '在', { channelData: { origin: 'human' } })],
      [],
    );
    expect(entries.map((entry) => entry.kind === 'message' && entry.speaker)).toEqual(['bot', 'citizen', 'agent']);
  });

  it('shows who joined and left, not each place in the queue, and no transcript', () => {
    const entries = listEntries(
      [status('waiting', { position: 2 }), status('accepted', { agent: '陈静' }), { ...status('x'), name: 'handoff.initiate' }],
      [],
    );
    expect(entries).toMatchObject([{ kind: 'note', note: 'accepted', agent: '陈静' }]);
  });

  it('[R-141] asks for a rating once: it is submitted as soon as the rating is on its way', () => {
    const request: Activity = { type: 'event', id: 'r', name: 'rating.request', from: bot, value: { reasonTags: ['其他', 3] } };
    const rating: OutboxItem = {
      id: 'k',
      createdAt: 1,
      status: 'waiting',
      activity: { type: 'event', name: 'rating.submit', from: citizen },
    };
    expect(listEntries([request], [])).toMatchObject([{ kind: 'rating', reasonTags: ['其他'], state: 'open' }]);
    expect(listEntries([request], [rating])).toMatchObject([{ kind: 'rating', state: 'rated' }]);
    const declined = { ...rating, activity: { ...rating.activity, value: { declined: true } } };
    expect(listEntries([request], [declined])).toMatchObject([{ kind: 'rating', state: 'declined' }]);
    expect(listEntries([request], [declined, { ...rating, id: 'later' }])).toMatchObject([{ kind: 'rating', state: 'rated' }]);
  });
});

it('locks a form that was answered, and not the same form asked again', () => {
  const form = (id: string) =>
    message(id, '请填', {
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { actions: [{ data: { wenbanForm: 'f' } }] } }],
    });
  const entries = listEntries([form('1'), own('2', '张三', 'k', { wenbanForm: 'f' }), form('3')], []);
  expect([...answeredForms(entries)]).toEqual(['1']);
});

describe('currentHandoff', () => {
  it('is the newest state, and nothing once the person has left', () => {
    expect(currentHandoff([status('waiting', { position: 3 }), status('waiting', { position: 1 })])).toMatchObject({ position: 1 });
    expect(currentHandoff([status('accepted', { agent: '陈静' }), message('m', '好')])).toMatchObject({ state: 'accepted', agent: '陈静' });
    expect(currentHandoff([status('accepted'), status('completed')])).toBeUndefined();
  });
});
