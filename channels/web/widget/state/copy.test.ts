import { expect, it } from 'vitest';
import { zhCN } from '../strings/zh-cn.ts';
import { answerAsText } from './copy.ts';

it('keeps sources and the AI label on a copied answer', () => {
  const source = { position: 1, name: '办事指南', abstract: '', url: 'https://a.example/1' };
  expect(answerAsText('**补领**要户口簿 [1]', [source], true, zhCN)).toBe(
    '补领要户口簿 [1]\n\n来源:\n[1] 办事指南 https://a.example/1\n\n（AI 生成）',
  );
});

it('adds nothing to an answer without sources that no model wrote', () => {
  expect(answerAsText('您好', [], false, zhCN)).toBe('您好');
});
