/**
 * Word keeps automatic numbers (第一条, 一、, （一）) out of the text. They are written into the paragraphs here, because a clause
 * without its number can't be cited. Source: ECMA-376 part 1, 17.9 (numbering).
 */
import { decodeXml, mapBetween, type XmlNode, xmlParser } from './xml.ts';

interface Level {
  readonly format: string;
  readonly text: string;
  readonly start: number;
  /** The paragraph style this level numbers. */
  readonly style: string | undefined;
}
/** Number definition → its levels. */
type Numbers = ReadonlyMap<string, readonly (Level | undefined)[]>;
type Use = { readonly number: string; readonly level: number };

const parse = xmlParser(['abstractNum', 'num', 'lvl', 'style']);

/** The parts of a Word file with every ordered number written out as text and taken out of the numbering; bullets stay. */
export function writeNumbers(parts: ReadonlyMap<string, string>): Map<string, string> {
  const written = new Map(parts);
  const numbering = parts.get('word/numbering.xml');
  if (numbering === undefined) return written;
  const numbers = readNumbers(numbering);
  const styles = readStyles(parts.get('word/styles.xml') ?? '', numbers);
  const without = (xml: string): string =>
    mapBetween(xml, '<w:numPr>', '</w:numPr>', (found) => (isOrdered(useOf(found), numbers) ? '' : found));
  for (const [name, xml] of parts) {
    if (/^word\/document\d*\.xml$/.test(name)) written.set(name, without(labelled(current(xml), numbers, styles)));
    else if (name === 'word/styles.xml') written.set(name, without(xml));
    else if (name === 'word/numbering.xml') written.set(name, xml.replace(/<w:pStyle [^>]*\/>/g, ''));
  }
  return written;
}

const value = (node: unknown): string | undefined => (node as XmlNode | undefined)?.['@val'] as string | undefined;
const nodes = (node: unknown, name: string): XmlNode[] => ((node as XmlNode | undefined)?.[name] as XmlNode[] | undefined) ?? [];

function readNumbers(xml: string): Numbers {
  const root = parse(xml).numbering;
  const abstract = new Map(nodes(root, 'abstractNum').map((entry) => [entry['@abstractNumId'], nodes(entry, 'lvl')]));
  return new Map(
    nodes(root, 'num').map((entry) => {
      const levels: (Level | undefined)[] = [];
      for (const level of abstract.get(value(entry.abstractNumId)) ?? []) {
        const index = Number(level['@ilvl']);
        if (!(index >= 0 && index < 9)) continue;
        const text = decodeXml(value(level.lvlText) ?? '');
        levels[index] = {
          format: value(level.numFmt) ?? 'decimal',
          text,
          start: Number(value(level.start) ?? 1),
          style: value(level.pStyle),
        };
      }
      return [String(entry['@numId']), levels];
    }),
  );
}

/** Paragraph style → the number it gives to its paragraphs; which level, the style says or the level names the style. */
function readStyles(xml: string, numbers: Numbers): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const style of nodes(parse(xml).styles, 'style')) {
    const properties = (style.pPr as XmlNode | undefined)?.numPr as XmlNode | undefined;
    const number = value(properties?.numId);
    const levels = number === undefined ? undefined : numbers.get(number);
    if (number === undefined || !levels) continue;
    const id = String(style['@styleId']);
    const linked = levels.findIndex((level) => level?.style === id);
    uses.set(id, { number, level: Number(value(properties?.ilvl) ?? Math.max(0, linked)) });
  }
  return uses;
}

function useOf(xml: string): Use | undefined {
  const number = /<w:numId w:val="(\d+)"/.exec(xml)?.[1];
  return number === undefined ? undefined : { number, level: Number(/<w:ilvl w:val="(\d)"/.exec(xml)?.[1] ?? 0) };
}

function isOrdered(use: Use | undefined, numbers: Numbers): boolean {
  const level = use && numbers.get(use.number)?.[use.level];
  return level !== undefined && level.format !== 'bullet' && level.format !== 'none' && level.text !== '';
}

/** Properties a paragraph had before a tracked change stand inside those it has. */
function current(xml: string): string {
  return mapBetween(xml, '<w:pPrChange', '</w:pPrChange>', () => '');
}

function labelled(xml: string, numbers: Numbers, styles: ReadonlyMap<string, Use>): string {
  const counters = new Map<string, number[]>();
  return mapBetween(xml, '<w:pPr>', '</w:pPr>', (properties) => {
    const stated = properties.includes('<w:numPr>') ? useOf(properties.slice(properties.indexOf('<w:numPr>'))) : undefined;
    const use = stated ?? styles.get(/<w:pStyle w:val="([^"]+)"/.exec(properties)?.[1] ?? '');
    if (!use || !isOrdered(use, numbers)) return properties;
    const label = nextLabel(use, numbers.get(use.number) ?? [], counters);
    return `${properties}<w:r><w:t xml:space="preserve">${escapeXml(label)}</w:t></w:r>`;
  });
}

function nextLabel(use: Use, levels: readonly (Level | undefined)[], counters: Map<string, number[]>): string {
  const counts = counters.get(use.number) ?? [];
  counters.set(use.number, counts);
  counts[use.level] = (counts[use.level] ?? (levels[use.level]?.start ?? 1) - 1) + 1;
  counts.length = use.level + 1;
  const text = (levels[use.level]?.text ?? '').replace(/%([1-9])/g, (_, digit: string) => {
    const at = Number(digit) - 1;
    const level = levels[at];
    return numeral(counts[at] ?? level?.start ?? 1, level?.format ?? 'decimal');
  });
  return /[、．.）)]$/u.test(text) ? text : `${text} `;
}

function numeral(count: number, format: string): string {
  if (/chinese|ideograph|japaneseCounting|taiwanese/i.test(format)) return chineseNumeral(count);
  if (format === 'decimalEnclosedCircle' && count >= 1 && count <= 20) return String.fromCodePoint(0x245f + count);
  if (/Letter$/.test(format)) return letter(count, format.startsWith('upper') ? 65 : 97);
  if (/Roman$/.test(format)) return format.startsWith('upper') ? roman(count) : roman(count).toLowerCase();
  return String(count);
}

const digits = '零一二三四五六七八九';

/** 21 → 二十一, 105 → 一百零五; from 1,000 on in digits. */
export function chineseNumeral(count: number): string {
  if (count < 0 || count >= 1000) return String(count);
  if (count < 10) return digits[count] ?? '';
  const [hundreds, tens, ones] = [Math.floor(count / 100), Math.floor(count / 10) % 10, count % 10];
  const head = hundreds > 0 ? `${digits[hundreds]}百` : '';
  const middle = tens > 0 ? `${hundreds === 0 && tens === 1 ? '' : digits[tens]}十` : ones > 0 ? '零' : '';
  return `${head}${middle}${ones > 0 ? digits[ones] : ''}`;
}

function letter(count: number, base: number): string {
  return String.fromCharCode(base + ((count - 1) % 26)).repeat(Math.floor((count - 1) / 26) + 1);
}

function roman(count: number): string {
  const signs = [
    ['M', 1000],
    ['CM', 900],
    ['D', 500],
    ['CD', 400],
    ['C', 100],
    ['XC', 90],
    ['L', 50],
    ['XL', 40],
    ['X', 10],
    ['IX', 9],
    ['V', 5],
    ['IV', 4],
    ['I', 1],
  ] as const;
  let left = count;
  return signs
    .map(([sign, size]) => {
      const times = Math.floor(left / size);
      left -= times * size;
      return sign.repeat(times);
    })
    .join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
