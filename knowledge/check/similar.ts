/** Finds pairs of nearly the same short texts without comparing every text with every other. */
import { normalise } from '../text/normalise.ts';

export interface SimilarPair {
  readonly a: number;
  readonly b: number;
  /** Dice coefficient of the character bigrams, 0..1. */
  readonly similarity: number;
}

/** One spelling without marks and spaces, for saying that two texts are the same. */
export function keyOf(text: string): string {
  return normalise(text).replace(/[\p{P}\p{S}\s]+/gu, '');
}

function bigramsOf(key: string): string[] {
  const points = [...key];
  const found = new Set<string>();
  for (let i = 0; i + 1 < points.length; i++) found.add(`${points[i]}${points[i + 1]}`);
  return [...found];
}

/**
 * Pairs (a < b) of different keys whose bigrams agree by at least `threshold`. Texts that differ in a number are never near: 一级
 * and 二级, 2025 and 2026 are different matters. Prefix filtering (Chaudhuri, Ganti, Kaushik, ICDE 2006): with the rarest bigrams
 * first, a pair above the threshold shares one among the first few.
 */
export function similarPairs(keys: readonly string[], threshold: number): SimilarPair[] {
  const grams = keys.map(bigramsOf);
  const numbers = keys.map((key) => (key.match(/\d+|[一二三四五六七八九十]/gu) ?? []).join(' '));
  const frequency = new Map<string, number>();
  for (const gram of grams.flat()) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const rare = (gram: string): number => frequency.get(gram) ?? 0;
  // Dice ≥ t needs an overlap of at least t/(2−t) of either text.
  const share = threshold / (2 - threshold);
  const byGram = new Map<string, number[]>();
  const pairs: SimilarPair[] = [];
  for (const [b, list] of grams.entries()) {
    const sorted = [...list].sort((x, y) => rare(x) - rare(y) || (x < y ? -1 : 1));
    const prefix = sorted.slice(0, sorted.length - Math.ceil(share * sorted.length) + 1);
    const own = new Set(list);
    const candidates = new Set(prefix.flatMap((gram) => byGram.get(gram) ?? []));
    for (const a of candidates) {
      const other = grams[a] as string[];
      if (keys[a] === keys[b] || numbers[a] !== numbers[b]) continue;
      if (Math.min(other.length, list.length) < share * Math.max(other.length, list.length)) continue;
      const overlap = other.reduce((count, gram) => count + (own.has(gram) ? 1 : 0), 0);
      const similarity = (2 * overlap) / (other.length + list.length);
      if (similarity >= threshold) pairs.push({ a, b, similarity });
    }
    for (const gram of prefix) {
      const known = byGram.get(gram);
      if (known) known.push(b);
      else byGram.set(gram, [b]);
    }
  }
  return pairs.sort((x, y) => x.a - y.a || x.b - y.b);
}
