/** What changed between two versions of an item, field by field, in words an editor reads. */
import { canonicalJson } from '../digest.ts';
import type { Kept } from '../flow-item.ts';
import { fieldLabel, valueText } from './labels.ts';

export interface FieldChange {
  /** Where: `promisedLimit.value`, `materials[居民户口簿].copyCount`. */
  readonly path: string;
  /** The same in Chinese: 承诺办结时限 · 数值. */
  readonly label: string;
  /** Absent: it was not there before. */
  readonly before?: string;
  /** Absent: it is not there any more. */
  readonly after?: string;
}

/** Beyond this many pairs of lines a text counts as rewritten: comparing them all would take too much memory. */
const mostCompared = 4_000_000;

type Place = { readonly path: string; readonly label: string; readonly kind: string; readonly depth: number };

/** Every change from `before` to `after`; empty when they say the same. Long texts are compared line by line. */
export function diffItems(before: Kept, after: Kept): FieldChange[] {
  return diffObjects({ ...before }, { ...after }, { path: '', label: '', kind: after.kind, depth: 0 });
}

function diffObjects(before: Record<string, unknown>, after: Record<string, unknown>, place: Place): FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => diffValues(before[field], after[field], inside(place, field)));
}

function inside(place: Place, field: string): Place {
  return {
    path: place.path === '' ? field : `${place.path}.${field}`,
    label: [place.label, fieldLabel(place.kind, field, place.depth)].filter(Boolean).join(' · '),
    kind: place.kind,
    depth: place.depth + 1,
  };
}

function diffValues(before: unknown, after: unknown, place: Place): FieldChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) || Array.isArray(after)) return diffLists(asList(before), asList(after), place);
  if (isRecord(before) && isRecord(after)) return diffObjects(before, after, place);
  if (typeof before === 'string' && typeof after === 'string' && (before.includes('\n') || after.includes('\n'))) {
    return diffLines(before.split('\n'), after.split('\n'), place);
  }
  return [change(place, before, after)];
}

function diffLists(before: readonly unknown[], after: readonly unknown[], place: Place): FieldChange[] {
  const [old, fresh] = [byName(before), byName(after)];
  if (!old || !fresh) return diffLines(before.map(valueText), after.map(valueText), place);
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const at = { ...place, path: `${place.path}[${name}]`, label: `${place.label}「${name}」` };
    return diffValues(old.get(name), fresh.get(name), at);
  });
  return changes.length > 0 ? changes : [reordered(place, [...old.keys()], [...fresh.keys()])];
}

/** Lines that went and lines that came, in reading order. */
function diffLines(before: readonly string[], after: readonly string[], place: Place): FieldChange[] {
  const kept = commonLines(before, after);
  const changes: FieldChange[] = [];
  let [i, j] = [0, 0];
  for (const line of [...kept, undefined]) {
    const gone: string[] = [];
    const come: string[] = [];
    while (i < before.length && before[i] !== line) gone.push(before[i++] as string);
    while (j < after.length && after[j] !== line) come.push(after[j++] as string);
    for (let k = 0; k < Math.max(gone.length, come.length); k++) changes.push(change(place, gone[k], come[k]));
    i++;
    j++;
  }
  return changes.filter((one) => (one.before ?? '') !== '' || (one.after ?? '') !== '');
}

/** A longest common subsequence; what is alike at both ends is not searched, so a small edit of a long text stays quick. */
function commonLines(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (a.length * b.length > mostCompared) return [...before.slice(0, start), ...before.slice(before.length - end)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] as Uint32Array;
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const middle: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      middle.push(a[i] as string);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return [...before.slice(0, start), ...middle, ...before.slice(before.length - end)];
}

/** Records by the name a reader knows them by; undefined for plain values or when names are missing or not unique. */
function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const one of list) {
    if (!isRecord(one)) return undefined;
    const name = one.name ?? one.stage ?? one.document ?? one.type ?? one.id;
    if (typeof name !== 'string' || named.has(name)) return undefined;
    named.set(name, one);
  }
  return named;
}

function reordered(place: Place, before: readonly string[], after: readonly string[]): FieldChange {
  return { path: place.path, label: `${place.label}（顺序）`, before: before.join('、'), after: after.join('、') };
}

function change(place: Place, before: unknown, after: unknown): FieldChange {
  return {
    path: place.path,
    label: place.label,
    ...(before === undefined ? {} : { before: valueText(before) }),
    ...(after === undefined ? {} : { after: valueText(after) }),
  };
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
