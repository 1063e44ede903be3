/** Lays an answer's signs over a source's: which sign of the answer stands for which of the source, in order. */
import { agrees } from './markers.ts';
import { supports } from './quantities.ts';
import type { Sign } from './symbols.ts';

/** Whether a sign of the source proves one of the answer. */
export function matches(source: Sign, answer: Sign): boolean {
  if (answer.marker) return source.marker !== undefined && agrees(source.marker, answer.marker);
  if (source.marker) return false;
  if (answer.kind === 'char' || source.kind === 'char') return answer.kind === source.kind && answer.key === source.key;
  if (answer.kind === 'document') return source.kind === 'document' && sameDocument(source.key, answer.key);
  return supports(source.key, answer.key);
}

/** 《居住证实施办法》 is the end of 《安澜市居住证实施办法》; the kind of document must stay. */
function sameDocument(source: string, answer: string): boolean {
  const [a, b] = [source, answer].map((name) => name.replace(/[《》]/gu, '')) as [string, string];
  return a === b || (b.length >= 5 && a.endsWith(b)) || (a.length >= 5 && b.endsWith(`国${a}`));
}

const start = 0;
const skipAnswer = 1;
const skipSource = 2;
const pair = 3;
/** Skipping a sign of the source costs this: of two equal matches the nearer one is meant. */
const skipCost = 0.01;
/** A match right after a match is worth more. */
const runBonus = 0.5;

/**
 * Index in `source` for each sign of `answer`, -1 for none: the longest common subsequence that likes unbroken runs best.
 * O(n·m); both are single sentences.
 */
export function align(answer: readonly Sign[], source: readonly Sign[]): Int32Array {
  const n = answer.length;
  const m = source.length;
  const width = m + 1;
  // best: of the first i and j signs; run: with i and j matched to each other.
  const best = new Float64Array((n + 1) * width);
  const run = new Float64Array((n + 1) * width).fill(Number.NEGATIVE_INFINITY);
  const step = new Uint8Array((n + 1) * width);
  const chained = new Uint8Array((n + 1) * width);
  for (let i = 1; i <= n; i++) {
    for (let j = 1; j <= m; j++) {
      const here = i * width + j;
      const diagonal = here - width - 1;
      if (matches(source[j - 1] as Sign, answer[i - 1] as Sign)) {
        const fresh = (best[diagonal] as number) + 1;
        const on = (run[diagonal] as number) + 1 + runBonus;
        run[here] = Math.max(fresh, on);
        chained[here] = on >= fresh ? 1 : 0;
      }
      const options: [number, number][] = [
        [run[here] as number, pair],
        [best[here - width] as number, skipAnswer],
        [(best[here - 1] as number) - skipCost, skipSource],
        [0, start],
      ];
      for (const [score, way] of options) {
        if (score > (best[here] as number) || (step[here] === start && score > 0 && score === best[here])) {
          best[here] = score;
          step[here] = way;
        }
      }
    }
  }
  return trace();

  function trace(): Int32Array {
    const result = new Int32Array(n).fill(-1);
    let j = 0;
    for (let k = 1; k <= m; k++) if ((best[n * width + k] as number) > (best[n * width + j] as number)) j = k;
    let i = n;
    let forced = false;
    while (i > 0 && j > 0) {
      const here = i * width + j;
      const way = forced ? pair : step[here];
      if (way === pair) {
        result[i - 1] = j - 1;
        forced = chained[here] === 1;
        i--;
        j--;
      } else if (way === skipAnswer) i--;
      else if (way === skipSource) j--;
      else break;
    }
    return result;
  }
}
