/** Small parts of office files as objects; the entities XML itself has are decoded here, others don't exist. */
import { XMLParser } from 'fast-xml-parser';
import { brokenFile } from './unreadable.ts';

export type XmlNode = Record<string, unknown>;

/** A parser that gives attributes as `@name`, tags without their namespace, text undecoded, and the named tags always as lists. */
export function xmlParser(lists: readonly string[]): (xml: string) => XmlNode {
  const isList = new Set(lists);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    trimValues: false,
    processEntities: false,
    isArray: (name) => isList.has(name),
  });
  return (xml) => {
    if (xml === '') return {};
    try {
      return parser.parse(xml) as XmlNode;
    } catch (error) {
      throw brokenFile(error);
    }
  };
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** `&lt;`, `&#10;` and `&#x4e00;` as the signs they stand for. */
export function decodeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (found, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return named[name] ?? found;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    },
  );
}

/**
 * Changes every stretch from `open` to the next `close`, both included. Plain searching, not a pattern: over an unclosed tag repeated
 * a million times a pattern would start again at each.
 */
export function mapBetween(xml: string, open: string, close: string, change: (found: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = xml.indexOf(open); start !== -1; start = xml.indexOf(open, from)) {
    const end = xml.indexOf(close, start + open.length);
    if (end === -1) break;
    parts.push(xml.slice(from, start), change(xml.slice(start, end + close.length)));
    from = end + close.length;
  }
  return parts.join('') + xml.slice(from);
}
