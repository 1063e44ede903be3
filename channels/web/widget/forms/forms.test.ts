import { describe, expect, it } from 'vitest';
import { zhCN } from '../strings/zh-cn.ts';
import { type FormCard, parseCard } from './card.ts';
import { checkForm, payloadOf, readableOf } from './values.ts';

const words = {
  required: zhCN.formRequired,
  invalid: zhCN.formInvalid,
  number: zhCN.formNumber,
  atLeast: zhCN.formAtLeast,
  atMost: zhCN.formAtMost,
};

function card(...body: unknown[]): FormCard {
  const parsed = parseCard({ type: 'AdaptiveCard', body, actions: [{ type: 'Action.Submit', title: '提交', data: { wenbanForm: 'f' } }] });
  if (!parsed) throw new Error('not a card');
  return parsed;
}

const name = { type: 'Input.Text', id: 'name', label: '姓名', isRequired: true, errorMessage: '请写姓名', regex: '^.{2,20}$' };
const age = { type: 'Input.Number', id: 'age', label: '年龄：', min: 0, max: 120 };
const day = { type: 'Input.Date', id: 'day', label: '日期', min: '2026-01-01' };
const kind = {
  type: 'Input.ChoiceSet',
  id: 'kind',
  label: '情形',
  choices: [
    { title: '丢失', value: 'lost' },
    { title: '到期', value: 'old' },
  ],
};

describe('parseCard', () => {
  it('refuses what is no card and leaves out what it does not know', () => {
    for (const content of [undefined, null, 'x', [], { type: 'Other' }]) expect(parseCard(content)).toBeUndefined();
    expect(card({ type: 'Image' }, { type: 'Input.Text' }, 7, { type: 'Input.ChoiceSet', id: 'c', choices: 'no' }).parts).toHaveLength(1);
  });
});

describe('checkForm', () => {
  it('uses the words of the form where it has some', () => {
    expect(checkForm(card(name, age, day, kind), { name: '', age: '300', day: '2025-01-01', kind: 'else' }, words)).toEqual({
      name: '请写姓名',
      age: '不能超过 120',
      day: '不能小于 2026-01-01',
      kind: '请检查这一项',
    });
  });

  it('lets optional fields be empty and counts spaces as nothing', () => {
    expect(checkForm(card(age, day, kind), {}, words)).toEqual({});
    expect(checkForm(card(name), { name: '   ' }, words)).toHaveProperty('name');
  });

  it('reads full-width digits, and does not take words for numbers', () => {
    expect(checkForm(card(age), { age: '３０' }, words)).toEqual({});
    for (const value of ['三十', '1e3', '0x10', 'NaN']) expect(checkForm(card(age), { age: value }, words)).toHaveProperty('age');
  });

  it('does not lock the citizen out over a pattern the browser cannot read', () => {
    expect(checkForm(card({ ...name, regex: '(' }), { name: '张' }, words)).toEqual({});
  });
});

describe('what is sent', () => {
  const filled = { name: ' 张三 ', age: '３０', day: '', kind: 'lost' };

  it('carries the form id last, numbers as numbers, and nothing that was left empty', () => {
    expect(payloadOf(card(name, age, day, kind), filled)).toEqual({ name: '张三', age: 30, kind: 'lost', wenbanForm: 'f' });
    expect(payloadOf(card({ ...name, id: 'wenbanForm' }), { wenbanForm: 'other' })).toEqual({ wenbanForm: 'f' });
  });

  it('reads as words: titles of choices, one line a field', () => {
    expect(readableOf(card(name, age, day, kind), filled)).toBe('姓名：张三\n年龄：３０\n情形：丢失');
    expect(readableOf(card({ ...kind, isMultiSelect: true }), { kind: 'lost,old' })).toBe('丢失、到期');
  });
});
