/** Matches a short text as a whole against names (titles, aliases, examples): cosine over characters and words, or over sound. */
import type { Lexicon } from '../text/lexicon.ts';
import { soundPairs, terms } from '../text/tokenise.ts';
import { InvertedIndex, type SparseHits } from './inverted.ts';

export interface NamedText {
  readonly id: string;
  readonly text: string;
}

export interface NameMatch {
  readonly id: string;
  /** The name that matched best. */
  readonly name: string;
  /** 0..1 */
  readonly similarity: number;
}

/** A name matched only by sound counts a little less than one matched by its characters. */
const soundDiscount = 0.9;
/** A long question that holds a whole name speaks of it, however much else it says; names this short prove nothing. */
const cosineShare = 0.65;
const wholeName = 0.999;
const shortestProof = 4;
/** Longer texts are not names, and pinyin is the slow part. */
const longestBySound = 40;

export class NameMatcher {
  readonly #names: readonly NamedText[];
  readonly #lexicon: Lexicon;
  readonly #byCharacter: InvertedIndex;
  readonly #bySound: InvertedIndex;
  readonly #lengths: readonly number[];
  /** Ids in order; and the place of each name's id among them. */
  readonly #ids: readonly string[];
  readonly #idOf: Int32Array;
  /** Of the match that goes on, by id: whether it is accepted (1), or not (2), and its best name. */
  readonly #accepted: Uint8Array;
  readonly #similarities: Float64Array;
  readonly #best: Int32Array;

  constructor(names: readonly NamedText[], lexicon: Lexicon) {
    this.#names = names;
    this.#lexicon = lexicon;
    const cores = names.map((name) => lexicon.core(name.text));
    this.#lengths = cores.map((core) => core.length);
    this.#byCharacter = new InvertedIndex(cores.map(terms));
    this.#bySound = new InvertedIndex(cores.map(soundPairs));
    this.#ids = [...new Set(names.map(({ id }) => id))].sort();
    const places = new Map(this.#ids.map((id, place) => [id, place]));
    this.#idOf = Int32Array.from(names, ({ id }) => places.get(id) as number);
    this.#accepted = new Uint8Array(this.#ids.length);
    this.#similarities = new Float64Array(this.#ids.length);
    this.#best = new Int32Array(this.#ids.length);
  }

  /** The best name of each id that `accept` allows, best first, ties broken by id; at most `limit`. */
  match(text: string, limit: number, accept: (id: string) => boolean = () => true): NameMatch[] {
    const core = this.#lexicon.core(text);
    const [accepted, similarities] = [this.#accepted.fill(0), this.#similarities.fill(0)];
    const found: number[] = [];
    const acceptName = (document: number) => {
      const id = this.#idOf[document] as number;
      if (accepted[id] === 0) accepted[id] = accept(this.#ids[id] as string) ? 1 : 2;
      return accepted[id] === 1;
    };
    const offer = (hits: SparseHits, discount: number) => {
      for (let i = 0; i < hits.count; i++) {
        const document = hits.documents[i] as number;
        const id = this.#idOf[document] as number;
        const similar = similarity(hits.scores[i] as number, hits.contained[i] as number, this.#lengths[document] ?? 0) * discount;
        const before = similarities[id] as number;
        if (similar <= before) continue;
        if (before === 0) found.push(id);
        similarities[id] = similar;
        this.#best[id] = document;
      }
    };
    offer(this.#byCharacter.search(terms(core), limit * 4, acceptName), 1);
    if (core.length <= longestBySound) offer(this.#bySound.search(soundPairs(core), limit * 4, acceptName), soundDiscount);
    return found
      .sort((a, b) => (similarities[b] as number) - (similarities[a] as number) || a - b)
      .slice(0, limit)
      .map((id) => {
        const { id: name, text } = this.#names[this.#best[id] as number] as NamedText;
        return { id: name, name: text, similarity: similarities[id] as number };
      });
  }
}

function similarity(score: number, contained: number, nameLength: number): number {
  const whole = contained >= wholeName && nameLength >= shortestProof;
  return Math.min(1, whole ? cosineShare * score + (1 - cosineShare) : score);
}
