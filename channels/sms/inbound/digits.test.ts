import { describe, expect, it } from 'vitest';
import type { SmsMenu } from '../draft.ts';
import { meaningOf } from './digits.ts';

const choices: SmsMenu = {
  kind: 'choices',
  options: [
    { title: '丢了', value: '丢了' },
    { title: '到期了', value: '有效期到了' },
  ],
  zeroIsAnswer: false,
};

describe('digits', () => {
  it.each(['2', '２', ' 2 ', '2。', '2.', '(2)'])('%j chooses the second option', (text) => {
    expect(meaningOf(text, choices)).toEqual({ kind: 'say', text: '有效期到了' });
  });
  it.each(['3', '12', '2个月', '2到期', '选2', 'B'])('%j is said as it stands', (text) => {
    expect(meaningOf(text, choices)).toEqual({ kind: 'say', text });
  });
  it('[R-033] 0 asks for a person, unless the open question can be answered with it', () => {
    expect(meaningOf('0', undefined)).toEqual({ kind: 'say', text: '转人工' });
    expect(meaningOf('０。', choices)).toEqual({ kind: 'say', text: '转人工' });
    expect(meaningOf('0', { kind: 'rating' })).toEqual({ kind: 'say', text: '转人工' });
    expect(meaningOf('0', { kind: 'choices', options: [], zeroIsAnswer: true })).toEqual({ kind: 'say', text: '0' });
  });
  it('[R-141] a rating is refused by word, and only when it was asked for', () => {
    for (const text of ['不评', '暂不评价。', 'skip']) {
      expect(meaningOf(text, { kind: 'rating' })).toEqual({ kind: 'no_rating' });
      expect(meaningOf(text, choices)).toEqual({ kind: 'say', text });
    }
  });
  it('[R-141] a digit rates, with a reason if there is one; a question stays a question', () => {
    expect(meaningOf('5', { kind: 'rating' })).toEqual({ kind: 'rate', score: 5 });
    expect(meaningOf('4分', { kind: 'rating' })).toEqual({ kind: 'rate', score: 4 });
    expect(meaningOf('1 等太久', { kind: 'rating' })).toEqual({ kind: 'rate', score: 1, comment: '等太久' });
    for (const text of ['6', '1 居住证怎么办', '3个工作日能办好吗', '5', '谢谢']) {
      expect(meaningOf(text, text === '5' ? undefined : { kind: 'rating' })).toEqual({ kind: 'say', text });
    }
  });
});
