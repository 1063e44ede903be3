import { createCipheriv, createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing, LostKeyError } from '../../../../bot/store/sealing/key-ring.ts';
import { sealingKey } from '../../../../bot/store/sealing/seal.ts';
import { type FileSeal, readKept, resealKept, writeKept } from './kept.ts';
import { sendBytes } from './send.ts';
import { createDiskUploads, type UploadRecord } from './store.ts';

const key = (id: string, fill: number) => ({ id, secret: Buffer.alloc(32, fill).toString('base64') });
const ring = new KeyRing([key('k1', 1), key('lookup', 9)]);
const next = new KeyRing([key('k2', 2), key('k1', 1), key('lookup', 9)]);
const stranger = new KeyRing([key('k7', 7), key('lookup', 9)]);
const words = Buffer.from('我住在安澜市河东路八号');

let directory: string;
let records: Map<string, UploadRecord>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wenban-kept-'));
  records = new Map();
});
afterEach(() => rmSync(directory, { recursive: true }));

let ids = 0;
const store = (seal: FileSeal | undefined) =>
  createDiskUploads({
    directory,
    seal,
    saveRecord: async (record) => records.set(record.id, record),
    findRecord: async (id) => records.get(id),
    maxBytes: 10_000,
    now: () => 1,
    newId: () => `upload-${++ids}`,
  });
const keep = async (seal: FileSeal | undefined, content = words) => {
  const uploads = store(seal);
  const staged = await uploads.stage({
    stream: Readable.from([content.subarray(0, 5), content.subarray(5)]),
    name: 'a.txt',
    declaredType: '',
  });

  return uploads.keep(staged, 'c1');
};
const onDisk = () => Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
const onRecord = async (after: string, limit: number) =>
  [...records.values()]
    .filter(({ id }) => id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit);
const rotate = (seal: FileSeal, still = async (id: string) => records.has(id)) => resealKept(directory, seal, onRecord, still);

describe('[R-129] uploaded files on disk', () => {
  it('are sealed from the first byte on, and come back as they were', async () => {
    const staged = await store(ring).stage({ stream: Readable.from([words]), name: 'a.txt', declaredType: '' });
    expect(onDisk().includes(words)).toBe(false);
    expect(staged).toMatchObject({ size: words.length, sha256: createHash('sha256').update(words).digest('hex') });
    const record = await store(ring).keep(staged, 'c1');
    expect(readdirSync(directory)).toEqual([record.id]);
    expect([onDisk().includes(words), onDisk().toString('latin1', 0, 8)]).toEqual([false, 'wbf2.k1.']);
    expect(await store(ring).read(record)).toEqual(words);
  });

  it('that came before the keys stay readable, even one that begins like a sealed file; both are sealed with the next key', async () => {
    const forged = Buffer.concat([Buffer.from('wbf1.k1.'), Buffer.alloc(60, 65)]);
    const [old, tricky, sealed] = [await keep(undefined), await keep(undefined, forged), await keep(ring)];
    for (const seal of [ring, next])
      expect(await Promise.all([old, tricky, sealed].map((record) => store(seal).read(record)))).toEqual([words, forged, words]);
    expect(await store(undefined).read(tricky)).toEqual(forged);
    expect(await rotate(next)).toEqual({ files: 3, failed: [] });
    expect(await rotate(next)).toEqual({ files: 0, failed: [] });
    expect([onDisk().includes(words), readdirSync(directory).length]).toEqual([false, 3]);
    expect(await Promise.all([old, tricky, sealed].map((record) => store(next).read(record)))).toEqual([words, forged, words]);
    await expect(store(ring).read(old)).rejects.toThrow(/sealed with the key "k2", which is not here/);
  });

  it('whose key is lost say so, without keys at all too; a changed file is never served', async () => {
    const record = await keep(ring);
    await expect(store(stranger).read(record)).rejects.toThrow(LostKeyError);
    await expect(store(undefined).read(record)).rejects.toThrow(/put back DATA_KEYS or the file data-keys/);
    expect(await rotate(stranger)).toEqual({ files: 0, failed: [record.id] });
    const file = join(directory, record.id);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    await expect(store(ring).read(record)).rejects.toThrow();
    rmSync(file);
    expect(await store(ring).read(record)).toBeUndefined();
  });

  it('put in place of each other are not served and not sealed anew', async () => {
    const other = Buffer.from('别人的一份说明，一样长。。。。。。');
    for (const [seal, content] of [
      [ring, other],
      [undefined, other],
    ] as const) {
      const [one, two] = [await keep(seal), await keep(seal, content.subarray(0, words.length))];
      const [first, second] = [one, two].map(({ id }) => readFileSync(join(directory, id)));
      writeFileSync(join(directory, one.id), second as Buffer);
      writeFileSync(join(directory, two.id), first as Buffer);
      for (const record of [one, two]) await expect(store(ring).read(record)).rejects.toThrow();
      expect((await rotate(next)).failed).toEqual(expect.arrayContaining([one.id, two.id]));
      writeFileSync(join(directory, one.id), first as Buffer);
      expect(await store(ring).read(one)).toEqual(words);
    }
  });

  it('from before files were bound to their place still open there, nowhere else, and are bound by the next sealing', async () => {
    const record = await keep(ring);
    const other = await keep(ring, Buffer.from('a text of another one'));
    // As they were written before: the same envelope with nothing authenticated beside its content.
    const cipher = createCipheriv('aes-256-gcm', sealingKey('k1', Buffer.alloc(32, 1)).cipher, Buffer.alloc(12, 5), { authTagLength: 16 });
    const body = Buffer.concat([cipher.update(words), cipher.final()]);
    const old = Buffer.concat([Buffer.from('wbf1.k1.'), Buffer.alloc(12, 5), cipher.getAuthTag(), body]);
    for (const { id } of [record, other]) writeFileSync(join(directory, id), old);
    expect(await store(ring).read(record)).toEqual(words);
    await expect(store(ring).read(other)).rejects.toThrow('is not the one on record');
    expect(await rotate(ring)).toEqual({ files: 1, failed: [other.id] });
    expect(readFileSync(join(directory, record.id)).toString('latin1', 0, 8)).toBe('wbf2.k1.');
    expect(await store(ring).read(record)).toEqual(words);
  });

  it('deleted while they are sealed anew do not come back', async () => {
    await keep(ring);
    expect(await rotate(next, async () => false)).toEqual({ files: 1, failed: [] });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('of every size keep their content', async () => {
    for (const size of [0, 1, 37, 64, 9999]) {
      const content = Buffer.alloc(size, 'wbf1.k1.');
      await writeKept(directory, 'one-file', content, ring);
      expect(await readKept(directory, { id: 'one-file', size, sha256: '' }, ring)).toEqual(content);
    }
  });
});

describe('sending a part of a file', () => {
  it.each([
    [{}, 200, '0123456789', null],
    [{ range: 'bytes=2-4' }, 206, '234', 'bytes 2-4/10'],
    [{ range: 'bytes=-3' }, 206, '789', 'bytes 7-9/10'],
    [{ range: 'bytes=7-' }, 206, '789', 'bytes 7-9/10'],
    [{ range: 'bytes=20-' }, 416, '', 'bytes */10'],
    [{ range: 'bytes=0-1,4-5' }, 200, '0123456789', null],
    [{ range: 'lines=0-1' }, 200, '0123456789', null],
    [{ range: 'bytes=0-1', 'if-range': '"t"' }, 206, '01', 'bytes 0-1/10'],
    [{ range: 'bytes=0-1', 'if-range': '"old"' }, 200, '0123456789', null],
    [{ 'if-none-match': '"t"' }, 304, '', null],
  ] as [Record<string, string>, number, string, string | null][])('%j', async (headers, status, text, range) => {
    const app = express();
    app.get('/', (request, response) => sendBytes(request, response.type('text/plain'), Buffer.from('0123456789'), 't'));
    const server = app.listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'cache-control': 'max-age=9', ...headers } });
      expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([status, text, range]);
    } finally {
      server.close();
    }
  });
});
