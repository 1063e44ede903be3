import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findWechatyLogin } from '../../bot/store/wechaty-login.ts';
import { parseConfig } from '../../server/config.ts';
import { buildHouse, type House } from '../../server/house.ts';
import { bindWechaty } from '../../server/wechaty.ts';
import { loadWechaty } from './load.ts';
import { installed, MOCK_PUPPET, mockPuppet } from './testing/mock-puppet.ts';

describe.skipIf(!installed())('the real wechaty on its mock puppet', () => {
  let house: House;
  let dataDir: string;
  const printed: string[] = [];
  const logged: string[] = [];
  const puppet = mockPuppet(Date.now);
  const logger = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const settings = { WECHATY_PUPPET: MOCK_PUPPET };
  const bind = (dir: string) => {
    const parsed = parseConfig({ DATA_DIR: dir, ...settings });
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    const channel = bindWechaty(parsed.config, logger, () => house, { print: (text) => printed.push(text), load: puppet.load, gapMs: 0 });
    if (!channel) throw new Error('wechaty is off');
    return { config: parsed.config, channel };
  };
  let bound: ReturnType<typeof bind>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wenban-wechaty-'));
    bound = bind(dataDir);
    house = await buildHouse({ config: bound.config, logger, channels: [bound.channel.binding], refreshEveryMs: 0 });
    await bound.channel.start();
  });
  afterAll(async () => {
    await bound.channel.stop();
    expect((await findWechatyLogin(house.database.db))?.state).toBe('offline');
    await house.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const heardBy = (to: string) => puppet.heard.filter((one) => one.to === to).map(({ text }) => text);
  async function settled() {
    // What was emitted is taken after some turns of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await house.core.settled();
    house.outbox.kick();
    await house.outbox.settled();
  }
  const eventually = (check: () => void) =>
    vi.waitFor(
      async () => {
        await settled();
        check();
      },
      { timeout: 8000 },
    );

  it('shows the login code in the terminal and to the desk until somebody has scanned it', async () => {
    puppet.shows('https://login.weixin.example/x');
    await vi.waitFor(
      async () =>
        expect(await findWechatyLogin(house.database.db)).toMatchObject({ state: 'scan', qrcode: 'https://login.weixin.example/x' }),
      { timeout: 10_000 },
    );
    expect((await findWechatyLogin(house.database.db))?.image).toMatch(/^<svg [\s\S]*<\/svg>/);
    expect(printed.join('')).toMatch(/█[\s\S]*https:\/\/login\.weixin\.example\/x/);
    puppet.login();
    await vi.waitFor(
      async () => expect(await findWechatyLogin(house.database.db)).toMatchObject({ state: 'online', qrcode: null, image: null }),
      { timeout: 10_000 },
    );
  });

  it('[R-033] greets, answers and offers a person in a direct message; what comes twice is answered once', async () => {
    const id = puppet.says('citizen-1', '谢谢');
    puppet.says('citizen-1', '谢谢', { again: id });
    await eventually(() => expect(heardBy('citizen-1')).toHaveLength(2));
    puppet.says('citizen-1', '谢谢', { again: id });
    await settled();
    expect(heardBy('citizen-1')).toEqual([expect.stringContaining('智能助手'), expect.stringMatching(/不客气[\s\S]*转人工/)]);
    expect(heardBy('citizen-1').join()).not.toContain('**');
  });

  it('answers in a room only who mentions it, without the mention, and mentions them back', async () => {
    puppet.says('citizen-2', '居住证怎么办', { room: 'room@1' });
    puppet.says('citizen-3', '@问办\u2005谢谢', { room: 'room@1', mentionIdList: ['self'] });
    await eventually(() => expect(heardBy('room@1')).toHaveLength(2));
    expect(heardBy('room@1').every((text) => text.startsWith('@市民citizen-3'))).toBe(true);
    expect(heardBy('room@1')[1]).toContain('不客气');
  });

  it('leaves its own words, old ones, recalled ones and notices alone; of other kinds it asks for words', async () => {
    // What somebody wrote with the account's own phone.
    puppet.says('citizen-4', '你好', { talkerId: 'self', listenerId: 'citizen-4' });
    puppet.says('citizen-4', '你好', { timestamp: Date.now() - 3_600_000 });
    puppet.says('citizen-4', '', { type: 13 });
    puppet.says('citizen-4', '', { type: 18 });
    puppet.says('citizen-4', '', { type: 6 });
    await eventually(() => expect(heardBy('citizen-4')).toEqual(['你好', expect.stringContaining('请用文字')]));
  });

  it('[R-141] takes the rating as a number', async () => {
    puppet.says('citizen-5', '再见');
    await eventually(() => expect(heardBy('citizen-5').at(-1)).toContain('5. 非常满意'));
    puppet.says('citizen-5', '5');
    await eventually(() => expect(heardBy('citizen-5').at(-1)).toContain('谢谢您的评价'));
  });

  it('[R-141] takes a refusal to rate, once and kindly', async () => {
    puppet.says('citizen-6', '再见');
    await eventually(() => expect(heardBy('citizen-6').at(-1)).toContain('不评'));
    puppet.says('citizen-6', '不评了');
    await eventually(() => expect(heardBy('citizen-6').at(-1)).toContain('不评价也没关系'));
    expect(heardBy('citizen-6').filter((text) => text.includes('没关系'))).toHaveLength(1);
  });

  it('raises an alarm when the account is logged out', async () => {
    await puppet.logout();
    await vi.waitFor(async () => expect((await findWechatyLogin(house.database.db))?.state).toBe('offline'), { timeout: 10_000 });
    expect(logged.some((line) => line.includes('"alarm":"wechaty"'))).toBe(true);
    puppet.login();
    await vi.waitFor(async () => expect((await findWechatyLogin(house.database.db))?.state).toBe('online'), { timeout: 10_000 });
  });

  it('says which puppet is missing', async () => {
    const bot = await loadWechaty('wechaty-puppet-that-nobody-has', 't');
    await expect(bot.start()).rejects.toThrow(/wechaty-puppet-that-nobody-has/);
    await bot.stop();
  });
});
