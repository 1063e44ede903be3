/** Records whose names or values aren't ours (exports, tables, Markdown, web pages) → knowledge items, by the table of names. */
import { createHash } from 'node:crypto';
import type { KnowledgeItem } from '../item.ts';
import { contactRules, type FieldRule, faqRules, guideRules, ignoredNames, nameKey, policyRules } from './fields.ts';
import { type Kind, kindOf, type Parsed, parseItem } from './native.ts';
import type { Problem } from './problem.ts';
import { type Path, problemAt, type RawRecord } from './record.ts';
import { isBlank, type Read } from './values.ts';

export interface Conversion {
  readonly item?: KnowledgeItem;
  /** The record, finding lines by our field names. */
  readonly record: RawRecord;
  readonly problems: Problem[];
}

const rules: Readonly<Record<Kind, readonly FieldRule[]>> = {
  guide: guideRules,
  faq: faqRules,
  policy: policyRules,
  contact: contactRules,
};
const commonFields = new Set(
  guideRules
    .slice(
      0,
      guideRules.findIndex((entry) => entry.field === 'name'),
    )
    .map((entry) => entry.field),
);

/** Which of a record's own names each rule takes, in the order the rule prefers. */
function namesIn(keys: ReadonlyMap<string, string>, rule: FieldRule): string[] {
  const found = rule.keys.map((key) => keys.get(key)).filter((name) => name !== undefined);
  return [...new Set(found)];
}

/** What a record without `kind` is, by the fields it has. */
function guessKind(keys: ReadonlyMap<string, string>): Kind | undefined {
  const has = (kind: Kind, field: string): boolean => rules[kind].some((rule) => rule.field === field && namesIn(keys, rule).length > 0);
  const own = (field: string): boolean => guideRules.some((rule) => rule.field === field && namesIn(keys, rule).length > 0);
  if (has('faq', 'question') && has('faq', 'answer')) return 'faq';
  if (has('policy', 'title') && has('policy', 'body')) return 'policy';
  const named = own('name') || own('handlingItemName');
  const elements = guideRules.filter((rule) => !commonFields.has(rule.field) && !['name', 'handlingItemName'].includes(rule.field));
  const contactName = ['单位名称', '机构名称', '部门名称', '热线名称', '大厅名称'].some((name) => keys.has(nameKey(name)));
  if (!own('handlingItemName') && contactName && (has('contact', 'phone') || has('contact', 'address'))) return 'contact';
  return named && elements.some((rule) => namesIn(keys, rule).length > 0) ? 'guide' : undefined;
}

/** True when a table with these columns holds records that can be told apart: guides, FAQs, policies or contacts. */
export function knowsColumns(names: readonly string[]): boolean {
  const keys = new Map(names.map((name) => [nameKey(name), name]));
  return keys.has('kind') || guessKind(keys) !== undefined;
}

/**
 * Reads one record by the table of names. `stated` (the record has a `kind`) makes unknown fields and unreadable values errors;
 * otherwise they are left out with a warning.
 */
export function convert(record: RawRecord, presetKind?: Kind): Conversion {
  if (typeof record.value !== 'object' || record.value === null || Array.isArray(record.value)) {
    return { record, problems: [problemAt(record, [], 'should be a record of fields and values')] };
  }
  const { kind: statedKind, ...given } = record.value as Record<string, unknown>;
  const stated = presetKind !== undefined || !isBlank(statedKind);
  const keys = new Map<string, string>();
  for (const name of Object.keys(given)) if (!keys.has(nameKey(name))) keys.set(nameKey(name), name);
  const kind = isBlank(statedKind) ? (presetKind ?? guessKind(keys)) : kindOf(statedKind);
  if (kind === undefined) {
    const message = isBlank(statedKind)
      ? 'can’t tell what this is: give a `kind` (guide, faq, policy, contact), or question and answer, or title and text, or a service item’s name with its elements'
      : `“${String(statedKind)}” should be guide, faq, policy or contact`;
    return { record, problems: [problemAt(record, isBlank(statedKind) ? [] : ['kind'], message)] };
  }
  const { fields, lineNames, problems } = readFields(record, given, keys, kind, stated);
  finish(fields, kind, (field, message) => problems.push(problemAt(record, [lineNames.get(field) ?? field], message, 'warning')));
  const located: RawRecord = {
    ...record,
    lineOf: (path) => record.lineOf([lineNames.get(String(path[0])) ?? path[0] ?? '', ...path.slice(1)]),
  };
  const parsed = parseItem({ ...fields, kind }, kind, located);
  if (parsed.item || stated) return { ...parsed, record: located, problems: [...problems, ...parsed.problems] };
  return withoutBadFields(located, kind, fields, problems, parsed);
}

type Fields = { fields: Record<string, unknown>; lineNames: Map<string, string>; problems: Problem[] };

function readFields(
  record: RawRecord,
  given: Readonly<Record<string, unknown>>,
  keys: ReadonlyMap<string, string>,
  kind: Kind,
  stated: boolean,
): Fields {
  const fields: Record<string, unknown> = {};
  const lineNames = new Map<string, string>();
  const problems: Problem[] = [];
  const used = new Set<string>();
  const take = (field: string, value: unknown, name: string): void => {
    const before = fields[field];
    lineNames.set(field, lineNames.get(field) ?? name);
    if (before === undefined) fields[field] = value;
    else if (Array.isArray(before) && Array.isArray(value)) fields[field] = [...new Set([...before, ...value])];
    else if (JSON.stringify(before) !== JSON.stringify(value)) {
      problems.push(problemAt(record, [name], `left out: ${lineNames.get(field)} already gives ${field}`, 'warning'));
    }
  };
  for (const rule of rules[kind]) {
    for (const name of namesIn(keys, rule)) {
      if (used.has(name)) continue;
      used.add(name);
      const read: Read = rule.read(given[name], `${name} ${unitBeside(given, name, used)}`);
      if ('problem' in read) problems.push(problemAt(record, [name], `${read.problem}; left out`, stated ? 'error' : 'warning'));
      else if ('value' in read && rule.field !== '*') take(rule.field, read.value, name);
      else if ('value' in read) for (const [field, value] of Object.entries(read.value as object)) take(field, value, name);
    }
  }
  for (const name of Object.keys(given)) {
    if (used.has(name) || ignoredNames.includes(nameKey(name)) || isBlank(given[name])) continue;
    const twin = keys.get(nameKey(name));
    const message = twin === name ? 'no field of this name is known; not imported' : `is the same field as ${twin}; not imported`;
    problems.push(problemAt(record, [name], message, stated ? 'error' : 'warning'));
  }
  return { fields, lineNames, problems };
}

/** Exports often keep the unit of a limit in a column of its own: 法定办结时限 and 法定办结时限单位. */
function unitBeside(given: Readonly<Record<string, unknown>>, name: string, used: Set<string>): string {
  const unit = `${name}单位`;
  if (!Object.hasOwn(given, unit)) return '';
  used.add(unit);
  return String(given[unit] ?? '');
}

/** Puts hours on places, settles the two names of a guide, gives an id to what has none. */
function finish(fields: Record<string, unknown>, kind: Kind, warn: (field: string, message: string) => void): void {
  if (fields.placeHours !== undefined) {
    const list = Array.isArray(fields.places) ? (fields.places as Record<string, unknown>[]) : [];
    if (list.length === 0) warn('placeHours', 'left out: hours without a place to put them on');
    else fields.places = list.map((place) => ({ ...place, hours: place.hours ?? fields.placeHours }));
    delete fields.placeHours;
  }
  if (kind === 'guide') {
    fields.name ??= fields.handlingItemName;
    if (fields.handlingItemName === fields.name) delete fields.handlingItemName;
  }
  const title = fields.handlingItemName ?? fields.name ?? fields.question ?? fields.title;
  const given = fields.id;
  if (typeof given === 'string' && /^[\w.:-]{1,120}$/.test(given)) return;
  const seed = given === undefined ? [kind, fields.name, title, fields.region, fields.department] : [kind, given];
  fields.id = `${kind}-${createHash('sha256').update(JSON.stringify(seed)).digest('hex').slice(0, 12)}`;
}

/** Leaves out what the schema refuses, each with a warning: first just the refused part, then its whole field. */
function withoutBadFields(
  record: RawRecord,
  kind: Kind,
  fields: Record<string, unknown>,
  before: Problem[],
  wrong: Parsed<KnowledgeItem>,
): Conversion {
  const parts = structuredClone(fields);
  for (const path of wrong.paths) remove(parts, path);
  const whole = Object.fromEntries(Object.entries(fields).filter(([field]) => !wrong.paths.some((path) => path[0] === field)));
  const again = [parts, whole].map((rest) => parseItem({ ...rest, kind }, kind, record)).find((parsed) => parsed.item);
  if (!again?.item) return { record, problems: [...before, ...wrong.problems] };
  const warnings = wrong.problems.map((problem): Problem => ({ ...problem, message: `${problem.message}; left out`, severity: 'warning' }));
  return { item: again.item, record, problems: [...before, ...warnings] };
}

function remove(value: unknown, path: Path): void {
  const last = path.at(-1);
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((inside, part) => (inside as Record<string | number, unknown> | undefined)?.[part], value);
  // An entry of a list stays (its index is named by other findings); the second try then drops the whole field.
  if (typeof holder === 'object' && holder !== null && typeof last === 'string') delete (holder as Record<string, unknown>)[last];
}
