/** Checks a knowledge base as a whole: what contradicts, repeats, leads nowhere, runs out or is missing. */
import type { KnowledgeItem } from '../item.ts';
import { contactData } from './contact-data.ts';
import { contradictions } from './contradictions.ts';
import { coverageOf, type ListedItem, notCovered } from './coverage.ts';
import { duplicates } from './duplicates.ts';
import type { Finding, Severity } from './finding.ts';
import { deadLinks, type FlowLinks } from './links.ts';
import { mattersOf } from './matters.ts';
import { upkeep } from './upkeep.ts';

export interface CheckOptions {
  /** ISO date. */
  readonly today: string;
  /** Flows of the pack, so that their references are checked too. */
  readonly flows?: readonly FlowLinks[];
  /** The official list of service items, for coverage. */
  readonly officialList?: readonly ListedItem[];
}

const order: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Everything found wrong with `items`, worst first, then by kind and id. Give it what is or will be served: not what was withdrawn.
 * Takes some seconds for ten thousand items and doesn't yield: run it outside a serving process.
 */
export function checkKnowledge(items: readonly KnowledgeItem[], options: CheckOptions): Finding[] {
  const matters = mattersOf(items);
  const findings = [
    ...contradictions(matters),
    ...contactData(matters, items),
    ...deadLinks(matters, items, options.flows ?? []),
    ...duplicates(matters, items),
    ...upkeep(matters, items, options.today),
    ...(options.officialList ? notCovered(coverageOf(items, options.officialList)) : []),
  ];
  const rank = (finding: Finding): string => `${order.indexOf(finding.severity)}|${finding.kind}|${finding.items[0] ?? ''}`;
  return findings
    .map((finding) => ({ finding, rank: rank(finding) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .map(({ finding }) => finding);
}
