/** What stands in a short message: text in its coding, and the header that joins the parts of a long one. */
import { decodeGsm7, encodeGsm7 } from '../text/gsm7.ts';
import { type Encoding, segments } from '../text/segments.ts';

/** How a text is written; the numbers are CMPP's Msg_Fmt, and one of our own for unpacked GSM-7, which CMPP does not have. */
export const LATIN1 = 0;
export const GSM7 = 7;
export const UCS2 = 8;
const GB = 15;

/** UTF-16 big endian. */
export const encodeUcs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/**
 * Reads the content of a message, the parts of a long one already joined: a character may stand across two parts.
 * Undefined for what is no text (binary, card).
 */
export function decodeText(content: Buffer, fmt: number): string | undefined {
  // An odd byte at the end is no character.
  if (fmt === UCS2)
    return Buffer.from(content.subarray(0, content.length & ~1))
      .swap16()
      .toString('utf16le');
  if (fmt === GB) return new TextDecoder('gb18030').decode(content);
  if (fmt === GSM7) return decodeGsm7(content);
  return fmt === LATIN1 ? content.toString('latin1') : undefined;
}

export interface Concatenation {
  readonly reference: number;
  readonly total: number;
  readonly number: number;
}

/** A text in its coding. */
export const encodeText = (text: string, encoding: Encoding): Buffer => (encoding === 'gsm7' ? encodeGsm7(text) : encodeUcs2(text));

/** A text as the contents of its messages: one alone, or parts (67 characters in UCS-2, 153 in GSM-7), each with its header. */
export function longContents(text: string, reference: number, encoding: Encoding = 'ucs2'): Buffer[] {
  const { parts } = segments(text, encoding);
  if (parts.length === 1) return [encodeText(text, encoding)];
  return parts.map((part, index) =>
    Buffer.concat([Buffer.from([5, 0, 3, reference & 0xff, parts.length, index + 1]), encodeText(part, encoding)]),
  );
}

/** Takes the header off. `part` is undefined when it joins nothing; undefined when there is no whole header. */
export function readHeader(content: Buffer): { readonly part: Concatenation | undefined; readonly body: Buffer } | undefined {
  const length = content[0];
  if (length === undefined || content.length < length + 1) return undefined;
  const body = content.subarray(length + 1);
  for (let at = 1; at + 1 <= length; ) {
    const element = content[at];
    const size = content[at + 1] ?? 0;
    const data = content.subarray(at + 2, at + 2 + size);
    if (at + 2 + size > length + 1) return undefined;
    // 0: a reference of 8 bits · 8: of 16 bits. Source: 3GPP TS 23.040, section 9.2.3.24.
    const wide = element === 8 && size === 4;
    if (wide || (element === 0 && size === 3)) {
      const reference = wide ? data.readUInt16BE(0) : data.readUInt8(0);
      const [total = 0, number = 0] = data.subarray(size - 2);
      const sound = total >= 1 && number >= 1 && number <= total;
      return { part: sound ? { reference, total, number } : undefined, body };
    }
    at += 2 + size;
  }
  return { part: undefined, body };
}
