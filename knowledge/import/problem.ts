/** What is wrong with a knowledge file, said so that an editor finds the place and knows what to do. */

export interface Problem {
  /** The file as the editor named it (inside a folder: relative to that folder). */
  readonly file: string;
  readonly line?: number;
  /** The field in words: `materials[2].source`, or the column of a table. */
  readonly field?: string;
  readonly message: string;
  /** Any error stops the whole import; a warning doesn't. */
  readonly severity: 'error' | 'warning';
}

/** `['materials', 2, 'source']` → `materials[2].source`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`)).join('');
}

/** One line for people: `guides/police.yaml:42 materials[2].source: is missing`. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return problem.field === undefined ? `${place} ${problem.message}` : `${place} ${problem.field}: ${problem.message}`;
}

/** Folds warnings that repeat in one file (same column, same words) into the first of them with a count; errors all stay. */
export function foldRepeats(problems: readonly Problem[]): Problem[] {
  const firsts = new Map<string, { problem: Problem; more: number }>();
  for (const [index, problem] of problems.entries()) {
    const alike = [problem.file, problem.field?.replace(/\[\d+\]/g, '[]'), problem.message].join('\n');
    const key = problem.severity === 'error' ? `error ${index}` : alike;
    const first = firsts.get(key);
    if (first) first.more += 1;
    else firsts.set(key, { problem, more: 0 });
  }
  return [...firsts.values()].map(({ problem, more }) =>
    more === 0 ? problem : { ...problem, message: `${problem.message} (and ${more} more like it)` },
  );
}
