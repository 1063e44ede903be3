import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lastActivities } from '../../bot/store/activities.ts';
import { findConversation } from '../../bot/store/conversations.ts';
import { parseConfig } from '../../server/config.ts';
import { buildHouse, type House } from '../../server/house.ts';
import { loadWechaty } from './load.ts';
import { fakeWechaty } from './testing/fake-wechaty.ts';
import { createWechaty } from './wechaty.ts';

let house: House;
let dataDir: string;
const fake = fakeWechaty();
const channel = createWechaty({
  make: async () => fake.bot,
  core: () => house.core,
  profileOf: async (id) => (await findConversation(house.database.db, id))?.profile,
  recent: (id, count) => lastActivities(house.database.db, id, count),
  conversationKey: async () => 'a key for tests only',
  log: pino({ level: 'silent' }),
  gapMs: 0,
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-wechaty-'));
  const parsed = parseConfig({ DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  house = await buildHouse({ config: parsed.config, logger: pino({ level: 'silent' }), channels: [channel.binding], refreshEveryMs: 0 });
  await channel.start();
});
afterAll(async () => {
  await channel.stop();
  await house.close();
  await rm(dataDir, { recursive: true, force: true });
});

const heardBy = (to: string) => fake.heard.filter((one) => one.to === to).map(({ text }) => text);
async function settled() {
  // What was emitted is taken after some turns of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 30));
  await house.core.settled();
  house.outbox.kick();
  await house.outbox.settled();
}

describe('wechaty', () => {
  it('shows the login code until somebody has scanned it', () => {
    expect(channel.status()).toEqual({ state: 'scan', qrcode: 'https://login.weixin.example/x' });
    fake.login();
    expect(channel.status()).toEqual({ state: 'online', qrcode: undefined });
  });

  it('[R-033] greets, answers and offers a person in a direct message', async () => {
    fake.says('citizen-1', '谢谢', { id: 'same' });
    fake.says('citizen-1', '谢谢', { id: 'same' });
    await vi.waitFor(async () => {
      await settled();
      expect(heardBy('citizen-1')).toHaveLength(2);
    });
    expect(heardBy('citizen-1')[0]).toContain('智能助手');
    expect(heardBy('citizen-1')[1]).toMatch(/不客气[\s\S]*转人工/);
    expect(heardBy('citizen-1').join()).not.toContain('**');
  });

  it('answers in a room only who mentions it, and mentions them back', async () => {
    fake.says('citizen-2', '居住证怎么办', { room: 'room-1' });
    fake.says('citizen-3', '谢谢', { room: 'room-1', mentioned: true });
    await vi.waitFor(async () => {
      await settled();
      expect(heardBy('room-1')).toHaveLength(2);
    });
    expect(fake.heard.filter(({ to }) => to === 'room-1').every(({ mentioned }) => mentioned[0] === 'citizen-3')).toBe(true);
  });

  it('leaves its own words, old ones, recalled ones and notices alone; of other kinds it asks for words', async () => {
    fake.says('citizen-4', '你好', { self: true });
    fake.says('citizen-4', '你好', { age: 3600 });
    fake.says('citizen-4', '', { type: 13 });
    fake.says('citizen-4', '', { type: 18 });
    fake.says('citizen-4', '', { type: 6 });
    await settled();
    expect(heardBy('citizen-4')).toEqual([expect.stringContaining('请用文字')]);
  });

  it('[R-141] takes the rating as a number', async () => {
    fake.says('citizen-5', '再见');
    await vi.waitFor(async () => {
      await settled();
      expect(heardBy('citizen-5').at(-1)).toContain('5. 非常满意');
    });
    fake.says('citizen-5', '5');
    await vi.waitFor(async () => {
      await settled();
      expect(heardBy('citizen-5').at(-1)).toContain('谢谢您的评价');
    });
  });

  it('says in words that the package is missing', async () => {
    await expect(loadWechaty('wechaty-puppet-service', 't')).rejects.toThrow(/npm install wechaty/);
  });
});
