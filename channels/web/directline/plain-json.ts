/** Bounds on client JSON that a schema with `unknown` fields can't express. */

/** Deeper nesting than any card or form has; code that walks JSON recursively is safe below it. */
const MAX_DEPTH = 32;

/**
 * What is wrong with a parsed JSON value, as a sentence with the path, or undefined: NUL characters (PostgreSQL can't store
 * them) and nesting deeper than 32. Walks without recursion, so hostile nesting can't exhaust the stack.
 */
export function jsonProblem(root: unknown): string | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { value, path, depth } = entry;
    if (typeof value === 'string' && value.includes('\u0000')) return `${path || 'body'}: must not contain NUL`;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return `${path.slice(0, 80)}: nested too deep`;
    for (const [key, child] of Object.entries(value)) {
      if (key.includes('\u0000')) return `${path || 'body'}: a field name must not contain NUL`;
      open.push({ value: child, path: path ? `${path}.${key}` : key, depth: depth + 1 });
    }
  }
  return undefined;
}
