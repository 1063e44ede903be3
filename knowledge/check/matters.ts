/** Which items of a knowledge base speak of the same matter: guides with their FAQs and the policies behind them. */
import type { Contact, Faq, Guide, KnowledgeItem, Policy } from '../item.ts';
import { keyOf } from './similar.ts';

export interface Matters {
  readonly guides: readonly Guide[];
  readonly faqs: readonly Faq[];
  readonly policies: readonly Policy[];
  readonly contacts: readonly Contact[];
  readonly byId: ReadonlyMap<string, KnowledgeItem>;
  /** The guide a FAQ names, if it exists. */
  guideOf(faq: Faq): Guide | undefined;
  /** Policies that a guide or its topic rests on. */
  policiesOf(guide: Guide): readonly Policy[];
  /** Guides whose topic a policy rules. */
  guidesOf(policy: Policy): readonly Guide[];
  /** Policies that a FAQ names as its basis. */
  citedBy(faq: Faq): readonly Policy[];
  /** Guides that a text names, by at least three characters of one of their names. */
  namedIn(text: string): readonly Guide[];
}

const namePart = 3;

/** Sorts the items into matters once, so that every rule asks cheaply. */
export function mattersOf(items: readonly KnowledgeItem[]): Matters {
  const guides = items.filter((item) => item.kind === 'guide');
  const policies = items.filter((item) => item.kind === 'policy');
  const byId = new Map(items.map((item) => [item.id, item]));
  const titles = new Map(
    policies.flatMap((policy) =>
      [keyOf(policy.title), ...(policy.docNo ? [keyOf(policy.docNo)] : [])].map((key) => [key, policy] as const),
    ),
  );
  const policyKeys = policies.map((policy) => ({ policy, key: keyOf(policy.title) }));
  const taggedBy = groupBy(policies, (policy) => policy.department ?? '');
  const rests = new Map<string, readonly Policy[]>();
  const rules = new Map<string, Guide[]>();
  for (const guide of guides) {
    const cited = guide.legalBasis.flatMap(({ document, number }) => [document, number ?? ''].map((name) => titles.get(keyOf(name))));
    const tagged = (guide.department ? (taggedBy.get(guide.department) ?? []) : []).filter((policy) => sharesTopic(policy, guide));
    const found = [...new Set([...cited, ...tagged])].filter((policy) => policy !== undefined);
    rests.set(guide.id, found);
    for (const policy of found) rules.set(policy.id, [...(rules.get(policy.id) ?? []), guide]);
  }
  let names: Map<string, Set<Guide>> | undefined;
  return {
    guides,
    faqs: items.filter((item) => item.kind === 'faq'),
    policies,
    contacts: items.filter((item) => item.kind === 'contact'),
    byId,
    guideOf: (faq) => {
      const found = faq.guideId === undefined ? undefined : byId.get(faq.guideId);
      return found?.kind === 'guide' ? found : undefined;
    },
    policiesOf: (guide) => rests.get(guide.id) ?? [],
    guidesOf: (policy) => rules.get(policy.id) ?? [],
    citedBy: (faq) => {
      const basis = faq.basis.map(keyOf);
      return basis.length === 0
        ? []
        : policyKeys.flatMap(({ policy, key }) => (basis.some((words) => words.includes(key)) ? [policy] : []));
    },
    namedIn: (text) => {
      names ??= namesIndex(guides);
      const index = names;
      return [...new Set(parts(keyOf(text)).flatMap((part) => [...(index.get(part) ?? [])]))];
    },
  };
}

/** A policy's tag in the guide's name, in the same department: 居住证 in 居住证申领. */
function sharesTopic(policy: Policy, guide: Guide): boolean {
  if (policy.region !== undefined && guide.region !== undefined && policy.region !== guide.region) return false;
  const names = [guide.name, guide.handlingItemName ?? '', ...guide.aliases];
  return policy.tags.some((tag) => tag.length >= 2 && names.some((name) => name.includes(tag)));
}

function namesIndex(guides: readonly Guide[]): Map<string, Set<Guide>> {
  const index = new Map<string, Set<Guide>>();
  for (const guide of guides) {
    for (const part of [guide.name, guide.handlingItemName ?? '', ...guide.aliases].flatMap((name) => parts(keyOf(name)))) {
      const known = index.get(part);
      if (known) known.add(guide);
      else index.set(part, new Set([guide]));
    }
  }
  return index;
}

function parts(key: string): string[] {
  return Array.from({ length: Math.max(0, key.length - namePart + 1) }, (_, i) => key.slice(i, i + namePart));
}

/** 事项名称（业务办理项名称）: handling items of different matters often share their own name (户籍地申请). */
export function fullName({ name, handlingItemName }: Guide): string {
  return handlingItemName === undefined || keyOf(handlingItemName).includes(keyOf(name))
    ? (handlingItemName ?? name)
    : `${name}（${handlingItemName}）`;
}

/** Items by a key, in order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
