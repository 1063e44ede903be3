/** Matches a short text as a whole against names (titles, aliases, examples): cosine over characters and words, or over sound. */
import type { Lexicon } from '../text/lexicon.ts';
import { soundPairs, terms } from '../text/tokenise.ts';
import { InvertedIndex, type SparseHit } from './inverted.ts';

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

  constructor(names: readonly NamedText[], lexicon: Lexicon) {
    this.#names = names;
    this.#lexicon = lexicon;
    const cores = names.map((name) => lexicon.core(name.text));
    this.#lengths = cores.map((core) => core.length);
    this.#byCharacter = new InvertedIndex(
      cores.map((core) => ({ terms: terms(core) })),
      { kind: 'cosine' },
    );
    this.#bySound = new InvertedIndex(
      cores.map((core) => ({ terms: soundPairs(core) })),
      { kind: 'cosine' },
    );
  }

  /** The best name of each id that `accept` allows, best first, ties broken by id; at most `limit`. */
  match(text: string, limit: number, accept: (id: string) => boolean = () => true): NameMatch[] {
    const core = this.#lexicon.core(text);
    const best = new Map<string, NameMatch>();
    const offer = (document: number, similarity: number) => {
      const name = this.#names[document] as NamedText;
      const known = best.get(name.id);
      if (!known || known.similarity < similarity) best.set(name.id, { id: name.id, name: name.text, similarity });
    };
    const acceptName = (document: number) => accept((this.#names[document] as NamedText).id);
    for (const hit of this.#byCharacter.search(terms(core), limit * 4, acceptName))
      offer(hit.document, similarity(hit, this.#lengths[hit.document] ?? 0));
    if (core.length <= longestBySound) {
      for (const hit of this.#bySound.search(soundPairs(core), limit * 4, acceptName))
        offer(hit.document, similarity(hit, this.#lengths[hit.document] ?? 0) * soundDiscount);
    }
    return [...best.values()].sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1)).slice(0, limit);
  }
}

function similarity(hit: SparseHit, nameLength: number): number {
  const whole = hit.contained >= wholeName && nameLength >= shortestProof;
  return Math.min(1, whole ? cosineShare * hit.score + (1 - cosineShare) : hit.score);
}
