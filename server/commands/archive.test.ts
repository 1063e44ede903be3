import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHouse } from '../../bot/handoff/testing/house.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { listAccess } from '../../bot/store/staff-access.ts';
import { agent, answered, openOffice, supervisor } from '../../bot/work-orders/testing/office.ts';
import { parseConfig } from '../config.ts';
import { archiveExportCommand, archiveVerifyCommand } from './archive.ts';

let folder: string;
let number: string;
let config: Extract<ReturnType<typeof parseConfig>, { ok: true }>['config'];
const said: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-archive-'));
  const parsed = parseConfig({ DATA_DIR: join(folder, 'data') });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  config = parsed.config;
  const database = await openDatabase({ dataDir: config.dataDir });
  const house = await openHouse({ given: database });
  const office = openOffice(database);
  await office.arrive('c1');
  await house.says('c1', '路灯三天没亮了');
  const order = await office.take();
  number = order.number;
  await answered(office, order.id);
  await office.orders.act(order.id, { action: 'confirm' }, supervisor);
  await office.orders.act(order.id, { action: 'close' }, supervisor);
  await office.orders.create({ title: '还没办完', detail: '不进档案' }, agent);
  await house.close();
  await database.close();
});
afterAll(() => rm(folder, { recursive: true }));
const listen = () => {
  said.length = 0;
  for (const stream of ['log', 'error'] as const) vi.spyOn(console, stream).mockImplementation((line: string) => void said.push(line));
};
afterEach(() => vi.restoreAllMocks());

describe('[R-130] the archive of closed orders', () => {
  it('holds the whole case in an open format with its hash, and who took it out is written down', async () => {
    listen();
    const out = join(folder, 'out');
    const flags = { since: '2026-11-23', until: '2026-11-23', out, actor: 'zhou' };
    expect(await archiveExportCommand(config, flags)).toBe(0);
    expect((await readdir(out)).toSorted()).toEqual([`${number}.json`, `${number}.txt`, 'index.json'].toSorted());
    const whole = JSON.parse(await readFile(join(out, `${number}.json`), 'utf8'));
    expect(whole.history.map(({ action }: { action: string }) => action)).toEqual([
      'receive',
      'dispatch',
      'handle',
      'answer',
      'confirm',
      'close',
    ]);
    expect(whole.transcript[0]).toMatchObject({ speaker: 'citizen', text: '路灯三天没亮了' });
    expect(whole.order).toMatchObject({ number, state: 'closed', receivedAt: '2026-11-23T01:00:00.000Z' });
    expect(whole.order.code).toBeUndefined();
    expect(await readFile(join(out, `${number}.txt`), 'utf8')).toContain('答复：路灯修好了');
    const database = await openDatabase({ dataDir: config.dataDir });
    expect(await listAccess(database.db, { target: number, limit: 10 })).toMatchObject([{ staff: 'zhou', action: 'archive' }]);
    await database.close();

    const hash = said.at(-1)?.split(' ')[0] ?? '';
    expect(await archiveVerifyCommand(out, { expected: hash })).toBe(0);
    // A second export into the same folder would mix two archives.
    expect(await archiveExportCommand(config, flags)).toBe(2);
    await writeFile(join(out, `${number}.txt`), '改过了');
    expect(await archiveVerifyCommand(out, {})).toBe(1);
    expect(said.at(-1)).toContain('changed');
    await rm(join(out, `${number}.txt`));
    await writeFile(join(out, 'extra.txt'), 'x');
    expect(await archiveVerifyCommand(out, {})).toBe(1);
    expect(said.slice(-2).join()).toMatch(/missing.*not in the index/s);
    expect(await archiveVerifyCommand(out, { expected: 'a'.repeat(64) })).toBe(1);
  });

  it('says so when nothing was closed, when days are wrong, and when there is no archive', async () => {
    listen();
    const flags = { since: '2025-01-01', until: '2025-01-31', out: join(folder, 'none'), actor: 'zhou' };
    expect(await archiveExportCommand(config, flags)).toBe(1);
    expect(await archiveExportCommand(config, { ...flags, since: '2025-02-30' })).toBe(2);
    expect(await archiveVerifyCommand(folder, {})).toBe(2);
  });
});
