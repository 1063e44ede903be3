/** What a citizen filled into a form: checked, told in words, and packed for the server. */
import type { Field, FormCard } from './card.ts';
import { fieldsOf } from './card.ts';

/** Values by field id; a multiple choice holds its values joined with commas, as Adaptive Cards does. */
export type FormValues = Readonly<Record<string, string>>;

export interface FormWords {
  readonly required: string;
  readonly invalid: string;
  readonly number: string;
  readonly atLeast: (limit: string) => string;
  readonly atMost: (limit: string) => string;
}

/** What is wrong with one value, in words for the citizen; undefined when it is good. */
export function checkField(field: Field, entered: string, words: FormWords): string | undefined {
  const value = entered.trim();
  if (value === '') return field.required ? (field.errorMessage ?? words.required) : undefined;
  switch (field.kind) {
    case 'text':
      if (field.maxLength !== undefined && value.length > field.maxLength) return words.atMost(String(field.maxLength));
      return matches(field.regex, value) ? undefined : (field.errorMessage ?? words.invalid);
    case 'number': {
      const number = toNumber(value);
      if (number === undefined) return field.errorMessage ?? words.number;
      if (field.min !== undefined && number < field.min) return field.errorMessage ?? words.atLeast(String(field.min));
      if (field.max !== undefined && number > field.max) return field.errorMessage ?? words.atMost(String(field.max));
      return undefined;
    }
    case 'date':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return field.errorMessage ?? words.invalid;
      if (field.min !== undefined && value < field.min) return field.errorMessage ?? words.atLeast(field.min);
      if (field.max !== undefined && value > field.max) return field.errorMessage ?? words.atMost(field.max);
      return undefined;
    case 'choice': {
      const allowed = new Set(field.choices.map((choice) => choice.value));
      return value.split(',').every((part) => allowed.has(part)) ? undefined : (field.errorMessage ?? words.invalid);
    }
  }
}

/** The first thing wrong with each field, by field id. Empty when all is good. */
export function checkForm(card: FormCard, values: FormValues, words: FormWords): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const field of fieldsOf(card)) {
    const error = checkField(field, values[field.id] ?? '', words);
    if (error !== undefined) errors[field.id] = error;
  }
  return errors;
}

/** The `value` of the message that submits the form. Numbers are numbers; what was left empty is left out. */
export function payloadOf(card: FormCard, values: FormValues): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  for (const field of fieldsOf(card)) {
    const value = (values[field.id] ?? '').trim();
    if (value !== '') payload[field.id] = field.kind === 'number' ? toNumber(value) : value;
  }
  return { ...payload, ...card.submit?.data };
}

/** The same in words: “姓名：李四” a line; a single field is just its value. */
export function readableOf(card: FormCard, values: FormValues): string {
  const filled = fieldsOf(card).flatMap((field) => {
    const value = (values[field.id] ?? '').trim();
    return value === '' ? [] : [{ label: field.label, text: wordsOf(field, value) }];
  });
  if (filled.length === 1 && filled[0]) return filled[0].text;
  return filled.map(({ label, text }) => (label ? `${label.replace(/[：:]\s*$/, '')}：${text}` : text)).join('\n');
}

function wordsOf(field: Field, value: string): string {
  if (field.kind !== 'choice') return value;
  const title = (part: string): string => field.choices.find((choice) => choice.value === part)?.title ?? part;
  return value.split(',').map(title).join('、');
}

/** Reads a number as people write it: full-width digits and thousands separators included. */
function toNumber(value: string): number | undefined {
  const plain = value.normalize('NFKC').replace(/[,\s]/g, '');
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

function matches(regex: string | undefined, value: string): boolean {
  if (regex === undefined) return true;
  try {
    return new RegExp(regex, 'u').test(value);
  } catch {
    // A pattern this browser cannot read must not lock the citizen out: the server checks again.
    return true;
  }
}
