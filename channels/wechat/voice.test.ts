import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

/** What the transcription does with the next voice message. */
let next: { afterMs: number; status: number } = { afterMs: 0, status: 200 };
const heard: { path: string; type: string; body: string }[] = [];
const speech = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  heard.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString('latin1') });
  await sleep(next.afterMs);
  response
    .writeHead(next.status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(next.status === 200 ? { text: '居住证要多少钱' } : { error: { message: 'Invalid file format.' } }));
});
const amr = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0x3c)]);
const fee = /每证 20 元/;

let at: Harness;
let deaf: Harness;
beforeAll(async () => {
  await new Promise<void>((resolve) => speech.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(speech.address() as AddressInfo).port}/v1`;
  const accounts = [{ kind: 'official-account', type: 'subscription' }] as const;
  at = await startHarness({
    accounts,
    transcription: { baseUrl, apiKey: 'k', model: 'whisper-1' },
    waits: { mediaMs: 400, replyMs: 600 },
    hangUpMs: 2500,
  });
  deaf = await startHarness({ accounts });
  for (const { platform } of [at, deaf]) platform.media.set('V', { bytes: amr, type: 'audio/amr' });
});
beforeEach(() => {
  next = { afterMs: 0, status: 200 };
  heard.length = 0;
});
afterAll(async () => {
  expect([...at.platform.errors, ...deaf.platform.errors]).toEqual([]);
  await at.close();
  await deaf.close();
  speech.close();
});

const voice = (openid: string, on: Harness, recognition = '') =>
  on.citizen(openid).sends({ MsgType: 'voice', MediaId: 'V', Format: 'amr', Recognition: recognition });
const saidBy = async (openid: string, on: Harness) => {
  const row = await on.house.database.db
    .selectFrom('wechat_citizens')
    .select('conversation_id')
    .where('openid', '=', openid)
    .executeTakeFirstOrThrow();
  return (await on.house.log.read(row.conversation_id, 0, 100)).filter((one) => one.type === 'message' && one.from.role !== 'bot');
};

describe('[R-032] a voice message', () => {
  it('becomes words and is answered like them; the file is kept for staff', async () => {
    expect((await voice('oVoice', at)).at(-1)?.text).toMatch(fee);
    expect(heard).toMatchObject([{ path: '/v1/audio/transcriptions', type: expect.stringContaining('multipart/form-data') }]);
    expect(heard[0]?.body).toMatch(/name="model"\r\n\r\nwhisper-1[\s\S]*filename="voice\.amr"|filename="voice\.amr"[\s\S]*whisper-1/);
    expect((await saidBy('oVoice', at))[0]).toMatchObject({ text: '居住证要多少钱', attachments: [{ contentType: 'audio/amr' }] });
  });

  it('that takes longer than a delivery is understood on the next one, once', async () => {
    next.afterMs = 900;
    expect((await voice('oSlow', at)).map(({ text }) => text).join('\n')).toMatch(fee);
    expect(heard).toHaveLength(1);
    expect(await saidBy('oSlow', at)).toHaveLength(1);
  });

  it('that takes longer than all three is accepted without words, with a kind request to type', async () => {
    next.afterMs = 9000;
    expect((await voice('oEndless', at)).at(-1)?.text).toContain('请用文字');
    expect(await saidBy('oEndless', at)).toHaveLength(1);
  });

  it('that the service refuses (a format it does not know) is kept, with a kind request to type', async () => {
    next.status = 400;
    expect((await voice('oRefused', at)).at(-1)?.text).toContain('请用文字');
    expect((await saidBy('oRefused', at))[0]?.attachments).toMatchObject([{ contentType: 'audio/amr', contentUrl: expect.any(String) }]);
    expect(at.complaints().some((line) => line.includes('could not be turned into text') && !line.includes('居住证'))).toBe(true);
  });

  it('is taken as what the platform heard, when it says so; without that and without a service the citizen is asked to type', async () => {
    expect((await voice('oHeard', deaf, '居住证要多少钱')).at(-1)?.text).toMatch(fee);
    expect((await voice('oDeaf', deaf)).at(-1)?.text).toContain('请用文字');
    expect(heard).toEqual([]);
  });
});
