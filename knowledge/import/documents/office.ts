/** What Word and Excel files have in common: a zip of XML parts, or, when protected, an OLE compound file. */
import { Unreadable } from './unreadable.ts';
import { unzip } from './zip.ts';

const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const isOle = (bytes: Uint8Array): boolean => ole.every((byte, index) => bytes[index] === byte);

/**
 * The wanted XML parts of an office file as text. Errors: `Unreadable` for protected, old, broken and overlarge files, and for
 * XML with a document type: no office program writes one, and only there external entities can be declared.
 */
export function officeParts(bytes: Uint8Array, wanted: (name: string) => boolean, maxBytes: number): Map<string, string> {
  if (bytes.length === 0) throw new Unreadable('is empty');
  if (isOle(bytes)) throw new Unreadable(oleReason(bytes));
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Unreadable('is not an office file (.docx, .xlsx), whatever its name says');
  const parts = unzip(bytes, wanted, maxBytes);
  return new Map([...parts].map(([name, content]) => [name, xmlText(name, content)]));
}

/** An encrypted office file keeps a stream of this name in the directory of its compound file. Source: MS-OFFCRYPTO 2.3.1. */
function oleReason(bytes: Uint8Array): string {
  const encrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le'));
  return encrypted ? 'is protected with a password' : 'is an old office file (.doc, .xls) under a new name: save it as .docx or .xlsx';
}

function xmlText(name: string, content: Uint8Array): string {
  const wide = (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff);
  const encoding = wide ? (content[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    throw new Unreadable(`is broken: its part ${name} is not ${encoding.toUpperCase()} text`);
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Unreadable(`declares a document type or entities in its part ${name}: refused`);
  return text;
}
