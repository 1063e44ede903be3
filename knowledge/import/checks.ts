/** What must hold inside a guide and between items. Rules: the linter list after the elements of GB/T 39554.2 in the reference (§2). */
import { type Guide, missingElements, type TimeLimit } from '../item.ts';
import { fieldOfElement } from './fields.ts';
import type { Entry } from './items.ts';
import type { Problem } from './problem.ts';
import { type Path, problemAt } from './record.ts';
import { isWebAddress } from './values.ts';

/** What the pack holds already and keeps, so that a new file may refer to it. */
export interface Known {
  readonly guideIds: ReadonlySet<string>;
  /** Everyday name → guide that has it. */
  readonly aliases: ReadonlyMap<string, string>;
}

type Finding = readonly [path: Path, message: string, severity?: 'warning'];

export interface EntryFinding {
  readonly entry: Entry;
  readonly problem: Problem;
}

/** All findings about the items read, each at its line. */
export function checkEntries(entries: readonly Entry[], known: Known): Problem[] {
  return findingsOf(entries, known).map(({ problem }) => problem);
}

/** The same, each with the entry it is about. */
export function findingsOf(entries: readonly Entry[], known: Known): EntryFinding[] {
  const guideIds = new Set([...known.guideIds, ...entries.filter(({ item }) => item.kind === 'guide').map(({ item }) => item.id)]);
  const own = entries.flatMap((entry) => ownProblems(entry, guideIds).map((problem) => ({ entry, problem })));
  return [...duplicateIds(entries), ...sharedAliases(entries, known), ...own];
}

function ownProblems(entry: Entry, guideIds: ReadonlySet<string>): Problem[] {
  const { item, record } = entry;
  const problems = addresses(item).map(([path, message]) => problemAt(record, path, message));
  if (item.validFrom !== undefined && item.validTo !== undefined && item.validTo < item.validFrom) {
    problems.push(problemAt(record, ['validTo'], `is before validFrom (${item.validFrom})`));
  }
  if (item.kind === 'faq' && item.guideId !== undefined && !guideIds.has(item.guideId)) {
    problems.push(problemAt(record, ['guideId'], `there is no guide “${item.guideId}”`, entry.strict ? 'error' : 'warning'));
  }
  if (item.kind !== 'guide') return problems;
  for (const [path, message] of unknownScenarios(item)) problems.push(problemAt(record, path, message));
  const findings = [...contradictions(item), ...(item.state === 'in_force' && entry.strict ? missing(item) : [])];
  for (const [path, message, severity] of findings) {
    problems.push(problemAt(record, path, message, entry.strict ? (severity ?? 'error') : 'warning'));
  }
  return problems;
}

function duplicateIds(entries: readonly Entry[]): EntryFinding[] {
  const first = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const before = first.get(entry.item.id);
    if (!before) {
      first.set(entry.item.id, entry);
      return [];
    }
    const message = `“${entry.item.id}” is already the id of ${before.record.file}:${before.record.line}`;
    return [{ entry, problem: problemAt(entry.record, ['id'], message) }];
  });
}

function sharedAliases(entries: readonly Entry[], known: Known): EntryFinding[] {
  const given = new Set(entries.map(({ item }) => item.id));
  const owners = new Map([...known.aliases].filter(([, id]) => !given.has(id)));
  return entries.flatMap((entry) => {
    const { item, record } = entry;
    if (item.kind !== 'guide') return [];
    return item.aliases.flatMap((alias, index) => {
      const owner = owners.get(alias);
      owners.set(alias, owner ?? item.id);
      if (owner === undefined || owner === item.id) return [];
      return [{ entry, problem: problemAt(record, ['aliases', index], `“${alias}” is also a name of guide ${owner}`, 'warning') }];
    });
  });
}

/** Addresses a citizen will be given must open in a browser and nothing else (no javascript:, no file:). */
function addresses(value: unknown, path: Path = []): Finding[] {
  if (typeof value === 'string') {
    const name = String(path.at(-1));
    return /(^u|U)rl$/.test(name) && !isWebAddress(value) ? [[path, 'should start with http:// or https://']] : [];
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => addresses(entry, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => addresses(entry, [...path, key]));
}

function unknownScenarios(guide: Guide): Finding[] {
  const ids = new Set(guide.scenarios.map((scenario) => scenario.id));
  return guide.materials.flatMap((material, index) =>
    material.scenarioIds.flatMap((id, at): Finding[] =>
      ids.has(id) ? [] : [[['materials', index, 'scenarioIds', at], `there is no scenario “${id}” in this guide`]],
    ),
  );
}

function contradictions(guide: Guide): Finding[] {
  const findings: Finding[] = [];
  const { promisedLimit, statutoryLimit } = guide;
  if (promisedLimit && statutoryLimit && isLonger(promisedLimit, statutoryLimit)) {
    findings.push([['promisedLimit'], 'is longer than statutoryLimit']);
  }
  if (guide.isCharged === true && guide.fees.length === 0) findings.push([['fees'], 'is missing although isCharged is true']);
  if (guide.isCharged === false && guide.fees.length > 0) findings.push([['fees'], 'is given although isCharged is false']);
  for (const [index, fee] of guide.fees.entries()) {
    if (fee.basis === undefined) findings.push([['fees', index, 'basis'], 'is missing: a fee needs its basis', 'warning']);
  }
  if (guide.isOnline === true && guide.onlineUrl === undefined && guide.mobileUrl === undefined) {
    findings.push([['onlineUrl'], 'is missing although isOnline is true']);
  }
  const remote = guide.isOnline === true || guide.canExpress === true || guide.handleModes.some((mode) => mode !== 'window');
  if (guide.visitCount === 0 && !remote) findings.push([['visitCount'], 'is 0, but the guide is neither online nor by express']);
  for (const [index, material] of guide.materials.entries()) {
    if (material.exempt && material.source === 'applicant') {
      findings.push([['materials', index, 'source'], 'is applicant, but the material is exempt: nobody need bring it', 'warning']);
    }
  }
  return findings;
}

/** Longer for certain: working days, natural days and months are compared by the least and most natural days they can take. */
function isLonger(a: TimeLimit, b: TimeLimit): boolean {
  if (a.unit === b.unit) return a.value > b.value;
  return naturalDays(a)[0] > naturalDays(b)[1];
}

function naturalDays(limit: TimeLimit): readonly [least: number, most: number] {
  if (limit.unit === 'natural_day') return [limit.value, limit.value];
  // Weekends take two days in seven; the longest public holiday closes offices for about nine days.
  return limit.unit === 'month' ? [limit.value * 28, limit.value * 31] : [limit.value, limit.value * 1.4 + 11];
}

function missing(guide: Guide): Finding[] {
  return missingElements(guide).flatMap((label): Finding[] => {
    // A fee without record is already told by `contradictions`.
    if (label === '收费项目') return [];
    if (label === '材料来源渠道') return materialGaps(guide);
    return [[[fieldOfElement(label) ?? label], `is missing or incomplete: 「${label}」 is a mandatory element`]];
  });
}

function materialGaps(guide: Guide): Finding[] {
  return guide.materials.flatMap((material, index) =>
    (['source', 'copyType', 'medium'] as const).flatMap((field): Finding[] =>
      material[field] === undefined ? [[['materials', index, field], 'is missing: every material says how it is provided']] : [],
    ),
  );
}
