/**
 * Character maps for PDFs that name a Chinese encoding (GBK-EUC-H, UniGB-UCS2-H …) instead of bringing their own map. The real
 * Adobe-GB1 tables are large; text alone needs only a round trip code → number → character, so both halves are made here over a
 * range of numbers Adobe-GB1 doesn't use (30,720 and up). Fonts with real Adobe-GB1 numbers and no map of their own stay unreadable
 * rather than wrong. Source of the names: PDF 32000-1, table 118.
 */

const base = 0x7800;
const rowLength = 191;
const asciiBase = base + 126 * rowLength;
const gbk = /^GB(?:K|Kp|pc)?-EUC-[HV]$|^GBK2K-[HV]$/;
const unicode = /^UniGB-(UCS2|UTF16)-[HV]$/;

/** The text of a character map by name, or undefined for those that can't be made here. */
export function cmapText(name: string): string | undefined {
  if (name === 'Adobe-GB1-UCS2')
    return wrap(
      codespace(2),
      characters().map(({ number, code }) => `<${hex(number)}> <${hex(code)}>`),
      'bfchar',
    );
  if (unicode.test(name))
    return wrap(
      codespace(2),
      characters().map(({ number, code }) => `<${hex(code)}> ${number}`),
      'cidchar',
    );
  if (!gbk.test(name)) return undefined;
  const rows = Array.from(
    { length: 126 },
    (_, row) => `<${hex(((0x81 + row) << 8) + 0x40)}> <${hex(((0x81 + row) << 8) + 0xfe)}> ${base + row * rowLength}`,
  );
  return wrap('2 begincodespacerange\n<00> <80>\n<8140> <FEFE>\nendcodespacerange', [`<20> <7E> ${asciiBase}`, ...rows], 'cidrange');
}

type Mapped = { readonly number: number; readonly code: number };
let known: Mapped[] | undefined;

/** Every character of GBK with its number; made on first use. */
function characters(): Mapped[] {
  if (known) return known;
  const decoder = new TextDecoder('gbk');
  const found: Mapped[] = Array.from({ length: 95 }, (_, index) => ({ number: asciiBase + index, code: 0x20 + index }));
  for (let row = 0; row < 126; row += 1) {
    for (let cell = 0; cell < rowLength; cell += 1) {
      const text = decoder.decode(Uint8Array.of(0x81 + row, 0x40 + cell));
      const code = text.charCodeAt(0);
      if (text.length === 1 && code !== 0xfffd && !(code >= 0xe000 && code < 0xf900))
        found.push({ number: base + row * rowLength + cell, code });
    }
  }
  known = found;
  return found;
}

const hex = (code: number): string => code.toString(16).padStart(4, '0');
const codespace = (bytes: number): string => `1 begincodespacerange\n<${'00'.repeat(bytes)}> <${'ff'.repeat(bytes)}>\nendcodespacerange`;

function wrap(space: string, entries: readonly string[], kind: string): string {
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n${space}\n${entries.length} begin${kind}\n${entries.join('\n')}\nend${kind}\nendcmap\n`;
}
