import { describe, expect, it } from 'vitest';
import { acceptedType } from './sniff.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat([...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))), Buffer.alloc(64)]);
const ftyp = (brand: string) => bytes([0, 0, 0, 24], `ftyp${brand}`, [0, 0, 0, 0], `${brand}isom`);

/** A zip with one stored entry: as much of an Office file as its recognition looks at. */
function office(contentType: string): Buffer {
  const name = '[Content_Types].xml';
  const content = Buffer.from(
    `<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="application/vnd.openxmlformats-officedocument.${contentType}.main+xml"/></Types>`,
  );
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), content]);
}

describe('upload types', () => {
  it.each<[name: string, content: Buffer, type: string | undefined]>([
    ['a.jpg', bytes([0xff, 0xd8, 0xff, 0xe0], '\0\x10JFIF'), 'image/jpeg'],
    ['a.gif', bytes('GIF89a'), 'image/gif'],
    ['a.webp', bytes('RIFF', [4, 0, 0, 0], 'WEBPVP8 '), 'image/webp'],
    ['a.heic', ftyp('heic'), 'image/heic'],
    ['a.heif', ftyp('mif1'), 'image/heic'],
    ['a.mp4', ftyp('isom'), 'video/mp4'],
    ['a.m4a', ftyp('M4A '), 'audio/mp4'],
    ['a.amr', bytes('#!AMR\n'), 'audio/amr'],
    ['a.wav', bytes('RIFF', [4, 0, 0, 0], 'WAVEfmt '), 'audio/wav'],
    ['a.mp3', bytes([0xff, 0xfb, 0x90, 0x64]), 'audio/mpeg'],
    ['a.docx', office('wordprocessingml.document'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.xlsx', office('spreadsheetml.sheet'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['表.pptx', office('presentationml.presentation'), undefined],
    ['a.zip', bytes('PK\x03\x04'), undefined],
    ['a.exe', bytes('MZ'), undefined],
    ['a.txt', bytes('#!/bin/sh'), undefined],
    ['a.csv', Buffer.from('a,b'), undefined],
    ['a.txt', Buffer.from('办理身份证\r\n带户口本'), 'text/plain'],
    // The window of 64 KB ends inside a character.
    ['long.txt', Buffer.from(`a${'证'.repeat(30_000)}`), 'text/plain'],
  ])('%s', async (name, content, type) => {
    expect(await acceptedType(content, name, 'application/octet-stream')).toBe(type);
  });
});
