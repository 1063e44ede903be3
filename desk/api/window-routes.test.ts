import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAccess } from '../../bot/store/staff-access.ts';
import { issueWindowCode } from '../../bot/store/window-codes.ts';
import type { WindowCase } from '../../bot/window/case.ts';
import { type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDeskServer();
});
afterAll(() => server.close());

const brought: WindowCase = {
  matter: '身份证材料',
  flow: { id: 'f', version: 1, complete: true },
  slots: [{ id: 'phone', label: '手机', value: '13800000000', text: '13800000000' }],
  items: [{ id: 'i', name: '身份证', code: null, situation: '丢失' }],
  materials: { bring: [{ name: '户口簿', originals: 1, copies: 0, electronic: false }], fetched: [] },
};

it('[R-061] [R-073] the window opens a case by its code, however it is typed; every look is written down; others learn nothing', async () => {
  const { house } = server;
  const conversationId = 'c-window';
  await house.arrive(conversationId);
  const now = house.clock.now;
  const kept = { conversationId, caseJson: JSON.stringify(brought), issuedAt: now, expiresAt: now + 1000 };
  const { database } = house;
  const code = await database.transaction((tx) => issueWindowCode(tx, kept, () => '38120947'));
  const li = await server.signedIn('li');
  for (const typed of [code, '3812 0947', '３８１２-０９４７']) {
    const { status, body } = await li.get(`/window-codes/${encodeURIComponent(typed)}`);
    expect([status, body]).toEqual([200, expect.objectContaining({ ...brought, code, conversationId })]);
  }
  const looks = await listAccess(database.db, { staff: 'li', limit: 50 });
  expect(looks.map(({ action, target }) => [action, target])).toContainEqual(['window_case', conversationId]);
  expect((await li.get('/window-codes/38120948')).status).toBe(404);
  expect((await li.get('/window-codes/abc')).status).toBe(400);
  expect((await (await server.signedIn('ana')).get(`/window-codes/${code}`)).status).toBe(403);
  house.clock.now += 2000;
  expect((await li.get(`/window-codes/${code}`)).status).toBe(404);
});
