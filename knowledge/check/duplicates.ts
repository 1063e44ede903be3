/** Entries that say or ask the same: a citizen's question then finds two answers. */
import { type Faq, type KnowledgeItem, titleOf } from '../item.ts';
import type { Finding } from './finding.ts';
import { fullName, groupBy, type Matters } from './matters.ts';
import { keyOf, similarPairs } from './similar.ts';

/** Questions this alike differ in a particle or a comma. */
const nearlySame = 0.9;

/** Same titles, names shared by guides, and questions that are the same or nearly so. */
export function duplicates(matters: Matters, items: readonly KnowledgeItem[]): Finding[] {
  return [...sameTitles(items), ...sharedNames(matters), ...sameQuestions(matters.faqs)];
}

/** Guides, policies and contacts of one region and department under one title. Guides for different audiences are no duplicates. */
function sameTitles(items: readonly KnowledgeItem[]): Finding[] {
  const groups = groupBy(
    items.filter((item) => item.kind !== 'faq'),
    (item) => {
      const own =
        item.kind === 'guide' ? [item.useLevel ?? '', item.deptCode ?? '', [...item.audience].sort().join()] : [item.validFrom ?? ''];
      return [item.kind, keyOf(nameOf(item)), item.region ?? '', item.department ?? '', ...own].join('|');
    },
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length < 2) return [];
    return [
      {
        kind: 'duplicate' as const,
        severity: 'warning' as const,
        items: group.map(({ id }) => id),
        field: first.kind === 'policy' ? 'title' : 'name',
        message: `有 ${group.length} 条同名内容“${nameOf(first)}”。请合并成一条，或在名称里写清区别`,
      },
    ];
  });
}

const nameOf = (item: KnowledgeItem): string => (item.kind === 'guide' ? fullName(item) : titleOf(item));

/** An everyday name of one guide that is also a name of another one of the region. */
function sharedNames({ guides }: Matters): Finding[] {
  const inForce = guides.filter((guide) => guide.state === 'in_force');
  const names = inForce.flatMap((guide) => [
    ...guide.aliases.map((name) => ({ guide, name, key: keyOf(name), alias: true })),
    { guide, name: titleOf(guide), key: keyOf(titleOf(guide)), alias: false },
  ]);
  const groups = groupBy(names, ({ guide, key }) => `${guide.region ?? ''}|${key}`);
  return [...groups.values()].flatMap((group): Finding[] => {
    const alias = group.find((one) => one.alias);
    const owners = [...new Set([...(alias ? [alias.guide] : []), ...group.map(({ guide }) => guide)])];
    // The same titles without any alias are told by `sameTitles`.
    if (!alias || owners.length < 2) return [];
    const titles = owners.slice(0, 4).map((guide) => `《${titleOf(guide)}》`);
    return [
      {
        kind: 'duplicate',
        severity: 'warning',
        items: owners.map(({ id }) => id),
        field: 'aliases',
        message: `别名“${alias.name}”同时指向${titles.join('')}。请只留给最常指的那一项，或改得更具体`,
      },
    ];
  });
}

/** FAQs of one region with the same or nearly the same question or way of asking; one finding a pair. */
function sameQuestions(faqs: readonly Faq[]): Finding[] {
  return [...groupBy(faqs, ({ region }) => region ?? '').values()].flatMap(sameQuestionsOfRegion);
}

function sameQuestionsOfRegion(faqs: readonly Faq[]): Finding[] {
  const asked = faqs.flatMap((faq) => [faq.question, ...faq.similar].map((text) => ({ faq, text, key: keyOf(text) })));
  const shared = new Map<string, { a: Faq; b: Faq; texts: Set<string>; exact: boolean }>();
  const note = (one: (typeof asked)[number], other: (typeof asked)[number]): void => {
    if (one.faq === other.faq) return;
    const pair = `${one.faq.id}|${other.faq.id}`;
    const known = shared.get(pair) ?? { a: one.faq, b: other.faq, texts: new Set<string>(), exact: false };
    known.texts.add(one.key === other.key ? one.text : `${one.text} / ${other.text}`);
    known.exact ||= one.key === other.key && one.text === one.faq.question && other.text === other.faq.question;
    shared.set(pair, known);
  };
  const byKey = [...groupBy(asked, ({ key }) => key).values()];
  for (const [first, ...rest] of byKey) if (first) for (const other of rest) note(first, other);
  const unique = byKey.flatMap(([first]) => (first ? [first] : []));
  for (const { a, b } of similarPairs(
    unique.map(({ key }) => key),
    nearlySame,
  )) {
    const [one, other] = [unique[a], unique[b]];
    if (one && other) note(one, other);
  }
  return [...shared.values()].map(({ a, b, texts, exact }) => ({
    kind: 'duplicate',
    severity: 'warning',
    items: [a.id, b.id],
    field: exact ? 'question' : 'similar',
    message: exact
      ? `两条常见问题都问“${a.question}”。请合并成一条`
      : `“${a.question}”和“${b.question}”有相同的问法：${[...texts].slice(0, 4).join('；')}。请只留在一条里，或改得更具体`,
  }));
}
