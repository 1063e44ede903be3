/** Plain text: a policy; numbered headings become Markdown headings. */
import type { Reading } from '../record.ts';
import { asMarkdown, documentRecord } from './policy.ts';

/** Reads a .txt as one policy record; without any text a problem. */
export function readTxt(text: string, file: string): Reading {
  const lines = text.split('\n').map((line) => line.replace(/[\s\u3000]+$/u, '').replace(/^[\s\u3000]+/u, ''));
  if (lines.every((line) => line === ''))
    return { records: [], problems: [{ file, line: 1, message: 'holds no text', severity: 'error' }] };
  return documentRecord({ file, body: asMarkdown(lines) });
}
