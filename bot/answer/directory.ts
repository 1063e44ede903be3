/** Errands by what links them: a material they need, the department that handles them, whom they are for, their theme. */
import { admits } from '../../knowledge/index/filter.ts';
import type { KnowledgeIndex, Passage, PassageElement, SearchFilter } from '../../knowledge/index/types.ts';
import { type Audience, type Contact, type Guide, titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Texts } from '../texts.ts';
import { Citations, type Draft } from './draft.ts';

/** `material`: errands one must bring it to · `any`: a department, kind of applicant or theme, whichever the words name. */
export interface ListWish {
  readonly by: 'material' | 'any';
  readonly words: string;
}

export type Facet = 'material' | 'department' | 'audience' | 'topic';

/** Guides in force that one facet's value links, in the order of the pack. */
export interface Listing {
  readonly facet: Facet;
  /** The value as the citizen may read it. */
  readonly name: string;
  readonly guides: readonly Guide[];
}

/** As many as one can choose from at a glance; the rest by theme. */
const mostShown = 8;
const mostThemes = 4;
/** A theme of one errand is that errand. */
const fewestOfTheme = 2;

/** GB/T 39554.2 服务对象 in the words people use. */
const audiences: readonly { words: RegExp; audience: Audience; name: string }[] = [
  { words: /^(?:企业|公司|单位|法人|商家|开公司的?|办企业的?)$/, audience: 'enterprise', name: '企业' },
  { words: /^(?:个人|市民|老百姓|自然人|居民|群众)$/, audience: 'natural_person', name: '个人' },
  { words: /^(?:事业单位)$/, audience: 'institution', name: '事业单位' },
  { words: /^(?:社会组织|社团|民办非企业(?:单位)?|基金会)$/, audience: 'social_org', name: '社会组织' },
];

/** The list a wish means; undefined where the knowledge has no such material, department, audience or theme. */
export function listingOf(wish: ListWish, index: KnowledgeIndex, lexicon: Lexicon, filter: SearchFilter): Listing | undefined {
  const inForce = index.items().filter((item) => admits(item, filter) && index.passagesOf(item.id).length > 0);
  const guides = inForce.filter((item) => item.kind === 'guide' && item.state === 'in_force') as Guide[];
  const wanted = lexicon.canonical(wish.words);
  if (wish.by === 'material') {
    const needing = guides.filter((guide) => guide.materials.some((one) => lexicon.canonical(one.name).includes(wanted)));
    return needing.length > 0 ? { facet: 'material', name: wish.words, guides: needing } : undefined;
  }
  const called = (contact: Contact) => [contact.name, ...contact.aliases].some((name) => lexicon.canonical(name) === wanted);
  const office = inForce.find((item): item is Contact => item.kind === 'contact' && called(item));
  if (office) {
    const handled = guides.filter((guide) => guide.department === office.name);
    return handled.length > 0 ? { facet: 'department', name: office.name, guides: handled } : undefined;
  }
  const applicant = audiences.find(({ words }) => words.test(wish.words));
  if (applicant) {
    const meant = guides.filter(({ audience }) => audience.includes(applicant.audience));
    return meant.length > 0 ? { facet: 'audience', name: applicant.name, guides: meant } : undefined;
  }
  const ofTheme = guides.filter((guide) => guide.topics.some((topic) => lexicon.canonical(topic).includes(wanted)));
  return ofTheme.length >= fewestOfTheme ? { facet: 'topic', name: wish.words, guides: ofTheme } : undefined;
}

const asksWhomToCall = /电话|热线|号码|打给|找谁|找哪|哪个部门|谁管|报修|怎么|咋|如何|投诉|申诉|在哪|哪里/;
const asksAboutNumber =
  /(?<!\d)(1\d{2}|1[02]\d{3}|9\d{4})(?!\d).{0,6}(?:是什么|是啥|是干|是哪|管什么|管啥|干什么|干嘛|负责|几点|什么时候|热线|电话|能打)/;

/** A line told by its number; `item` undefined: nobody's number, so that its neighbour is not taken for it. */
export function lineByNumber(
  plain: string,
  index: KnowledgeIndex,
  filter: SearchFilter,
): { readonly item: Contact | undefined } | undefined {
  const number = asksAboutNumber.exec(plain)?.[1];
  if (number === undefined) return undefined;
  return { item: index.items().find((item): item is Contact => item.kind === 'contact' && item.phone === number && admits(item, filter)) };
}

/** The line to ring about a matter that no errand settles: 停电了打什么电话. Input: `Lexicon.plain` of the message. */
export function lineFor(plain: string, index: KnowledgeIndex, filter: SearchFilter): Contact | undefined {
  if (!asksWhomToCall.test(plain)) return undefined;
  let best: { line: Contact; length: number } | undefined;
  for (const item of index.items()) {
    if (item.kind !== 'contact' || !admits(item, filter)) continue;
    for (const matter of item.matters)
      if (matter.length > (best?.length ?? 0) && plain.includes(matter)) best = { line: item, length: matter.length };
  }
  return best?.line;
}

/** Some errands of a list as a reply; one press leads to each. */
export interface ListPage {
  readonly draft: Draft;
  /** What its buttons or numbers choose, in their order. */
  readonly options: readonly { readonly title: string; readonly value: string; readonly itemId?: string }[];
  /** Where the list goes on; undefined at its end. */
  readonly next: number | undefined;
}

/** The errands of a list from the `from`-th on; a long list goes on by pages and by theme. */
export function listDraft({ facet, name, guides }: Listing, from: number, index: KnowledgeIndex, texts: Texts): ListPage {
  const start = from < guides.length ? from : 0;
  const shown = guides.slice(start, start + mostShown);
  const rest = guides.slice(start + mostShown);
  const citations = new Citations();
  const marks = shown.flatMap((guide) => {
    const passage = passageFor(index.passagesOf(guide.id), facet === 'material' ? 'materials' : 'summary');
    return passage ? [citations.mark(passage)] : [];
  });
  const lines = [`${texts.listing[facet](name)} ${marks.join('')}`];
  if (facet === 'material' && shown.some((guide) => guide.materials.some((one) => one.exempt))) lines.push(texts.listing.exempt);
  const themes = facet === 'topic' ? [] : themesOf(rest);
  const options = [
    ...shown.map((guide) => ({ title: titleOf(guide), value: titleOf(guide), itemId: guide.id })),
    ...(rest.length > 0 ? [{ title: texts.listing.more, value: '还有哪些' }] : []),
    ...themes.map((theme) => ({ title: theme, value: `跟${theme}有关的事有哪些` })),
  ];
  return {
    options,
    next: rest.length > 0 ? start + mostShown : undefined,
    draft: {
      text: lines.join('\n'),
      citations: citations.list,
      quickReplies: options.map(({ title, value }) => ({ kind: 'say' as const, title, value })),
      origin: 'guide',
      expectsInput: true,
    },
  };
}

const passageFor = (passages: readonly Passage[], element: PassageElement): Passage | undefined =>
  passages.find((passage) => passage.element === element) ?? passages[0];

/** The themes most of these errands have; only those that make a list. */
function themesOf(guides: readonly Guide[]): string[] {
  const counts = new Map<string, number>();
  for (const topic of guides.flatMap((guide) => guide.topics)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= fewestOfTheme)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostThemes)
    .map(([topic]) => topic);
}
