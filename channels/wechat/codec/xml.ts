/** The small XML dialect of WeChat: one level of fields, a few of them with children; every leaf stays text. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** Far above what the platform sends, far below what hurts. */
const deepest = 8;
const mostTags = 400;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  htmlEntities: false,
  trimValues: true,
});

/**
 * The fields inside the root element, or undefined for anything that is not such XML. Document types and entities are refused
 * (external entities, entity bombs); deep nesting and floods of tags too.
 */
export function parseXml(text: string): Record<string, unknown> | undefined {
  const plain = flatFields(text);
  if (plain) return plain;
  const outside = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  // What is left may hold no declaration and no instruction but the XML one.
  if (/<!/.test(outside) || /<\?(?!xml\s)/i.test(outside) || tooBig(outside)) return undefined;
  try {
    if (XMLValidator.validate(text) !== true) return undefined;
    const root: unknown = parser.parse(text);
    const inner = isRecord(root) ? root.xml : undefined;
    return isRecord(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

const opening = /<([A-Za-z]\w{0,63})>/y;
const space = /\s*/y;
const cdataStart = '<![CDATA[';

/**
 * What the platform posts nearly always: one level of differently named fields, each a CDATA section or a plain word. Undefined for anything
 * else, which the parser reads, or refuses.
 */
function flatFields(text: string): Record<string, string> | undefined {
  const end = text.length - '</xml>'.length;
  if (!text.startsWith('<xml>') || !text.endsWith('</xml>') || text.includes('\r')) return undefined;
  const fields: Record<string, string> = {};
  let at = '<xml>'.length;
  for (let tags = 2; tags <= mostTags; tags += 2) {
    at = after(space, text, at);
    if (at === end) return tags > 2 ? fields : undefined;
    opening.lastIndex = at;
    const [tag = '', name = ''] = opening.exec(text) ?? [];
    if (name === '' || name in fields) return undefined;
    at += tag.length;
    const marked = text.startsWith(cdataStart, at);
    if (marked) at += cdataStart.length;
    const close = text.indexOf(marked ? ']]>' : '<', at);
    const value = text.slice(at, close);
    at = close + (marked ? ']]>'.length : 0);
    if (close < 0 || (!marked && /\W/.test(value)) || !text.startsWith(`</${name}>`, at)) return undefined;
    fields[name] = value;
    at += name.length + '</>'.length;
  }
  return undefined;
}

function after(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  sticky.test(text);
  return sticky.lastIndex;
}

function tooBig(markup: string): boolean {
  let depth = 0;
  let tags = 0;
  for (const [tag] of markup.matchAll(/<\/?[^>?][^>]*>/g)) {
    if (++tags > mostTags) return true;
    if (tag.startsWith('</')) depth--;
    else if (!tag.endsWith('/>')) depth++;
    if (depth > deepest) return true;
  }
  return false;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What XML 1.0 can't hold, CDATA or not. */
const illegal = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]|\p{Cs}/gu;

/** Text as a CDATA section. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replace(illegal, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

export interface TextReply {
  readonly to: string;
  readonly from: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly text: string;
}

/** A passive text reply. Format: developers.weixin.qq.com, page 被动回复用户消息. */
export function textReplyXml({ to, from, at, text }: TextReply): string {
  return `<xml><ToUserName>${cdata(to)}</ToUserName><FromUserName>${cdata(from)}</FromUserName><CreateTime>${at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>${cdata(text)}</Content></xml>`;
}

/** The envelope of an encrypted reply. */
export function envelopeXml(parts: { encrypted: string; signature: string; timestamp: number; nonce: string }): string {
  return `<xml><Encrypt>${cdata(parts.encrypted)}</Encrypt><MsgSignature>${cdata(parts.signature)}</MsgSignature><TimeStamp>${parts.timestamp}</TimeStamp><Nonce>${cdata(parts.nonce)}</Nonce></xml>`;
}
