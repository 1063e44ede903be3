/** Small PDFs for tests, written by hand: text at places on pages, in one of three ways to say which character is meant. */

export interface PdfText {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
}

export interface PdfOptions {
  /** `map`: the file brings its own map (ToUnicode), as Word writes; `GBK-EUC-H`, `UniGB-UCS2-H`: a named encoding; `none`: no way to tell. */
  readonly encoding?: 'map' | 'GBK-EUC-H' | 'UniGB-UCS2-H' | 'none';
  readonly title?: string;
  /** Claims to be encrypted with a password nobody knows. */
  readonly encrypted?: boolean;
  /** Further pages of the tree that don't stand in the file, for the limit on pages. */
  readonly claimedPages?: number;
}

const hex16 = (code: number): string => code.toString(16).padStart(4, '0');

/** The bytes of a PDF; a page with no texts is an empty one (as scanned pages are, for a reader of text). */
export function pdfOf(pages: readonly (readonly PdfText[])[], options: PdfOptions = {}): Uint8Array {
  const encoding = options.encoding ?? 'map';
  const objects: string[] = [];
  const add = (content: string): number => objects.push(content);
  const stream = (content: string): number => add(`<< /Length ${Buffer.byteLength(content)} >>\nstream\n${content}\nendstream`);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const used = [...new Set(pages.flat().flatMap(({ text }) => [...text]))];
  const map = encoding === 'map' ? `/ToUnicode ${stream(toUnicode(used))} 0 R` : '';
  const descendant = add(
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (${encoding === 'map' ? 'Identity' : 'GB1'}) /Supplement 0 >> /FontDescriptor ${add(
      '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>',
    )} 0 R >>`,
  );
  const name = encoding === 'map' || encoding === 'none' ? 'Identity-H' : encoding;
  const font = add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /${name} /DescendantFonts [${descendant} 0 R] ${map} >>`,
  );
  const kids = pages.map((texts) => {
    const content = texts.map(
      ({ text, x = 72, y, size = 12 }) => `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm <${codes(text, encoding, used)}> Tj ET`,
    );
    const body = stream(content.join('\n'));
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 ${font} 0 R >> >> /Contents ${body} 0 R >>`,
    );
  });
  objects[1] = `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] /Count ${options.claimedPages ?? kids.length} >>`;
  const info =
    options.title === undefined
      ? ''
      : `/Info ${add(`<< /Title <feff${[...options.title].map((sign) => hex16(sign.charCodeAt(0))).join('')}> >>`)} 0 R`;
  const secret = 'ab'.repeat(32);
  const encrypt = options.encrypted
    ? `/Encrypt ${add(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${secret}> /U <${secret}> >>`)} 0 R /ID [<${secret}> <${secret}>]`
    : '';
  return assemble(objects, `${info} ${encrypt}`);
}

function codes(text: string, encoding: PdfOptions['encoding'], used: readonly string[]): string {
  const signs = [...text];
  if (encoding === 'UniGB-UCS2-H') return signs.map((sign) => hex16(sign.charCodeAt(0))).join('');
  if (encoding === 'GBK-EUC-H') return signs.map((sign) => gbkOf(sign)).join('');
  return signs.map((sign) => hex16(used.indexOf(sign) + 1)).join('');
}

let gbk: Map<string, string> | undefined;
function gbkOf(sign: string): string {
  if (sign.charCodeAt(0) < 0x80) return sign.charCodeAt(0).toString(16);
  if (!gbk) {
    gbk = new Map();
    const decoder = new TextDecoder('gbk');
    for (let high = 0x81; high < 0xff; high += 1)
      for (let low = 0x40; low < 0xff; low += 1) gbk.set(decoder.decode(Uint8Array.of(high, low)), hex16((high << 8) + low));
  }
  return gbk.get(sign) ?? '3f';
}

function toUnicode(used: readonly string[]): string {
  const lines = used.map((sign, index) => `<${hex16(index + 1)}> <${hex16(sign.charCodeAt(0))}>`);
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <ffff> endcodespacerange\n${lines.length} beginbfchar\n${lines.join('\n')}\nendbfchar\nendcmap end end`;
}

function assemble(objects: readonly string[], trailer: string): Uint8Array {
  const parts = ['%PDF-1.4\n'];
  let length = parts[0]?.length ?? 0;
  const offsets = objects.map((content, index) => {
    const part = `${index + 1} 0 obj\n${content}\nendobj\n`;
    const offset = length;
    parts.push(part);
    length += Buffer.byteLength(part);
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  parts.push(`xref\n0 ${count}\n0000000000 65535 f \n${table}`);
  parts.push(`trailer\n<< /Size ${count} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`);
  return Buffer.from(parts.join(''));
}

/** Lines of one page from the top down, `size` 12 and a step of 18, for texts where only the order counts. */
export function pageOf(lines: readonly string[], top = 760): PdfText[] {
  return lines.map((text, index) => ({ text, y: top - index * 18 }));
}
