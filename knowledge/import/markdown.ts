/**
 * Markdown: front matter between `---` lines gives the fields, the text below is the body of a policy or the answer of an FAQ;
 * in a guide (`kind: guide`) each `## 申请材料` section is the field of that name.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RawRecord, Reading } from './record.ts';
import { readYaml } from './yaml.ts';

/** Reads a Markdown file as one record. Without front matter it is a policy titled by its first heading, else by its file name. */
export function readMarkdown(text: string, file: string): Reading {
  const front = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n|$)/.exec(text);
  const header = readYaml(front?.[1] ? `\n${front[1]}` : '', file);
  if (header.problems.length > 0) return { records: [], problems: header.problems };
  const fields = header.records[0];
  if (fields && (typeof fields.value !== 'object' || fields.value === null || Array.isArray(fields.value))) {
    return { records: [], problems: [{ file, line: 2, message: 'the front matter must be `field: value` lines', severity: 'error' }] };
  }
  const rest = text.slice(front?.[0].length ?? 0);
  const bodyLine = text.slice(0, front?.[0].length ?? 0).split('\n').length;
  const given = (fields?.value ?? {}) as Record<string, unknown>;
  const parts = partsOf(given.kind, rest, bodyLine, file);
  const value = { ...parts.value, ...given };
  const lineOf: RawRecord['lineOf'] = (path) =>
    path[0] !== undefined && !(path[0] in given) ? (parts.lines.get(String(path[0])) ?? 1) : (fields?.lineOf(path) ?? 1);
  return { records: [{ file, line: 1, value, form: 'cells', lineOf }], problems: [] };
}

type Parts = { value: Record<string, unknown>; lines: Map<string, number> };

function partsOf(kind: unknown, body: string, bodyLine: number, file: string): Parts {
  const heading = /^#\s+(.+?)\s*#*\s*$/m.exec(body);
  const title = heading?.[1] ?? basename(file).replace(/\.[^.]+$/, '');
  const value: Record<string, unknown> = { id: idOfFile(file) };
  const lines = new Map<string, number>();
  if (kind === 'guide') {
    value.name = title;
    for (const section of sectionsOf(body)) {
      value[section.name] = section.text;
      lines.set(section.name, bodyLine + section.line);
    }
  } else if (kind === 'faq') {
    value.question = title;
    value.answer = (heading ? body.replace(heading[0], '') : body).trim();
    lines.set('answer', bodyLine);
  } else {
    value.title = title;
    value.body = body.trim();
    lines.set('body', bodyLine);
  }
  return { value, lines };
}

/** `## name` sections with the line they start on, list marks taken off (a list item is a line of its own). */
function sectionsOf(body: string): { name: string; text: string; line: number }[] {
  const sections: { name: string; text: string; line: number }[] = [];
  for (const [line, content] of body.split('\n').entries()) {
    const name = /^##\s+(.+?)\s*#*\s*$/.exec(content)?.[1];
    const last = sections.at(-1);
    if (name !== undefined) sections.push({ name, text: '', line });
    else if (last) last.text += `${content.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '')}\n`;
  }
  return sections;
}

/** A file's name is its id where it has only id characters; otherwise an id made from the name, the same each time. */
export function idOfFile(file: string): string {
  const name = basename(file).replace(/\.[^.]+$/, '');
  return /^[\w.:-]{1,120}$/.test(name) ? name : `doc-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
