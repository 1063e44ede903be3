import { describe, expect, it } from 'vitest';
import { freshState } from '../dialogue-state.ts';
import { fills, heardTogether, invitationIsLast, invited, inviteEvent, words } from './together.ts';

const flowName = (id: string) => (id === 'id-card' ? '身份证材料清单' : undefined);
const event = (value: unknown, role: 'bot' | 'user' = 'bot') => ({
  type: 'event' as const,
  name: inviteEvent,
  from: { id: 'agent', role },
  value,
});
const asked = () => {
  const heard = invited(event({ flow: 'id-card', agent: '小李' }), freshState(), flowName);
  if (heard?.kind !== 'asked') throw new Error('the invitation was not asked');
  return heard;
};

describe('[R-063] an invitation to fill in together', () => {
  it('is asked in words, with a yes and a no to press', () => {
    const { draft, state } = asked();
    expect(draft.text).toBe(words.invitation('小李', '身份证材料清单'));
    expect(draft.quickReplies.map(({ title }) => title)).toEqual([words.yes, words.no]);
    expect(state.together).toMatchObject({ agreed: false });
  });

  it('counts from the desk only, and for a flow there is', () => {
    expect(invited(event({ flow: 'id-card', agent: '小李' }, 'user'), freshState(), flowName)).toBeUndefined();
    expect(invited(event({ flow: 'none', agent: '小李' }), freshState(), flowName)).toBeUndefined();
    expect(invited(event('id-card'), freshState(), flowName)).toBeUndefined();
  });

  it.each([words.yes, '同意', '好的', '可以吧', '行'])('%s begins it, and what was agreed to is kept', (text) => {
    const heard = heardTogether(text, asked().state, true);
    expect(heard).toMatchObject({
      kind: 'agreed',
      start: { type: 'start_flow', flow: 'id-card' },
      consent: { agreed: true, told: words.invitation('小李', '身份证材料清单') },
    });
  });

  it.each([words.no, '不同意', '算了', '先不'])('%s begins nothing', (text) => {
    expect(heardTogether(text, asked().state, true)).toMatchObject({
      kind: 'declined',
      consent: { agreed: false },
      state: { together: null },
    });
  });

  it.each(['什么意思', '可以不填手机号吗', '我不同意你刚才说的费用'])('%s is for the agent, and the invitation stands', (text) => {
    expect(heardTogether(text, asked().state, true)).toBeUndefined();
  });

  it.each(['好的', '可以', '行', '不用了', '算了'])('%s after other words of the agent answers those', (text) => {
    expect(heardTogether(text, asked().state, false)).toBeUndefined();
  });
  it.each([words.yes, '同意', '一起办吧'])('%s always means the invitation', (text) => {
    expect(heardTogether(text, asked().state, false)).toMatchObject({ kind: 'agreed' });
  });
  it('the invitation is last until our side says something else', () => {
    const say = (role: 'bot' | 'user', text: string) => ({ type: 'message' as const, from: { id: 'x', role }, text });
    const invitation = [event({ flow: 'id-card', agent: '小李' }), say('bot', '邀请')];
    expect(invitationIsLast([...invitation, say('user', '要多久')])).toBe(true);
    expect(invitationIsLast([...invitation, say('bot', '明天来可以吗')])).toBe(false);
    expect(invitationIsLast([say('bot', '您好')])).toBe(false);
  });

  it('without an invitation nothing is read into a yes', () => expect(heardTogether('好的', freshState(), true)).toBeUndefined());

  it('a question beside the form is the agent’s to answer', () => {
    expect(fills([{ type: 'set_slot', slot: 'reason', value: '丢了' }])).toBe(true);
    expect(fills([{ type: 'answer', query: '要多少钱' }])).toBe(false);
    expect(fills([])).toBe(false);
  });
});
