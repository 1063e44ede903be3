import { describe, expect, it } from 'vitest';
import { templated, variableProblem } from './templates.ts';

const templates = { page: 'SMS_1', short: 'SMS_2', rating: 'SMS_3' };
const vars = { matter: '居民身份证补领', code: '20451187' };

describe('templates', () => {
  it('[R-030] an answer too long for a variable becomes a summary with the short code', () => {
    const text = '带户口簿、'.repeat(20);
    expect(templated({ kind: 'page', text: '', vars: { ...vars, text } }, templates, 35)).toEqual({
      template: 'SMS_1',
      values: [
        { name: 'matter', value: '居民身份证补领' },
        { name: 'code', value: '20451187' },
      ],
    });
    expect(templated({ kind: 'page', text: '', vars: { ...vars, text: '好的，先不办了。' } }, templates, 35)?.template).toBe('SMS_2');
    expect(templated({ kind: 'rating', text: '', vars }, templates, 35)).toEqual({ template: 'SMS_3', values: [] });
  });
  it('refuses free text, links, phone numbers and brackets in variables', () => {
    for (const value of [
      '',
      ' ',
      '办'.repeat(36),
      '看https://a.example/x',
      '请看www.a.cn',
      'zwfw.gov.cn',
      '打0000-5550140',
      '13800000000',
      '【通知】',
    ]) {
      expect(variableProblem(value, 35)).toBeDefined();
    }
    for (const value of ['居民身份证', '20451187', '20 元', '3 个工作日', '12345']) expect(variableProblem(value, 35)).toBeUndefined();
    const link = { kind: 'page' as const, text: '', vars: { text: '看 https://a.example', matter: '身份证' } };
    expect(templated(link, templates, 35)).toBeUndefined();
    expect(templated({ kind: 'optout', text: '已退订', vars: {} }, templates, 35)).toBeUndefined();
  });
});
