/** Small Word and Excel files for tests. */
import { zipSync } from 'fflate';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export function zipOf(parts: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, bytes(text)])), { level: 6 });
}

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = (target: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="${target}"/></Relationships>`;

/** A paragraph, in a style if one is given. */
export function paragraph(text: string, style?: string, properties = ''): string {
  const look = style === undefined ? properties : `<w:pStyle w:val="${style}"/>${properties}`;
  return `<w:p>${look === '' ? '' : `<w:pPr>${look}</w:pPr>`}<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`;
}

export function wordTable(rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string => row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('');
  return `<w:tbl>${rows.map((row) => `<w:tr>${cells(row)}</w:tr>`).join('')}</w:tbl>`;
}

/** A .docx with this body; heading styles Heading1–3 are defined; `parts` replaces or adds parts. */
export function docxOf(body: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const style = (id: string, name: string): string => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  return zipOf({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': packageRelations('word/document.xml'),
    'word/document.xml': `<w:document ${word}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `<w:styles ${word}>${[1, 2, 3].map((level) => style(`Heading${level}`, `heading ${level}`)).join('')}</w:styles>`,
    ...parts,
  });
}

/** word/numbering.xml with one list (numId 1) of the given levels. */
export function numberingOf(levels: readonly { readonly format: string; readonly text: string }[]): string {
  const level = ({ format, text }: { format: string; text: string }, index: number): string =>
    `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
  return `<w:numbering ${word}><w:abstractNum w:abstractNumId="0">${levels.map(level).join('')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;
}

export interface SheetSource {
  readonly name: string;
  /** Rows of cells: text (shared), a number with its format index, or XML of a cell as it is. */
  readonly rows: readonly (readonly (string | number | { readonly xml: string } | null)[])[];
  readonly merged?: readonly string[];
  readonly hidden?: boolean;
}

const letter = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letter(Math.floor(column / 26) - 1) + letter(column % 26);

/** A .xlsx with these sheets. `formats` are the number formats cells may name (index 0 is the general one). */
export function xlsxOf(
  sheets: readonly SheetSource[],
  options: { formats?: readonly string[]; date1904?: boolean; parts?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  const strings = new Map<string, number>();
  const shared = (text: string): number => {
    const at = strings.get(text) ?? strings.size;
    strings.set(text, at);
    return at;
  };
  const cell = (value: SheetSource['rows'][number][number], row: number, column: number): string => {
    const address = `${letter(column)}${row}`;
    if (value === null) return '';
    if (typeof value === 'string') return `<c r="${address}" t="s"><v>${shared(value)}</v></c>`;
    return typeof value === 'number' ? `<c r="${address}"><v>${value}</v></c>` : value.xml.replace(/^<c\s*/, `<c r="${address}" `);
  };
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const files: Record<string, string> = {};
  for (const [index, sheet] of sheets.entries()) {
    const rows = sheet.rows.map(
      (cells, row) => `<row r="${row + 1}">${cells.map((value, column) => cell(value, row + 1, column)).join('')}</row>`,
    );
    const merged = sheet.merged ? `<mergeCells>${sheet.merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>` : '';
    files[`xl/worksheets/sheet${index + 1}.xml`] = `<worksheet ${main}><sheetData>${rows.join('')}</sheetData>${merged}</worksheet>`;
  }
  const formats = options.formats ?? [];
  const list = sheets.map(
    ({ name, hidden }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"${hidden ? ' state="hidden"' : ''}/>`,
  );
  return zipOf({
    '_rels/.rels': packageRelations('xl/workbook.xml'),
    'xl/workbook.xml': `<workbook ${main} xmlns:r="${relations}"><workbookPr${options.date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="x">${sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${main}><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${170 + index}" formatCode="${escaped(code).replaceAll('"', '&quot;')}"/>`).join('')}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${170 + index}"/>`).join('')}</cellXfs></styleSheet>`,
    ...files,
    'xl/sharedStrings.xml': `<sst ${main}>${[...strings.keys()].map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
    ...options.parts,
  });
}

/** The start of an OLE compound file; `encrypted`: with the directory entry of a protected office file. */
export function oleFile(encrypted: boolean): Uint8Array {
  const content = Buffer.alloc(2048);
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(content);
  Buffer.from(encrypted ? 'EncryptedPackage' : 'WordDocument', 'utf16le').copy(content, 1152);
  return content;
}
