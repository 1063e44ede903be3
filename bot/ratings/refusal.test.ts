import { expect, it } from 'vitest';
import { refusesRating } from './refusal.ts';

it.each(['不评价', '暂不评价。', '不想评价了', '不评', '我不打分', '不用评', '算了不评了', '跳过', 'Skip', ' 别评了 '])(
  '[R-141] %j would rather not',
  (text) => {
    expect(refusesRating(text)).toBe(true);
  },
);

it.each(['不满意', '评价', '5', '不评价会影响办事吗', '不评价的话怎么投诉', '不用了', '身份证丢了', ''])('%j is no refusal', (text) => {
  expect(refusesRating(text)).toBe(false);
});
