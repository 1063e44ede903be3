/** A citizen who floods a chat channel: one plain sentence, nothing lost, and danger to life is heard all the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainCapabilities } from '../bot/render.ts';
import { listTurns } from '../bot/store/turns.ts';
import { parseConfig } from '../server/config.ts';
import { buildHouse, type House } from '../server/house.ts';

let house: House;
let dataDir = '';
const delivered: string[] = [];
const clock = { now: Date.parse('2026-03-02T10:00+08:00') };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-flood-'));
  const parsed = parseConfig({ DATA_DIR: dataDir, CHAT_MESSAGES_PER_MINUTE: '8' });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  house = await buildHouse({
    config: parsed.config,
    logger: pino({ level: 'silent' }),
    channels: [{ name: 'chat', capabilities: plainCapabilities, deliver: async ({ text }) => void delivered.push(text ?? '') }],
    now: () => clock.now,
    refreshEveryMs: 0,
  });
});
afterAll(async () => {
  await house.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('[R-122] a flood on a chat channel', () => {
  it('gets its answers up to the limit, then one sentence a minute; every message is kept, an emergency is answered', async () => {
    const { conversation } = await house.core.openConversation({ channel: 'chat', userId: 'u1', locale: 'zh-CN' });
    let messages = 0;
    const say = async (text: string) => {
      const messageId = `m${++messages}`;
      await house.core.receive({
        conversationId: conversation.id,
        messageId,
        activity: { type: 'message', from: { id: 'u1', role: 'user' }, text },
      });
      await house.core.settled(conversation.id);
      await house.outbox.settled();
    };
    for (let n = 0; n < 14; n++) await say('护照多少钱');
    const turns = await listTurns(house.database.db, conversation.id);
    expect(turns.filter(({ reason }) => reason === 'flood')).toHaveLength(6);
    expect(delivered.filter((text) => text.includes('您发得太快'))).toHaveLength(1);
    expect(delivered.find((text) => text.includes('您发得太快'))).toContain('12345');
    await say('我家着火了');
    expect(delivered.at(-1)).toContain('119');
    const kept = (await house.log.read(conversation.id, 0, 1000)).filter(({ type, from }) => type === 'message' && from?.role === 'user');
    expect(kept).toHaveLength(15);
    clock.now += 61_000;
    await say('护照多少钱');
    expect(delivered.at(-1)).toContain('120');
  });
});
