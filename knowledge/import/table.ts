/** Tables as Markdown. */

/** The Markdown lines of a table; its first row is the header. Bars and line breaks inside cells are kept out of the way. */
export function tableRows(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const written = rows.map((row) => line(Array.from({ length: width }, (_, index) => cell(row[index] ?? ''))));
  const [head, ...body] = written;
  if (head === undefined) return [];
  return body.length === 0 ? [head] : [head, line(Array.from({ length: width }, () => '---')), ...body];
}

function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<!\\)\|/g, '\\|');
}
