/** How much of the official list of service items the knowledge base answers. */
import { type Guide, type KnowledgeItem, titleOf } from '../item.ts';
import type { Finding } from './finding.ts';
import { keyOf } from './similar.ts';

/** One entry of the official list (事项清单). */
export interface ListedItem {
  readonly name: string;
  readonly catalogCode?: string | undefined;
  readonly taskCode?: string | undefined;
}

export interface Coverage {
  /** Guides in force by how they are listed. */
  readonly guides: Readonly<Record<Guide['itemType'], number>>;
  /** Guides that are not in force: nothing is answered from them. */
  readonly notInForce: number;
  /** Entries of the official list, when one was given. */
  readonly listed?: number;
  readonly withGuide?: number;
  /** Entries nobody can ask about. */
  readonly withoutGuide?: readonly ListedItem[];
}

/** Counts guides, and matches them with the official list by code, else by name. */
export function coverageOf(items: readonly KnowledgeItem[], list?: readonly ListedItem[]): Coverage {
  const all = items.filter((item) => item.kind === 'guide');
  const inForce = all.filter((guide) => guide.state === 'in_force');
  const guides = { listed: 0, bundle: 0, convenience: 0, value_added: 0 };
  for (const guide of inForce) guides[guide.itemType] += 1;
  const counts = { guides, notInForce: all.length - inForce.length };
  if (!list) return counts;
  const codes = new Set(inForce.flatMap((guide) => [guide.catalogCode, guide.taskCode]).filter((code) => code !== undefined));
  const names = new Set(inForce.flatMap((guide) => [guide.name, titleOf(guide)]).map(keyOf));
  const answered = ({ name, catalogCode, taskCode }: ListedItem): boolean =>
    [catalogCode, taskCode].some((code) => code !== undefined && codes.has(code)) || names.has(keyOf(name));
  const withoutGuide = list.filter((entry) => !answered(entry));
  return { ...counts, listed: list.length, withGuide: list.length - withoutGuide.length, withoutGuide };
}

/** One finding for everything on the list that has no guide. */
export function notCovered({ listed, withGuide, withoutGuide }: Coverage): Finding[] {
  if (!withoutGuide || withoutGuide.length === 0) return [];
  const names = withoutGuide.slice(0, 5).map(({ name }) => `《${name}》`);
  const message = `事项清单共 ${listed} 项，${withGuide} 项有指南，${withoutGuide.length} 项没有：${names.join('')}${withoutGuide.length > 5 ? '等' : ''}。请补上指南`;
  return [{ kind: 'not_covered', severity: 'warning', items: [], message }];
}
