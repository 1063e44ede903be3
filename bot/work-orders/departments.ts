/** Which department a matter probably belongs to: what retrieval found for it, counted by department. */

/** A knowledge item found for the matter's words, with how well it fits (0 to 1). */
export interface FoundItem {
  readonly department?: string | undefined;
  readonly score: number;
}
export interface SuggestedDepartment {
  readonly department: string;
  /** Its share of all that was found, 0 to 1. */
  readonly share: number;
}

/** Later finds count less; this many are looked at. */
const LOOKED_AT = 10;

/** Departments by their share, best first, at most three; empty when nothing found has one. */
export function suggestDepartments(found: readonly FoundItem[]): SuggestedDepartment[] {
  const weights = new Map<string, number>();
  for (const [rank, { department, score }] of found.slice(0, LOOKED_AT).entries()) {
    if (department === undefined || score <= 0) continue;
    weights.set(department, (weights.get(department) ?? 0) + score / (rank + 1));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights]
    .map(([department, weight]) => ({ department, share: weight / total }))
    .toSorted((a, b) => b.share - a.share || (a.department < b.department ? -1 : 1))
    .slice(0, 3);
}
