/** YAML: one record, a list of records, a list under one key (`guides:`), or several documents in one file. */
import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseAllDocuments } from 'yaml';
import type { Problem } from './problem.ts';
import type { Path, RawRecord, Reading } from './record.ts';

const listKeys = ['guides', 'faqs', 'policies', 'contacts', 'items'];

const maxDepth = 100;

/**
 * The parser is recursive, and text nested deeply enough doesn't make it fail but ends the process: so depth is measured before.
 * Each level of a block costs a column, each level of a flow collection a bracket.
 */
function isDeep(text: string): boolean {
  const indents = text.matchAll(/^[ \t]*(?:[-?:][ \t]+)*/gm);
  for (const [indent] of indents) if (indent.length > 2 * maxDepth) return true;
  if ((text.match(/[[{]/g)?.length ?? 0) <= maxDepth) return false;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Reads the records of a YAML file; every record knows the line of each of its fields. */
export function readYaml(text: string, file: string): Reading {
  if (isDeep(text))
    return { records: [], problems: [{ file, line: 1, message: `is nested deeper than ${maxDepth} levels`, severity: 'error' }] };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const records: RawRecord[] = [];
  const problems: Problem[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const error of document.errors) {
      const words = error.message.split(/ at line \d+/)[0] ?? error.message;
      problems.push({ file, line: lines.linePos(error.pos[0]).line, message: `not valid YAML: ${words}`, severity: 'error' });
    }
    if (document.errors.length > 0) continue;
    try {
      records.push(...recordsOf(document, file, lines));
    } catch (error) {
      // Aliases that expand to more than the parser allows (a "billion laughs" file) end here.
      problems.push({ file, line: 1, message: `not usable YAML: ${(error as Error).message}`, severity: 'error' });
    }
  }
  return { records, problems };
}

function recordsOf(document: Document, file: string, lines: LineCounter): RawRecord[] {
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (value === null || value === undefined) return [];
  const make = (entry: unknown, base: Path, group?: string): RawRecord => {
    const lineOf = (path: Path): number => lines.linePos(positionOf(document, [...base, ...path])).line;
    return { file, line: lineOf([]), value: entry, form: 'typed', lineOf, ...(group === undefined ? {} : { group }) };
  };
  if (Array.isArray(value)) return value.map((entry, index) => make(entry, [index]));
  const keys = typeof value === 'object' ? Object.keys(value) : [];
  if (keys.length > 0 && keys.every((key) => listKeys.includes(key))) {
    return Object.entries(value).flatMap(([key, list]) =>
      Array.isArray(list) ? list.map((entry, index) => make(entry, [key, index], key)) : [make(list, [key], key)],
    );
  }
  return [make(value, [])];
}

/** Offset of the deepest thing on `path` that is in the file; for a map entry that is its key. */
function positionOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let position = document.contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((entry) => isScalar(entry.key) && String(entry.key.value) === String(part));
      if (!pair || !isScalar(pair.key)) return position;
      position = pair.key.range?.[0] ?? position;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      const range = (node as { range?: readonly number[] | null } | undefined)?.range;
      if (range?.[0] === undefined) return position;
      position = range[0];
    } else return position;
  }
  return position;
}
