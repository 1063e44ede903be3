import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Config, parseConfig } from '../config.ts';
import { startReceiver } from '../webhooks/testing/receiver.ts';
import {
  webhooksAddCommand,
  webhooksFailedCommand,
  webhooksListCommand,
  webhooksRemoveCommand,
  webhooksResendCommand,
  webhooksRotateCommand,
  webhooksTestCommand,
} from './webhooks.ts';

let dataDir = '';
let config: Config;
const flags = { kinds: 'order,rating', fields: 'basic', actor: 'ops', json: true };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-webhooks-'));
  const parsed = parseConfig({ DATA_DIR: dataDir, WEBHOOK_INNER_NETWORKS: '127.0.0.0/8' });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  config = parsed.config;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function said(work: () => Promise<number>): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  try {
    return { code: await work(), out: lines.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

describe('[R-127] wenban webhooks', () => {
  it('adds, lists without the secret, rotates and removes', async () => {
    const added = await said(() => webhooksAddCommand(config, 'https://orders.example/hook', flags));
    const { id, secret } = JSON.parse(added.out) as { id: string; secret: string };
    const listed = await said(() => webhooksListCommand(config, { json: true }));
    expect(JSON.parse(listed.out)).toMatchObject({ id, kinds: ['order', 'rating'], state: 'on', waiting: 0, failed: 0 });
    expect(listed.out).not.toContain(secret);
    expect((await said(() => webhooksRotateCommand(config, id))).out).toMatch(/whsec_/);
    expect((await said(() => webhooksRemoveCommand(config, id))).code).toBe(0);
    for (const command of [webhooksRemoveCommand, webhooksRotateCommand, webhooksTestCommand])
      expect((await said(() => command(config, id))).code).toBe(1);
    expect((await said(() => webhooksFailedCommand(config, {}))).out).toBe('');
    expect((await said(() => webhooksResendCommand(config, '7'))).code).toBe(1);
  });

  it('says what is wrong with an address or a kind, exit code 2', async () => {
    const plain = await said(() => webhooksAddCommand(config, 'http://orders.example', flags));
    expect([plain.code, plain.out]).toEqual([2, expect.stringContaining('https://')]);
    expect((await said(() => webhooksAddCommand(config, 'https://orders.example', { ...flags, kinds: 'gossip' }))).code).toBe(2);
  });

  it('tests a receiver for real; a certificate nobody knows is said so', async () => {
    const receiver = await startReceiver();
    try {
      const added = await said(() => webhooksAddCommand(config, receiver.url, flags));
      const { id } = JSON.parse(added.out) as { id: string };
      await expect(webhooksTestCommand(config, id)).rejects.toThrow(/self-signed/);
      expect(receiver.received).toEqual([]);
    } finally {
      receiver.close();
    }
  });
});
