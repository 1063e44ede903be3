/** The outline Chinese official texts have without any markup: 第一章, 第二节, 第X条, 一、, （一）. */

const numeral = '[一二三四五六七八九十百千零〇○两\\d]';
/** A clause's own start; 第五条规定的… inside a sentence only refers to one. */
const clause = new RegExp(
  `^第${numeral}{1,7}条(?:之[一二三四五六七八九十]{1,2})?(?!规定|所称|所列|所述|第|的|中|及|和|与|、|至|到|或|款|以)`,
  'u',
);

type Rank = { readonly pattern: RegExp; readonly rank: number; readonly longest: number; readonly list: boolean };
/** Ranks begin below the six of Markdown. `list`: the same mark also numbers the entries of a list. */
const ranks: readonly Rank[] = [
  { pattern: new RegExp(`^第${numeral}{1,5}编`, 'u'), rank: 7, longest: 40, list: false },
  { pattern: new RegExp(`^第${numeral}{1,5}章`, 'u'), rank: 8, longest: 40, list: false },
  { pattern: new RegExp(`^第${numeral}{1,5}节`, 'u'), rank: 9, longest: 40, list: false },
  { pattern: /^[一二三四五六七八九十]{1,3}、/u, rank: 10, longest: 40, list: true },
  { pattern: /^[（(][一二三四五六七八九十]{1,3}[）)]/u, rank: 11, longest: 30, list: true },
];

/** `第十二条` when a line starts that clause, else undefined. */
export function clauseOf(line: string): string | undefined {
  return clause.exec(line)?.[0];
}

/** True where a new paragraph, clause or list entry begins, whatever the layout says. */
export function startsEntry(line: string): boolean {
  return clauseOf(line) !== undefined || ranks.some(({ pattern }) => pattern.test(line)) || isListEntry(line);
}

/** （一）…, 1. …, ①…, - …: an entry of a list. */
export function isListEntry(line: string): boolean {
  return /^(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)]|\d{1,3}(?:[、．)）]|\.(?!\d))|[①-⑳]|[-*+•●·]\s)/u.test(line);
}

/**
 * Which lines are headings by their numbering, each with its rank (7 编, 8 章, 9 节, 10 一、, 11 （一）); undefined for all others.
 * A numbered line is a heading only when it is short, doesn't end like a sentence, and has text of its own below it.
 */
export function outlineRanks(lines: readonly string[]): (number | undefined)[] {
  const filled = lines.flatMap((line, index) => (line.trim() === '' ? [] : [{ index, line: line.trim() }]));
  const result: (number | undefined)[] = Array.from({ length: lines.length });
  for (const [at, { index, line }] of filled.entries()) {
    const found = candidate(line);
    if (!found) continue;
    const isEntry = found.list && isInList(found.rank, filled[at - 1]?.line, filled[at + 1]?.line);
    if (!isEntry) result[index] = found.rank;
  }
  return result;
}

/** 一、身份证 beside 二、户口簿, under “下列材料：”, or with no text of its own before the next clause: an entry, not a heading. */
function isInList(rank: number, before: string | undefined, after: string | undefined): boolean {
  if (after === undefined || clauseOf(after) !== undefined || (before !== undefined && /[:：]$/u.test(before))) return true;
  const [above, below] = [before, after].map((line) => ranks.find(({ pattern }) => line !== undefined && pattern.test(line))?.rank);
  return above === rank || (below !== undefined && below <= rank);
}

function candidate(line: string): Rank | undefined {
  const found = ranks.find(({ pattern }) => pattern.test(line));
  if (!found || line.length > found.longest || /[。；;：:，,、？?！!]$|[。；]/u.test(line)) return undefined;
  return found;
}
