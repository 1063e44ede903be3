import { describe, expect, it } from 'vitest';
import type { Activity } from '../activity.ts';
import { summarise, withBefore } from './summary.ts';

const citizen = (text: string): Activity => ({ type: 'message', from: { id: 'u', role: 'user' }, text });
const bot = (text: string, ...titles: string[]): Activity => ({
  type: 'message',
  from: { id: 'wenban', role: 'bot' },
  text,
  entities: [
    {
      type: 'https://schema.org/Message',
      citation: titles.map((name, index) => ({ '@type': 'Claim', position: index + 1, appearance: { name } })),
    },
  ],
});

describe('summarise', () => {
  it('[R-133] tells the matter, what was answered, what the flow gathered and the last words', () => {
    const log = [citizen('身份证丢了怎么补办'), bot('补领要带…', '居民身份证补领', '户政大厅'), citizen('转人工')];
    const summary = summarise(log, { name: '补领身份证', slots: [{ label: '原因', value: '丢失' }] });
    expect(summary.split('\n')).toEqual([
      '诉求：身份证丢了怎么补办',
      '助手已提供：《居民身份证补领》《户政大厅》',
      '正在办：补领身份证（原因：丢失）',
      '最近对话：',
      '市民：身份证丢了怎么补办',
      '助手：补领要带…',
      '市民：转人工',
    ]);
  });

  it.each(['转人工', '我要人工服务', '人工客服', '找真人。', '请帮我转人工吧'])('does not take %s for the matter', (text) => {
    expect(summarise([citizen('公积金怎么提取'), citizen(text)])).toContain('诉求：公积金怎么提取');
  });

  it('says plainly that nothing was said', () => {
    expect(summarise([])).toBe('诉求：没有说明，请先询问');
  });

  it('cuts long words at characters, not inside an emoji', () => {
    const summary = summarise([citizen('😀'.repeat(300))]);
    expect(summary).toContain(`诉求：${'😀'.repeat(200)}…`);
  });

  it('reads odd entities without failing', () => {
    expect(summarise([{ ...bot('x'), entities: [null, 5, { type: 'https://schema.org/Message' }] }])).toContain('最近对话');
  });

  it('[R-133] adds the mood and what was tried, after the matter; nothing where there is nothing to say', () => {
    const summary = '诉求：公积金\n最近对话：\n市民：公积金';
    expect(withBefore(summary, { reason: 'angry', answered: 2, unanswered: 1 }).split('\n').slice(0, 3)).toEqual([
      '诉求：公积金',
      '情绪：着急或不满，请先安抚再办事',
      '助手尝试：答复 2 次，没有答上 1 次',
    ]);
    expect(withBefore(summary, { reason: 'asked', answered: 1, unanswered: 0 })).toContain('助手尝试：答复 1 次\n最近对话');
    expect(withBefore(summary, { reason: 'asked', answered: 0, unanswered: 0 })).toBe(summary);
  });
});
