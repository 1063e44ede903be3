import { describe, expect, it } from 'vitest';
import { steering } from './words.ts';

describe('steering words', () => {
  it.each([
    '退订',
    'TD',
    'td',
    'ＴＤ',
    'T',
    't。',
    'N',
    'R！',
    'r',
    'STOP',
    'Stop.',
    ' stop ',
    'TD0001',
    'unsubscribe',
    '【退订】',
    '退 订',
    '拒收',
  ])('%j opts out', (text) => {
    expect(steering(text)).toBe('opt_out');
  });
  it.each(['我要退订水费短信提醒怎么办', '取消', '取消预约', '不', 'No', '1', '0', 'TD卡怎么办', '', '。', 'return'])(
    '%j does not',
    (text) => {
      expect(steering(text)).toBeUndefined();
    },
  );
  it('knows the other words', () => {
    expect(['更多', 'more', '帮助', 'Help!', '恢复', 'START'].map(steering)).toEqual(['more', 'more', 'help', 'help', 'opt_in', 'opt_in']);
  });
});
