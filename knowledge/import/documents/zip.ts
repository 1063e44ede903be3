/**
 * The parts of a zip file, unpacked within a budget. Own reading of the directory, because the size it states is checked while
 * unpacking: a part that holds more than it says, or than the budget leaves, stops at once. Source: PKWARE APPNOTE 4.3.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { Unreadable } from './unreadable.ts';

interface Part {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const maxParts = 10_000;

/**
 * Unpacks the wanted parts. Errors: `Unreadable` for what is no zip file, is truncated, damaged or encrypted, or holds more than
 * `maxBytes` when unpacked.
 */
export function unzip(bytes: Uint8Array, wanted: (name: string) => boolean, maxBytes: number): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  let left = maxBytes;
  for (const part of directory(bytes, view)) {
    if (!wanted(part.name) || found.has(part.name)) continue;
    if (part.encrypted) throw new Unreadable('is protected with a password');
    if (part.size > left) throw new Unreadable(`holds more than ${Math.round(maxBytes / 1024 / 1024)} MB when unpacked`);
    const content = unpack(bytes, view, part);
    left -= content.length;
    found.set(part.name, content);
  }
  return found;
}

function directory(bytes: Uint8Array, view: DataView): Part[] {
  const end = endOfDirectory(view);
  if (end === undefined) throw new Unreadable('is broken or cut off: the end of the zip file is missing');
  const count = view.getUint16(end + 10, true);
  if (count > maxParts) throw new Unreadable(`holds more than ${maxParts} parts`);
  const parts: Part[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw new Unreadable('is broken: its zip directory can’t be read');
    const nameLength = view.getUint16(at + 28, true);
    parts.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll('\\', '/'),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return parts;
}

/** The end record stands within the last 64 kB, before an optional comment. */
function endOfDirectory(view: DataView): number | undefined {
  const stop = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= stop; at -= 1) if (view.getUint32(at, true) === 0x06054b50) return at;
  return undefined;
}

function unpack(bytes: Uint8Array, view: DataView, part: Part): Uint8Array {
  const broken = new Unreadable(`is broken: its part ${part.name} can’t be unpacked`);
  if (part.offset + 30 > bytes.length || view.getUint32(part.offset, true) !== 0x04034b50) throw broken;
  const start = part.offset + 30 + view.getUint16(part.offset + 26, true) + view.getUint16(part.offset + 28, true);
  const packed = bytes.subarray(start, start + part.packed);
  if (packed.length !== part.packed) throw broken;
  let content: Uint8Array;
  try {
    content = part.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, part.size) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Unreadable(`holds more than it says in its part ${part.name} (a zip bomb?)`);
    }
    throw broken;
  }
  if (content.length !== part.size || crc32(content) !== part.crc) throw broken;
  return content;
}
