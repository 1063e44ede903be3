/** What is wrong with a suite before it is run: doubles, leakage from train to test, contradictions, facts that the knowledge no longer says. */
import { z } from 'zod';
import { passagesOf } from '../knowledge/index/passages.ts';
import type { KnowledgeItem } from '../knowledge/item.ts';
import { normalise } from '../knowledge/text/normalise.ts';
import { bigrams } from '../knowledge/text/tokenise.ts';
import { readRows } from './data.ts';
import { type Fact, factSchema, judge } from './metrics/facts.ts';
import type { Suite } from './suite.ts';

export interface LintFinding {
  readonly severity: 'error' | 'warning';
  readonly kind:
    | 'duplicate_id'
    | 'duplicate'
    | 'near_duplicate'
    | 'leakage'
    | 'contradiction'
    | 'unknown_document'
    | 'fact_not_in_source'
    | 'weak_fact'
    | 'too_few';
  readonly ids: readonly string[];
  readonly message: string;
}

/** Any row of any kind, as far as the checks look at it. */
const rowSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  question: z.string().optional(),
  text: z.string().optional(),
  label: z.string().optional(),
  expect: z.unknown().optional(),
  docIds: z.array(z.string()).optional(),
  cites: z.array(z.string()).optional(),
  answer: z.unknown().optional(),
  facts: z.array(factSchema).optional(),
});
type Row = z.infer<typeof rowSchema> & { id: string };

const nearly = 0.9;
/** Fewer cases than this say little (reference evaluation.md §4). */
const fewest: Partial<Record<Suite['kind'], number>> = { retrieval: 300, answer: 300, intent: 600, safety: 300 };

const wordsOf = (row: Row): string => normalise(row.question ?? row.text ?? '').replace(/[\p{P}\s]+/gu, '');
const truthOf = (row: Row): string => JSON.stringify([row.label, row.expect, [...(row.docIds ?? [])].sort(), row.answer]);

/** Checks a suite. `items`: the knowledge its documents belong to. Throws `DataError` for data that can't be read. */
export async function lintSuite(suite: Suite, items: readonly KnowledgeItem[]): Promise<LintFinding[]> {
  const rows = (await Promise.all(suite.dataset.map((file) => readRows(file, rowSchema)))).flat().map(named);
  const train = (await Promise.all((suite.train ?? []).map((file) => readRows(file, rowSchema)))).flat().map(named);
  return [
    ...sameIds(rows),
    ...doubles(rows),
    ...nearDoubles(rows),
    ...leakage(rows, train),
    ...weakFacts(rows),
    ...(items.length > 0 ? againstKnowledge(rows, items) : []),
    ...tooFew(suite, rows.length),
  ];
}

const named = (row: z.infer<typeof rowSchema>, i: number): Row => ({ ...row, id: row.id ?? row.name ?? `#${i + 1}` });

function sameIds(rows: readonly Row[]): LintFinding[] {
  const seen = new Set<string>();
  return rows.flatMap(({ id }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ severity: 'error' as const, kind: 'duplicate_id' as const, ids: [id], message: 'this id is there twice' }];
  });
}

/** The same words: a duplicate when they want the same, a contradiction when they don't. */
function doubles(rows: readonly Row[]): LintFinding[] {
  const first = new Map<string, Row>();
  return rows.flatMap((row): LintFinding[] => {
    const words = wordsOf(row);
    const before = first.get(words);
    if (words === '' || !before) {
      first.set(words, row);
      return [];
    }
    const same = truthOf(before) === truthOf(row);
    return [
      {
        severity: same ? 'warning' : 'error',
        kind: same ? 'duplicate' : 'contradiction',
        ids: [before.id, row.id],
        message: same ? 'the same words twice' : 'the same words with different answers',
      },
    ];
  });
}

/** Pairs that share nearly all character pairs; only texts of about the same length are compared. */
function nearDoubles(rows: readonly Row[]): LintFinding[] {
  const sets = rows.map((row) => ({ row, pairs: new Set(bigrams(wordsOf(row))) })).filter(({ pairs }) => pairs.size >= 4);
  sets.sort((a, b) => a.pairs.size - b.pairs.size);
  const findings: LintFinding[] = [];
  for (const [i, a] of sets.entries()) {
    for (let j = i + 1; j < sets.length; j++) {
      const b = sets[j] as (typeof sets)[number];
      if (a.pairs.size < nearly * b.pairs.size) break;
      let both = 0;
      for (const pair of a.pairs) if (b.pairs.has(pair)) both++;
      const share = both / (a.pairs.size + b.pairs.size - both);
      if (share < nearly || wordsOf(a.row) === wordsOf(b.row)) continue;
      findings.push({
        severity: 'warning',
        kind: 'near_duplicate',
        ids: [a.row.id, b.row.id],
        message: `${Math.round(share * 100)} % the same`,
      });
    }
  }
  return findings;
}

/** 能 stands in every answer. */
const shortestFact = 2;

function weakFacts(rows: readonly Row[]): LintFinding[] {
  return rows.flatMap((row): LintFinding[] => {
    const weak = ((row.facts ?? []) as Fact[]).flatMap((fact) => (fact.any ?? []).filter((wording) => wording.length < shortestFact));
    if (weak.length === 0) return [];
    return [{ severity: 'warning', kind: 'weak_fact', ids: [row.id], message: `too short to prove anything: ${weak.join(', ')}` }];
  });
}

function leakage(rows: readonly Row[], train: readonly Row[]): LintFinding[] {
  const learned = new Map(train.map((row) => [wordsOf(row), row]));
  return rows.flatMap((row): LintFinding[] => {
    const other = learned.get(wordsOf(row));
    if (!other || wordsOf(row) === '') return [];
    const same = other.label === row.label;
    return [
      {
        severity: same ? 'warning' : 'error',
        kind: same ? 'leakage' : 'contradiction',
        ids: [row.id, other.id],
        message: same
          ? 'this text stands in the training part too'
          : `labelled ${row.label ?? ''} here, ${other.label ?? ''} in the training part`,
      },
    ];
  });
}

/** Documents that are not there, and facts that none of the gold documents says: wrong from the start, or the knowledge has changed. */
function againstKnowledge(rows: readonly Row[], items: readonly KnowledgeItem[]): LintFinding[] {
  const texts = new Map<string, string>();
  for (const item of items) {
    const passages = passagesOf(item);
    texts.set(item.id, passages.map(({ text }) => text).join('\n'));
    for (const passage of passages) texts.set(passage.id, passage.text);
  }
  return rows.flatMap((row): LintFinding[] => {
    const gold = row.cites ?? row.docIds ?? [];
    const unknown = gold.filter((id) => !texts.has(id));
    const source = gold.map((id) => texts.get(id) ?? '').join('\n');
    const unsaid = row.facts && gold.length > 0 ? judge(source, row.facts as Fact[], []).missing : [];
    return [
      ...(unknown.length > 0
        ? [
            {
              severity: 'error' as const,
              kind: 'unknown_document' as const,
              ids: [row.id],
              message: `not in the knowledge: ${unknown.join(', ')}`,
            },
          ]
        : []),
      ...(unsaid.length > 0
        ? [
            {
              severity: 'warning' as const,
              kind: 'fact_not_in_source' as const,
              ids: [row.id],
              message: `its documents don’t say: ${unsaid.join(', ')}`,
            },
          ]
        : []),
    ];
  });
}

function tooFew(suite: Suite, n: number): LintFinding[] {
  const least = fewest[suite.kind];
  if (least === undefined || n >= least) return [];
  return [
    {
      severity: 'warning',
      kind: 'too_few',
      ids: [],
      message: `${n} cases; ${least} or more make figures of this kind firm (wenban eval power)`,
    },
  ];
}
