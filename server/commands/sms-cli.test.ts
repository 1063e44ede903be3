import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../config.ts';
import { smsAllowCommand, smsNotifyCommand, smsStatusCommand } from './sms-cli.ts';

let dataDir: string;
const now = Date.parse('2026-03-02T10:00:00+08:00');
const said: string[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-sms-cli-'));
  for (const stream of ['log', 'error'] as const) vi.spyOn(console, stream).mockImplementation((text: string) => void said.push(text));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(dataDir, { recursive: true, force: true });
});

function config(extra: Record<string, string> = {}) {
  const parsed = parseConfig({
    DATA_DIR: dataDir,
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: 'AC',
    TWILIO_AUTH_TOKEN: 't',
    TWILIO_FROM: '+15550001111',
    ...extra,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.config;
}

describe('wenban sms', () => {
  it('queues notices only for numbers that consented, each key once, and names wrong lines', async () => {
    const notice = (fields: object) =>
      JSON.stringify({
        key: 'a',
        phone: '13800000001',
        kind: 'appointment',
        text: '提醒',
        expiresAt: '2026-03-03T09:00:00+08:00',
        ...fields,
      });
    const file = join(dataDir, 'notices.jsonl');
    expect(await smsAllowCommand(config(), '10086', 'form', now)).toBe(2);
    expect(await smsAllowCommand(config(), '138 0000 0001', '窗口登记', now)).toBe(0);
    await writeFile(file, `${notice({})}\n\n${notice({})}\r\n`);
    expect(await smsNotifyCommand(config(), file, now)).toBe(0);
    await writeFile(file, notice({ key: 'c', phone: undefined, userId: 'who never wrote' }));
    expect(await smsNotifyCommand(config(), file, now)).toBe(1);
    expect(said.at(-1)).toBe('no_phone\t1');
    await writeFile(file, [notice({ key: 'b', phone: '+15550002222' }), notice({ kind: 'poem' }), '{', notice({ phone: '1' })].join('\n'));
    expect(await smsNotifyCommand(config(), file, now)).toBe(1);
    said.length = 0;
    expect(await smsStatusCommand(config(), { json: true }, now)).toBe(0);
    expect(JSON.parse(said[0] ?? '')).toEqual({ states: { pending: 1 }, today: { messages: 0, segments: 0 }, cost: 0, dailyBudget: 0 });
    expect(
      await smsNotifyCommand(config({ SMS_PROVIDER: '', TWILIO_ACCOUNT_SID: '', TWILIO_AUTH_TOKEN: '', TWILIO_FROM: '' }), file, now),
    ).toBe(2);
    expect(said.join('\n')).not.toContain('13800000001');
  });
});
