import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fullCapabilities } from '../bot/render.ts';
import { parseConfig } from './config.ts';
import { buildHouse } from './house.ts';

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-close-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it('a house that is closed while citizens are being told their place in the queue ends what it began', async () => {
  const parsed = parseConfig({ DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const complaints: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) });
  const open = () =>
    buildHouse({ config: parsed.config, logger, channels: [{ name: 'test', capabilities: fullCapabilities }], refreshEveryMs: 0 });

  const house = await open();
  const ids = Array.from({ length: 12 }, (_, i) => `c${i}`);
  for (const id of ids) {
    await house.core.openConversation({ id, channel: 'test', userId: id });
    await house.core.receive({ conversationId: id, messageId: id, activity: { type: 'message', from: { id }, text: '转人工' } });
  }
  await house.close();
  expect(complaints).toEqual([]);

  const again = await open();
  await again.core.recover();
  await again.core.settled();
  await again.desk.queueMoved();
  for (const [index, { conversationId }] of (await again.desk.queue()).entries()) {
    const told = (await again.log.read(conversationId, 0)).findLast(({ name }) => name === 'handoff.status');
    expect(told?.value).toMatchObject({ position: index + 1 });
  }
  expect(await again.desk.queue()).toHaveLength(ids.length);
  await again.close();
  expect(complaints).toEqual([]);
});
