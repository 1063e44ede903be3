/** Records in our own form: validated by the item schemas, with every complaint in words and at its line. */
import type { z } from 'zod';
import { contactSchema, faqSchema, guideSchema, type KnowledgeItem, policySchema } from '../item.ts';
import type { Problem } from './problem.ts';
import { type Path, problemAt, type RawRecord } from './record.ts';

export type Kind = KnowledgeItem['kind'];

export interface Parsed<T> {
  readonly item?: T;
  readonly problems: Problem[];
  /** Where each problem is, in the validated value. */
  readonly paths: Path[];
}

const schemas = { guide: guideSchema, faq: faqSchema, policy: policySchema, contact: contactSchema };
const kindNames: Readonly<Record<string, Kind>> = {
  guide: 'guide',
  办事指南: 'guide',
  指南: 'guide',
  事项: 'guide',
  faq: 'faq',
  问答: 'faq',
  常见问题: 'faq',
  policy: 'policy',
  政策: 'policy',
  政策文件: 'policy',
  contact: 'contact',
  联系方式: 'contact',
  通讯录: 'contact',
};

/** The kind that a `kind` field names, in English or Chinese. */
export function kindOf(value: unknown): Kind | undefined {
  const name = typeof value === 'string' ? value.trim() : '';
  return Object.hasOwn(kindNames, name) ? kindNames[name] : undefined;
}

/** Validates a value as an item of `kind`; problems name line and field. */
export function parseItem(value: unknown, kind: Kind, record: RawRecord): Parsed<KnowledgeItem> {
  return parseWith(schemas[kind] as z.ZodType<KnowledgeItem>, value, record);
}

/** Validates with any schema; the value of `record` supplies lines only. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, record: RawRecord): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { item: result.data, problems: [], paths: [] };
  const found = result.error.issues.flatMap(pathsOf);
  return {
    problems: found.map(({ issue, path }) => problemAt(record, path, wordsOf(issue, valueAt(value, path)))),
    paths: found.map(({ path }) => path),
  };
}

/** Unknown keys each get a finding of their own, at the key. */
function pathsOf(issue: z.core.$ZodIssue): { issue: z.core.$ZodIssue; path: Path }[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol') as Path;
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ issue, path: [...path, key] })) : [{ issue, path }];
}

function wordsOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'unrecognized_keys') return 'no such field is known here';
  if (found === undefined) return 'is missing';
  if (found === null || found === '') return 'is empty';
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'string') return `should be text, not ${show(found)}; put it in quotes`;
      return `should be ${typeNames[issue.expected] ?? issue.expected}, not ${show(found)}`;
    case 'invalid_value':
      return `should be one of ${issue.values.map(String).join(', ')}, not ${show(found)}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `should be at least ${String(issue.minimum)}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `is longer than ${String(issue.maximum)} characters`
        : `should be at most ${String(issue.maximum)}`;
    case 'invalid_format':
      return formatWords(issue, found);
    default:
      return `is not in the expected form (${show(found)})`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a group of fields',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function formatWords(issue: z.core.$ZodIssueInvalidStringFormat, found: unknown): string {
  if (issue.format === 'url') return `should be an address starting with http:// or https://, not ${show(found)}`;
  if (issue.format === 'date') return `should be a date such as 2026-01-02, not ${show(found)}`;
  if (issue.format === 'regex' && issue.message.startsWith('Invalid')) return `has characters or a length that don't fit (${show(found)})`;
  return `${issue.message} (${show(found)})`;
}

function show(value: unknown): string {
  const words = typeof value === 'string' ? `“${value}”` : (JSON.stringify(value) ?? String(value));
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, part) => (inside as Record<string | number, unknown> | null | undefined)?.[part], value);
}
