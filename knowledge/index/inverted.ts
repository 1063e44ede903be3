/** An in-memory inverted index with ready-made term weights: one sparse dot product serves BM25 and cosine alike. */

export interface SparseDocument {
  readonly terms: readonly string[];
}

interface Postings {
  readonly documents: Int32Array;
  readonly weights: Float32Array;
  readonly idf: number;
}

export type Weighting = { kind: 'bm25'; k1: number; b: number } | { kind: 'cosine' };

export interface SparseHit {
  readonly document: number;
  readonly score: number;
  /** Share (0..1) of the query's idf weight found in the document. */
  readonly coverage: number;
  /** Share (0..1) of the document's own idf weight found in the query. */
  readonly contained: number;
}

export class InvertedIndex {
  readonly #postings = new Map<string, Postings>();
  readonly #size: number;
  readonly #unseenIdf: number;
  readonly #cosine: boolean;
  /** What a term's weight tends to when it is all a document speaks of, in idf. */
  readonly #ceiling: number;
  /** Sum of the idf of each document's distinct terms. */
  readonly #weights: Float32Array;

  constructor(documents: readonly SparseDocument[], weighting: Weighting) {
    this.#size = documents.length;
    this.#cosine = weighting.kind === 'cosine';
    this.#ceiling = weighting.kind === 'bm25' ? weighting.k1 + 1 : 1;
    const frequencies = documents.map((document) => countTerms(document.terms));
    const lists = new Map<string, { documents: number[]; counts: number[] }>();
    frequencies.forEach((counts, document) => {
      for (const [term, count] of counts) {
        const list = lists.get(term) ?? { documents: [], counts: [] };
        list.documents.push(document);
        list.counts.push(count);
        lists.set(term, list);
      }
    });
    const average = documents.reduce((sum, document) => sum + document.terms.length, 0) / Math.max(1, this.#size);
    const idfOf = (df: number) => Math.log(1 + (this.#size - df + 0.5) / (df + 0.5));
    this.#unseenIdf = idfOf(0);
    this.#weights = Float32Array.from(frequencies, (counts) =>
      [...counts.keys()].reduce((sum, term) => sum + idfOf(lists.get(term)?.documents.length ?? 0), 0),
    );
    const norms = this.#cosine
      ? frequencies.map(
          (counts) => Math.sqrt([...counts.keys()].reduce((sum, term) => sum + idfOf(lists.get(term)?.documents.length ?? 0) ** 2, 0)) || 1,
        )
      : [];
    for (const [term, list] of lists) {
      const idf = idfOf(list.documents.length);
      const weights = Float32Array.from(list.counts, (count, i) => {
        const document = list.documents[i] as number;
        if (weighting.kind === 'cosine') return idf / (norms[document] as number);
        const length = documents[document]?.terms.length ?? 0;
        return (idf * count * (weighting.k1 + 1)) / (count + weighting.k1 * (1 - weighting.b + (weighting.b * length) / average));
      });
      this.#postings.set(term, { documents: Int32Array.from(list.documents), weights, idf });
    }
  }

  /** Share (0..1) of distinct query terms that the index knows. */
  known(terms: readonly string[]): number {
    const distinct = new Set(terms);
    if (distinct.size === 0) return 0;
    let seen = 0;
    for (const term of distinct) if (this.#postings.has(term)) seen++;
    return seen / distinct.size;
  }

  /** The highest BM25 score any document could reach for these terms; unseen terms count with the idf of df = 0. */
  ideal(terms: readonly string[]): number {
    let total = 0;
    for (const term of new Set(terms)) total += this.#postings.get(term)?.idf ?? this.#unseenIdf;
    return total * this.#ceiling;
  }

  /** Best `limit` documents that `accept` allows; ties broken by document number. */
  search(terms: readonly string[], limit: number, accept: (document: number) => boolean): SparseHit[] {
    const distinct = [...new Set(terms)];
    const scores = new Float32Array(this.#size);
    const covered = new Float32Array(this.#size);
    let total = 0;
    let squares = 0;
    for (const term of distinct) {
      const postings = this.#postings.get(term);
      const idf = postings?.idf ?? this.#unseenIdf;
      total += idf;
      squares += idf * idf;
      if (!postings) continue;
      const weight = this.#cosine ? idf : 1;
      for (let i = 0; i < postings.documents.length; i++) {
        const document = postings.documents[i] as number;
        scores[document] = (scores[document] as number) + weight * (postings.weights[i] as number);
        covered[document] = (covered[document] as number) + idf;
      }
    }
    const norm = this.#cosine ? Math.sqrt(squares) || 1 : 1;
    const best: SparseHit[] = [];
    for (let document = 0; document < this.#size; document++) {
      const sum = (scores[document] as number) / norm;
      const score = this.#cosine ? share(sum) : sum;
      if (score <= 0) continue;
      if (best.length === limit && score <= (best[limit - 1] as SparseHit).score) continue;
      if (!accept(document)) continue;
      const hit = {
        document,
        score,
        coverage: total > 0 ? share((covered[document] as number) / total) : 0,
        contained: share((covered[document] as number) / (this.#weights[document] || 1)),
      };
      let at = best.length;
      while (at > 0 && (best[at - 1] as SparseHit).score < score) at--;
      best.splice(at, 0, hit);
      if (best.length > limit) best.pop();
    }
    return best;
  }
}

/** The sums are of single precision: a whole may come out a hair above one. */
const share = (value: number): number => Math.min(1, value);

function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
