/** The knowledge index: passages, whole items and names by their words, names also by meaning. Units live in this process or in Qdrant. */
import type { Embedder } from '../embeddings/embedder.ts';
import { type KnowledgeItem, titleOf } from '../item.ts';
import type { Lexicon } from '../text/lexicon.ts';
import { bigrams, grams } from '../text/tokenise.ts';
import { admits } from './filter.ts';
import { NameMatcher } from './names.ts';
import { namesOf, passagesOf, spokenNamesOf } from './passages.ts';
import type { KnowledgeIndex, NameHit, Passage, PassageHit, SearchFilter, SearchResult } from './types.ts';
import type { Unit, UnitHit, UnitLevel, UnitQuery, UnitStore } from './units.ts';
import { EmbeddedUnits } from './units-embedded.ts';

export interface HybridIndexOptions {
  readonly lexicon: Lexicon;
  /** Default: in this process. */
  readonly units?: UnitStore;
  /** Without one, a name that shares no word with the question is not found. */
  readonly embedder?: Embedder | undefined;
  /** Hears that a question could not be embedded: it was searched by its words alone. */
  readonly onDegraded?: (error: unknown) => void;
}

/** How units weigh their terms: chosen on the policy questions and service items (docs/retrieval.md). */
export const unitWeights = { k1: 0.9, b: 0.4 } as const;

interface Content {
  readonly revision: string;
  readonly items: ReadonlyMap<string, KnowledgeItem>;
  readonly byItem: ReadonlyMap<string, readonly Passage[]>;
  readonly byId: ReadonlyMap<string, Passage>;
  readonly names: NameMatcher;
}

/** Several names of one item may lead the list of names. */
const namesPerItem = 3;
/** Units made between two pauses: other work of the process goes on meanwhile. */
const slice = 256;

export class HybridIndex implements KnowledgeIndex {
  readonly #lexicon: Lexicon;
  readonly #units: UnitStore;
  readonly #embedder: Embedder | undefined;
  readonly #onDegraded: (error: unknown) => void;
  #content: Content;

  constructor({ lexicon, units, embedder, onDegraded }: HybridIndexOptions) {
    this.#lexicon = lexicon;
    this.#units = units ?? new EmbeddedUnits(unitWeights);
    this.#embedder = embedder;
    this.#onDegraded = onDegraded ?? (() => undefined);
    this.#content = contentOf(lexicon, 'empty', []);
  }

  get revision(): string {
    return this.#content.revision;
  }

  /** Errors: the unit store's and the embedder's; the old content then stays. */
  async replace({ revision, items }: { revision: string; items: readonly KnowledgeItem[] }): Promise<void> {
    const next = contentOf(this.#lexicon, revision, items);
    await this.#units.replace({ revision, units: await this.#unitsOf(next), embedderId: this.#embedder?.id });
    this.#content = next;
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

  /** Errors: those of the unit store. */
  async search(query: string, filter: SearchFilter, limit: number): Promise<SearchResult> {
    const content = this.#content;
    const canonical = this.#lexicon.canonical(query);
    const core = this.#lexicon.core(query);
    const meaning = this.#meaning(core);
    const names = (query: UnitQuery | undefined) => this.#ask(query, 'name', filter, limit * namesPerItem);
    const asked = [
      this.#ask({ terms: grams(canonical), denseWeight: 0 }, 'passage', filter, limit),
      this.#ask({ terms: grams(core), denseWeight: 0 }, 'item', filter, limit),
      meaning instanceof Promise ? meaning.then(names) : names(meaning),
    ] as const;
    const [passages, items, meant] = allHere(asked) ? asked : await Promise.all(asked);
    const accept = (itemId: string) => {
      const item = content.items.get(itemId);
      return item !== undefined && admits(item, filter);
    };
    const known: PassageHit[] = [];
    for (const { id, share, coverage } of passages) {
      // Units of a newer revision, switched in by another process, are not known here yet.
      const passage = content.byId.get(id);
      if (passage) known.push({ passage, share, coverage });
    }
    return {
      passages: known,
      items: items.filter(({ itemId }) => accept(itemId)).map(({ itemId, share, coverage }) => ({ itemId, share, coverage })),
      names: joined(content.names.match(query, limit, accept), meant, accept, limit * 2),
      known: this.#units.known(bigrams(canonical), 'item'),
    };
  }

  /** At once where the units are in this process: what waits takes longer than a small search does. */
  #ask(query: UnitQuery | undefined, level: UnitLevel, filter: SearchFilter, limit: number): UnitHit[] | Promise<UnitHit[]> {
    if (!query) return [];
    return this.#units.searchNow?.(query, level, filter, limit) ?? this.#units.search(query, level, filter, limit);
  }

  /** What to ask for names near in meaning; at once where the model is in this process. */
  #meaning(text: string): UnitQuery | undefined | Promise<UnitQuery | undefined> {
    const embedder = this.#embedder;
    if (!embedder || text === '') return undefined;
    const query = (vector: Float32Array | undefined) => vector && { terms: [], vector, denseWeight: 1 };
    if (embedder.vector) return query(embedder.vector(text));
    return embedder.embed([text], 'query').then(
      ([vector]) => query(vector),
      (error: unknown) => {
        this.#onDegraded(error);
        return undefined;
      },
    );
  }

  async #unitsOf(content: Content): Promise<Unit[]> {
    const units: Unit[] = [];
    const spoken: { unit: Omit<Unit, 'vector'>; text: string }[] = [];
    const termsOf = (text: string) => grams(this.#lexicon.canonical(text));
    let made = 0;
    for (const [itemId, passages] of content.byItem) {
      const item = content.items.get(itemId);
      if (!item || passages.length === 0) continue;
      const filter = filterOf(item);
      const whole = [...namesOf(item).map(({ text }) => text), ...item.tags].flatMap(termsOf);
      const title = termsOf(titleOf(item));
      for (const passage of passages) {
        const terms = termsOf(passage.text);
        // One by one: a long document has more terms than a call may have arguments.
        for (const term of terms) whole.push(term);
        units.push({
          id: passage.id,
          itemId,
          level: 'passage',
          // The title stands before every passage: +2 points of MRR on real policy questions (reference nlu.md §1.1). A FAQ's title is a
          // question of its own, which the names match as a whole; in the passage it would match half of any other question.
          terms: item.kind === 'faq' ? terms : [...title, ...termsOf(passage.heading), ...terms],
          filter,
        });
        if (++made % slice === 0) await new Promise(setImmediate);
      }
      units.push({ id: itemId, itemId, level: 'item', terms: whole, filter });
      if (this.#embedder)
        spokenNamesOf(item).forEach((text, i) => {
          spoken.push({ unit: { id: `${itemId}#${i}`, itemId, level: 'name', terms: [], filter }, text });
        });
    }
    for (let from = 0; this.#embedder && from < spoken.length; from += slice) {
      const part = spoken.slice(from, from + slice);
      const vectors = await this.#embedder.embed(
        part.map(({ text }) => text),
        'passage',
      );
      part.forEach(({ unit }, i) => {
        const vector = vectors[i];
        if (vector) units.push({ ...unit, vector });
      });
      await new Promise(setImmediate);
    }
    return units;
  }
}

const allHere = (asked: readonly (UnitHit[] | Promise<UnitHit[]>)[]): asked is readonly [UnitHit[], UnitHit[], UnitHit[]] =>
  asked.every((one) => Array.isArray(one));

/** One hit an item: how near its best name is by characters or sound, and by meaning. At most `limit`, best first. */
function joined(
  byWords: readonly { id: string; name: string; similarity: number }[],
  byMeaning: readonly UnitHit[],
  accept: (itemId: string) => boolean,
  limit: number,
): NameHit[] {
  const hits = new Map<string, { itemId: string; name: string | undefined; similarity: number; cosine: number }>();
  for (const { id, name, similarity } of byWords) hits.set(id, { itemId: id, name, similarity, cosine: 0 });
  for (const { itemId, cosine } of byMeaning) {
    const known = hits.get(itemId);
    if (known) known.cosine = Math.max(known.cosine, cosine);
    else if (accept(itemId)) hits.set(itemId, { itemId, name: undefined, similarity: 0, cosine });
  }
  const strength = ({ similarity, cosine }: NameHit) => Math.max(similarity, cosine);
  return [...hits.values()].sort((a, b) => strength(b) - strength(a) || (a.itemId < b.itemId ? -1 : 1)).slice(0, limit);
}

const filterOf = ({ validFrom, validTo, region, audience, department }: KnowledgeItem): Unit['filter'] => ({
  validFrom,
  validTo,
  region,
  audience,
  department,
});

function contentOf(lexicon: Lexicon, revision: string, list: readonly KnowledgeItem[]): Content {
  const byItem = new Map(list.map((item) => [item.id, passagesOf(item)]));
  const searchable = list.filter((item) => (byItem.get(item.id)?.length ?? 0) > 0);
  return {
    revision,
    items: new Map(list.map((item) => [item.id, item])),
    byItem,
    byId: new Map([...byItem.values()].flat().map((passage) => [passage.id, passage])),
    names: new NameMatcher(
      searchable.flatMap(namesOf).map((name) => ({ id: name.itemId, text: name.text })),
      lexicon,
    ),
  };
}
