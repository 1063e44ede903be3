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
