import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Grant, type Harness, startHarness, WIDGET_ORIGIN } from './testing/harness.ts';
import { says } from './testing/memory-core.ts';

// Generous: the machine may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, expect: { poll: { timeout: 10_000 } } });

let h: Harness;
afterEach(() => h.close());

/** Opens a stream; collects what comes. */
function stream(url: string, origin?: string) {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  const texts = () =>
    messages.filter(Boolean).flatMap((message) => JSON.parse(message).activities.map(({ text }: { text: string }) => text));
  return { socket, messages, texts, closed: once(socket, 'close') as Promise<[number, Buffer]> };
}

/** The status of a refused handshake, 101 for an accepted one. */
function handshake(url: string, origin?: string): Promise<[status: number, code?: string]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, origin === undefined ? {} : { origin });
    socket.on('open', () => {
      socket.close();
      resolve([101]);
    });
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve([response.statusCode ?? 0, JSON.parse(body).error.code]));
    });
  });
}
const streamOf = (grant: Grant, query: Record<string, string>) =>
  `${grant.streamUrl.split('?')[0]}?${new URLSearchParams({ t: grant.token, ...query })}`;

describe('Direct Line: stream', () => {
  it('continues after the watermark and then follows live', async () => {
    h = await startHarness();
    const grant = await h.start();
    h.core.append(grant.conversationId, says('二'));
    const { texts, socket } = stream(streamOf(grant, { watermark: '1' }));
    await expect.poll(texts).toEqual(['二']);
    h.core.append(grant.conversationId, says('三'));
    await expect.poll(texts).toEqual(['二', '三']);
    socket.close();
    await expect.poll(() => h.core.followers(grant.conversationId)).toBe(0);
  });

  it('refuses in plain HTTP: token, conversation, origin, watermark', async () => {
    h = await startHarness({ limits: { socketsPerConversation: 1 } });
    const [grant, other] = [await h.start(), await h.start()];
    const unstarted = (await h.call('POST', '/tokens/generate')).json;
    expect(await handshake(streamOf(grant, { t: '' }))).toEqual([401, 'BadToken']);
    expect(await handshake(streamOf(grant, { t: grant.resumeToken }))).toEqual([401, 'BadToken']);
    expect(await handshake(streamOf(grant, { t: other.token }))).toEqual([403, 'OtherConversation']);
    expect(await handshake(streamOf(grant, { watermark: 'x' }))).toEqual([400, 'BadArgument']);
    expect(await handshake(grant.streamUrl, 'https://evil.example')).toEqual([403, 'OriginNotAllowed']);
    expect(await handshake(grant.streamUrl, WIDGET_ORIGIN)).toEqual([101]);
    const gone = grant.streamUrl.replace(grant.conversationId, unstarted.conversationId).replace(/t=.*/, `t=${unstarted.token}`);
    expect(await handshake(gone)).toEqual([404, 'NotFound']);
    const { socket } = stream(other.streamUrl);
    await once(socket, 'open');
    expect(await handshake(other.streamUrl)).toEqual([429, 'TooManyConnections']);
    h.clock.now += 31 * 60_000;
    expect(await handshake(grant.streamUrl)).toEqual([403, 'TokenExpired']);
    expect((await h.call('GET', `/conversations/${grant.conversationId}/stream`)).status).toBe(426);
  });

  it('keeps the line alive with empty messages, drops a peer that stopped answering, and finds what was appended unannounced', async () => {
    h = await startHarness({ limits: { pingMs: 100 } });
    const grant = await h.start();
    const { messages, texts, socket } = stream(grant.streamUrl);
    const deaf = new WebSocket(grant.streamUrl, { autoPong: false });
    await once(deaf, 'close');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(messages).toContain('');
    h.core.append(grant.conversationId, says('别的进程写的'), false);
    await expect.poll(texts).toContain('别的进程写的');
  });

  it('a client that stops reading is cut off, and gets the rest by watermark', async () => {
    h = await startHarness({ limits: { socketBufferBytes: 256 * 1024 } });
    const grant = await h.start();
    const slow = stream(grant.streamUrl);
    await expect.poll(() => slow.texts().length).toBe(1);
    slow.socket.pause();
    for (let i = 0; i < 300 && h.core.followers(grant.conversationId) > 0; i++) {
      h.core.append(grant.conversationId, says(`${i}`.padEnd(100_000, '。')));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(h.core.followers(grant.conversationId)).toBe(0);
    h.core.append(grant.conversationId, says('最后一句'));
    slow.socket.resume();
    await slow.closed;
    const last = slow.messages.filter(Boolean).at(-1) ?? '{}';
    const rest = stream(streamOf(grant, { watermark: JSON.parse(last).watermark }));
    await expect.poll(() => rest.texts().at(-1)).toBe('最后一句');
    const all = (await h.core.log.read(grant.conversationId, 0, 10_000)).map(({ text }) => text);
    expect([...slow.texts(), ...rest.texts()]).toEqual(all);
  });

  it('survives peers that talk nonsense', async () => {
    h = await startHarness();
    const grant = await h.start();
    const { socket, closed } = stream(grant.streamUrl);
    await once(socket, 'open');
    socket.send('not json');
    socket.send('');
    socket.send('x'.repeat(10_000));
    expect((await closed)[0]).toBe(1009);
    const raw = connect(Number(new URL(h.origin).port), '127.0.0.1');
    raw.write(`GET ${new URL(grant.streamUrl).pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    expect(String((await once(raw, 'data'))[0])).toMatch(/^HTTP\/1\.1 401 /);
    raw.on('error', () => {});
    expect((await h.say(grant, { text: '在吗' })).status).toBe(200);
    expect(h.errors).toEqual([]);
  });

  it('says goodbye on close', async () => {
    h = await startHarness();
    const grant = await h.start();
    const { socket, closed } = stream(grant.streamUrl);
    await once(socket, 'open');
    await h.directLine.close();
    expect((await closed)[0]).toBe(1001);
  });
});
