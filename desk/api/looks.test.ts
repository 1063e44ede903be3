import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAccess } from '../../bot/store/staff-access.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let li: DeskClient;
let wang: DeskClient;

beforeAll(async () => {
  server = await startDeskServer();
  li = await server.signedIn('li');
  wang = await server.signedIn('wang');
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

const written = async (target: string) =>
  (await listAccess(server.house.database.db, { kind: 'conversation', target, limit: 50 }))
    .reverse()
    .map(({ staff, action }) => `${staff} ${action}`);

async function waiting(id: string): Promise<string> {
  await server.house.arrive(id);
  await server.house.asksForPerson(id);
  return `/conversations/${id}`;
}

describe('[R-141] every look at a conversation is written down', () => {
  it('reading at most once a minute for a person and conversation, everything else every time', async () => {
    const path = await waiting('c1');
    await li.get(path);
    await li.get(`${path}/activities`);
    await li.get(`${path}/activities`);
    await wang.get(`${path}/activities`);
    await li.get(`${path}/notes`);
    await li.post(`${path}/notes`, { text: '老人家，说慢一点' });
    await li.post(`${path}/claim`);
    await li.post(`${path}/activities`, { text: '您好' });
    await li.post(`${path}/typing`);
    expect(await written('c1')).toEqual(['li read', 'wang read', 'li notes', 'li add_note', 'li claim', 'li say']);
    server.house.clock.now += 60_000;
    await li.get(`${path}/activities`);
    await li.post(`${path}/close`);
    expect((await written('c1')).slice(6)).toEqual(['li read', 'li close']);
  });

  it('nothing is written of what was not shown', async () => {
    await server.house.arrive('with-the-bot');
    expect((await li.get('/conversations/with-the-bot')).status).toBe(403);
    expect((await li.get('/conversations/nowhere')).status).toBe(404);
    expect(await written('with-the-bot')).toEqual([]);
    expect(await written('nowhere')).toEqual([]);
  });
});
