/** Records → items: our own form by the schemas, everything else by the table of names. */
import type { KnowledgeItem } from '../item.ts';
import { convert } from './foreign.ts';
import { kindOf, parseItem } from './native.ts';
import type { Problem } from './problem.ts';
import { cleanRecord, problemAt, type RawRecord } from './record.ts';
import { isBlank } from './values.ts';

/** An item with the place it came from. */
export interface Entry {
  readonly item: KnowledgeItem;
  readonly record: RawRecord;
  /** True where missing elements and contradictions are errors. */
  readonly strict: boolean;
  /** One document (or table row) of a folder: what would be an error leaves it out. */
  readonly skippable?: boolean;
  /** The digest, where it is known. */
  readonly digest?: string;
}

export interface Entries {
  readonly entries: Entry[];
  readonly problems: Problem[];
}

/**
 * One record → an item or problems. Strictness: records that state their `kind` are strict, others not; `strict` says otherwise
 * for all.
 */
export function toEntry(raw: RawRecord, strict: boolean | undefined): { entry?: Entry; problems: Problem[] } {
  const { record, problems } = cleanRecord(raw);
  const stated = isRecord(record.value) && !isBlank(record.value.kind);
  const result = stated && record.form === 'typed' ? typed(record) : convert(record);
  const all = [...problems, ...result.problems];
  if (!result.item) return { problems: all };
  return { entry: { item: result.item, record: result.record, strict: strict ?? stated }, problems: all };
}

function typed(record: RawRecord): { item?: KnowledgeItem; record: RawRecord; problems: Problem[] } {
  const value = record.value as Record<string, unknown>;
  const kind = kindOf(value.kind);
  if (kind) return { ...parseItem({ ...value, kind }, kind, record), record };
  return { record, problems: [problemAt(record, ['kind'], `“${String(value.kind)}” should be guide, faq, policy or contact`)] };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
