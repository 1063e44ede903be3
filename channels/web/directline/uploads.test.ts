import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attachment } from '../../../bot/activity.ts';
import { type Grant, type Harness, startHarness, WIDGET_ORIGIN } from './testing/harness.ts';
import { createDiskUploads } from './uploads/store.ts';

// Generous: the machine may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, expect: { poll: { timeout: 10_000 } } });

let h: Harness;
afterEach(() => h.close());

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const pdf = Buffer.from('%PDF-1.4\n%âãÏÓ\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF', 'latin1');

const blob = (bytes: Uint8Array | string, type: string) => new Blob([bytes as BlobPart], { type });
/** The multipart body that botframework-directlinejs makes: an activity without contentUrl, then the files it names. */
function form(activity: object | undefined, files: [name: string, bytes: Uint8Array | string, type: string][]): FormData {
  const data = new FormData();
  if (activity) data.append('activity', blob(JSON.stringify(activity), 'application/vnd.microsoft.activity'));
  for (const [name, bytes, type] of files) data.append('file', blob(bytes, type), name);
  return data;
}
const upload = (grant: Grant, body: unknown, headers: Record<string, string> = {}) =>
  h.call('POST', `/conversations/${grant.conversationId}/upload?userId=me`, { token: grant.token, body, headers });
const attachmentsOf = async (grant: Grant): Promise<Attachment[]> => {
  const read = await h.call('GET', `/conversations/${grant.conversationId}/activities`, { token: grant.token });
  return read.json.activities.at(-1).attachments;
};

describe('Direct Line: upload', () => {
  it('a message with files as botframework-directlinejs sends it; pictures show, others download', async () => {
    h = await startHarness();
    const grant = await h.start();
    const activity = {
      type: 'message',
      from: { id: 'me' },
      text: '这是我的材料',
      channelData: { clientActivityID: 'c-9' },
      attachments: [
        { contentType: 'image/png', name: '身份证 正面.png', thumbnailUrl: `data:image/jpeg;base64,${'A'.repeat(60_000)}` },
        { contentType: 'application/pdf', name: '申请表.pdf' },
      ],
    };
    const files: [string, Uint8Array, string][] = [
      ['申请表.pdf', pdf, 'application/pdf'],
      ['身份证 正面.png', png, 'image/png'],
    ];
    const first = await upload(grant, form(activity, files));
    const again = await upload(grant, form(activity, files));
    expect([first.status, again.json]).toEqual([200, first.json]);
    expect(h.core.received).toHaveLength(1);
    expect(readdirSync(h.directory)).toHaveLength(2);

    const [picture, paper] = await attachmentsOf(grant);
    expect(picture).toMatchObject({ contentType: 'image/png', name: '身份证 正面.png' });
    expect(paper).toMatchObject({ contentType: 'application/pdf', name: '申请表.pdf' });
    const shown = await fetch(picture?.contentUrl ?? '', { headers: { Origin: WIDGET_ORIGIN } });
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': WIDGET_ORIGIN,
    });
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    const downloaded = await fetch(paper?.contentUrl ?? '');
    expect(downloaded.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('申请表.pdf')}`);
    expect(h.core.received[0]?.attachments?.[0]?.contentUrl).toMatch(/^\/v3\/directline\/uploads\/[\w-]{22}$/);
  });

  it('a file as the whole body, named by Content-Disposition', async () => {
    h = await startHarness();
    const grant = await h.start();
    const named = {
      'Content-Type': 'image/png',
      'Content-Disposition': `name="file"; filename*=UTF-8''${encodeURIComponent('../户口本.png')}`,
    };
    expect((await upload(grant, new Uint8Array(png), named)).status).toBe(200);
    expect(await attachmentsOf(grant)).toMatchObject([{ contentType: 'image/png', name: '户口本.png' }]);
  });

  it('text files in UTF-8 and GB 18030 are taken, by content and not by name', async () => {
    h = await startHarness();
    const grant = await h.start();
    const gbk = Buffer.from([0xc9, 0xed, 0xb7, 0xdd, 0xd6, 0xa4]);
    expect((await upload(grant, form(undefined, [['说明.txt', '身份证', 'text/plain']]))).status).toBe(200);
    expect((await upload(grant, form(undefined, [['旧说明.txt', gbk, 'text/plain']]))).status).toBe(200);
    expect((await upload(grant, form(undefined, [['x.txt', png.subarray(0, 20).map((b) => b ^ 1), 'text/plain']]))).status).toBe(415);
  });

  it.each([
    ['a page in disguise', form(undefined, [['a.png', '<html><script>1</script>', 'image/png']]), 415],
    ['SVG', form(undefined, [['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml']]), 415],
    ['a program', form(undefined, [['a.pdf', `MZ${'\u0001'.repeat(200)}`, 'application/pdf']]), 415],
    [
      'one bad file among good ones',
      form(undefined, [
        ['a.png', png, 'image/png'],
        ['b.exe', 'MZ..', 'image/png'],
      ]),
      415,
    ],
    ['an empty file', form(undefined, [['a.png', '', 'image/png']]), 400],
    ['no file', form({ type: 'message', text: 'x' }, []), 400],
    [
      'a broken activity part',
      (() => {
        const f = form(undefined, [['a.png', png, 'image/png']]);
        f.append('activity', '{');
        return f;
      })(),
      400,
    ],
    ['an activity with NUL', form({ type: 'message', text: '\u0000' }, [['a.png', png, 'image/png']]), 400],
    ['an event with a file', form({ type: 'event', name: 'x' }, [['a.png', png, 'image/png']]), 400],
    [
      'too many files',
      form(
        undefined,
        Array.from({ length: 6 }, (_, i) => [`${i}.png`, png, 'image/png'] as [string, Uint8Array, string]),
      ),
      400,
    ],
  ])('%s is refused and nothing stays on disk', async (_name, body, status) => {
    h = await startHarness();
    const grant = await h.start();
    const answer = await upload(grant, body);
    expect([answer.status, typeof answer.json?.error?.message]).toEqual([status, 'string']);
    expect(readdirSync(h.directory)).toEqual([]);
    expect(h.core.received).toEqual([]);
    expect(h.errors).toEqual([]);
  });

  it('multipart that is none', async () => {
    h = await startHarness();
    const grant = await h.start();
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const answer = await upload(grant, new Uint8Array(Buffer.from('--y\r\njunk')), { 'Content-Type': type });
      expect([type, answer.status, answer.json?.error?.code]).toEqual([type, 400, 'BadArgument']);
    }
    expect(h.errors).toEqual([]);
  });

  it('50 MB answers 413, announced or not, without being held in memory', async () => {
    h = await startHarness();
    const grant = await h.start();
    const before = process.memoryUsage().rss;
    for (const [announced, multipart] of [
      [true, false],
      [false, false],
      [true, true],
      [false, true],
    ] as const) {
      const answer = await sendLarge(grant, 50 * 1024 * 1024, announced, multipart);
      expect([announced, multipart, answer.status, JSON.parse(answer.text).error.code]).toEqual([
        announced,
        multipart,
        413,
        'MessageSizeTooBig',
      ]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
    expect(readdirSync(h.directory)).toEqual([]);
    expect((await upload(grant, form(undefined, [['a.png', png, 'image/png']]))).status).toBe(200);
  });

  it('a client that hangs up in the middle leaves nothing behind', async () => {
    h = await startHarness();
    const grant = await h.start();
    await sendLarge(grant, 8 * 1024 * 1024, true, true, 1024 * 1024).catch(() => {});
    await expect.poll(() => readdirSync(h.directory)).toEqual([]);
    expect((await h.say(grant, { text: '网断了' })).status).toBe(200);
  });

  it('a file opens with its link for a while, or with its own conversation’s token; not otherwise', async () => {
    h = await startHarness();
    const [grant, other] = [await h.start(), await h.start()];
    await upload(grant, form(undefined, [['a.png', png, 'image/png']]));
    const link = new URL((await attachmentsOf(grant))[0]?.contentUrl ?? '');
    const path = link.pathname.replace('/v3/directline', '');
    expect((await h.call('GET', path + link.search)).status).toBe(200);
    expect((await h.call('GET', path)).status).toBe(401);
    expect((await h.call('GET', path, { token: other.token })).status).toBe(403);
    expect((await h.call('GET', path, { token: grant.token })).status).toBe(200);
    expect((await h.call('GET', `${path}?e=99999999999&s=${link.searchParams.get('s')}`)).status).toBe(401);
    expect((await h.call('GET', '/uploads/aaaaaaaaaaaaaaaaaaaaaa', { token: grant.token })).status).toBe(404);
    h.clock.now += 3 * 24 * 60 * 60_000;
    expect((await h.call('GET', path + link.search)).status).toBe(401);
  });

  it('an uploaded file may be sent again in the same conversation, and not from another', async () => {
    h = await startHarness();
    const [grant, other] = [await h.start(), await h.start()];
    await upload(grant, form(undefined, [['a.png', png, 'image/png']]));
    const attachments = await attachmentsOf(grant);
    expect((await h.say(grant, { attachments })).status).toBe(200);
    expect(h.core.received.at(-1)?.attachments?.[0]?.contentUrl).not.toContain('?');
    expect((await h.say(other, { attachments })).status).toBe(400);
  });

  it('removes what a dead process left half written, and only that', async () => {
    h = await startHarness();
    for (const name of ['old-upload-1.part', 'young-upload.part', 'kept-file-id']) writeFileSync(join(h.directory, name), 'x');
    for (const name of ['old-upload-1.part', 'kept-file-id']) utimesSync(join(h.directory, name), 1, 1);
    createDiskUploads({
      directory: h.directory,
      saveRecord: async () => {},
      findRecord: async () => undefined,
      maxBytes: 1,
      now: Date.now,
      newId: () => 'x',
    });
    expect(readdirSync(h.directory).sort()).toEqual(['kept-file-id', 'young-upload.part']);
  });
});

/** Sends an upload of many bytes at the pace of the receiver; hangs up after `hangUpAfter` bytes. */
function sendLarge(grant: Grant, size: number, announced: boolean, multipart: boolean, hangUpAfter = Number.POSITIVE_INFINITY) {
  const head = multipart ? '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' : '';
  const tail = multipart ? '\r\n--b--\r\n' : '';
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = httpRequest(`${h.base}/conversations/${grant.conversationId}/upload`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${grant.token}`,
        'Content-Type': multipart ? 'multipart/form-data; boundary=b' : 'image/png',
        ...(announced ? { 'Content-Length': head.length + size + tail.length } : {}),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    const chunk = Buffer.alloc(64 * 1024, 7);
    let sent = 0;
    const pump = (): void => {
      while (sent < size) {
        if (sent >= hangUpAfter) return void request.destroy();
        sent += chunk.length;
        if (!request.write(chunk)) return void request.once('drain', pump);
      }
      request.end(tail);
    };
    request.write(head || chunk.subarray(0, 0));
    pump();
  });
}
