/** The knowledge index inside the process: BM25 over passages, names by `NameMatcher`. */
import type { KnowledgeItem } from '../item.ts';
import type { Lexicon } from '../text/lexicon.ts';
import { bigrams, terms } from '../text/tokenise.ts';
import { admits } from './filter.ts';
import { InvertedIndex } from './inverted.ts';
import { NameMatcher } from './names.ts';
import { namesOf, passagesOf } from './passages.ts';
import type { KnowledgeIndex, Passage, SearchFilter, SearchResult } from './types.ts';

interface Content {
  readonly revision: string;
  readonly items: ReadonlyMap<string, KnowledgeItem>;
  readonly byItem: ReadonlyMap<string, readonly Passage[]>;
  readonly passages: readonly Passage[];
  readonly passageIndex: InvertedIndex;
  readonly names: NameMatcher;
}

export class EmbeddedIndex implements KnowledgeIndex {
  readonly #lexicon: Lexicon;
  #content: Content;

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#content = build(lexicon, 'empty', []);
  }

  get revision(): string {
    return this.#content.revision;
  }

  async replace(content: { revision: string; items: readonly KnowledgeItem[] }): Promise<void> {
    this.#content = build(this.#lexicon, content.revision, content.items);
  }

  item(itemId: string): KnowledgeItem | undefined {
    return this.#content.items.get(itemId);
  }

  /** Everything the index holds. */
  items(): KnowledgeItem[] {
    return [...this.#content.items.values()];
  }

  passagesOf(itemId: string): readonly Passage[] {
    return this.#content.byItem.get(itemId) ?? [];
  }

  async search(query: string, filter: SearchFilter, limit: number): Promise<SearchResult> {
    const { passages, names, passageIndex, items } = this.#content;
    const canonical = this.#lexicon.canonical(query);
    const hits = passageIndex.search(terms(canonical), limit, (i) => admits(passages[i] as Passage, filter));
    const acceptItem = (itemId: string) => {
      const item = items.get(itemId);
      return item !== undefined && admits(item, filter);
    };
    return {
      passages: hits.map((hit) => ({ passage: passages[hit.document] as Passage, score: hit.score, coverage: hit.coverage })),
      names: names.match(query, limit, acceptItem).map(({ id, name, similarity }) => ({ itemId: id, name, similarity })),
      known: passageIndex.known(bigrams(canonical)),
    };
  }
}

function build(lexicon: Lexicon, revision: string, list: readonly KnowledgeItem[]): Content {
  const items = new Map(list.map((item) => [item.id, item]));
  const byItem = new Map(list.map((item) => [item.id, passagesOf(item)]));
  const searchable = list.filter((item) => (byItem.get(item.id)?.length ?? 0) > 0);
  const passages = searchable.flatMap((item) => byItem.get(item.id) ?? []);
  return {
    revision,
    items,
    byItem,
    passages,
    // The title stands before every passage: +2 points of MRR on real policy questions (reference nlu.md §1.1).
    passageIndex: new InvertedIndex(
      passages.map((passage) => ({ terms: terms(lexicon.canonical(`${passage.title}\n${passage.heading}\n${passage.text}`)) })),
      { kind: 'bm25', k1: 0.9, b: 0.4 },
    ),
    names: new NameMatcher(
      searchable.flatMap(namesOf).map((name) => ({ id: name.itemId, text: name.text })),
      lexicon,
    ),
  };
}
