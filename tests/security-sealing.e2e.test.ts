import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { KeyRing } from '../bot/store/sealing/key-ring.ts';
import { seal, sealingKey } from '../bot/store/sealing/seal.ts';
import { type ThrowAway, throwAwayPostgres } from '../bot/store/testing/throw-away.ts';
import { keysRotateCommand } from '../server/commands/keys.ts';
import { ask, call, directLine, post, read, type Talk } from './support/process.ts';
import { startServer, type TestServer } from './support/server.ts';
import '../bot/store/testing/global-setup.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

const secret = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const hostile = [
  'wbs1.x.y',
  'wbl1.lookup.AAAA',
  `wbs1.k1.${'A'.repeat(60)}`,
  `wbl1.lookup.${'A'.repeat(60)}`,
  seal(sealingKey('k1', Buffer.alloc(32, 66)), 'x'),
];
const words = '我住在安澜市河东路八号';

const engines = [
  { engine: 'SQLite', url: '' },
  { engine: 'PostgreSQL', url: inject('postgresUrl') ?? '' },
].filter(({ engine, url }) => engine === 'SQLite' || url !== '');

describe.each(engines)('[R-129] the whole server on $engine', ({ url }) => {
  let server: TestServer;
  let dataDir: string;
  let place: ThrowAway | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wenban-sealed-'));
    place = url === '' ? undefined : await throwAwayPostgres(url);
    const keys = { DATABASE_URL: place?.config.databaseUrl, DATA_KEYS: `k1:${secret(1)},lookup:${secret(2)}` };
    server = await startServer({ DATA_DIR: dataDir, ...(place ? keys : {}) });
  });
  afterAll(async () => {
    await server.close();
    await place?.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  const begin = async (id: string): Promise<Talk> => {
    const grant = await call(`${directLine(server.url)}/tokens/generate`, 'POST', { body: { user: { id } } });
    const started = await call(`${directLine(server.url)}/conversations`, 'POST', { token: grant.json.token });
    expect([id, grant.status, started.status]).toEqual([id, 200, 201]);
    return { conversationId: started.json.conversationId, token: started.json.token };
  };

  it('answers somebody whose ids, words and comments look like envelopes, and everybody else', async () => {
    for (const value of hostile) {
      // The user id of a token has a form of its own; that of an activity is the client's.
      const talk = await begin('dl_visitor');
      const path = `${directLine(server.url)}/conversations/${talk.conversationId}/activities`;
      const sent = { type: 'message', from: { id: value, name: value }, text: value, channelData: { clientActivityID: value } };
      const [first, again] = [
        await call(path, 'POST', { token: talk.token, body: sent }),
        await call(path, 'POST', { token: talk.token, body: sent }),
      ];
      expect([first.status, again.status, again.json.id]).toEqual([200, 200, first.json.id]);
      await server.house.core.settled(talk.conversationId);
      const rated = { type: 'event', name: 'rating.submit', value: { score: 2, tags: [], comment: value }, from: { id: value } };
      expect((await call(path, 'POST', { token: talk.token, body: rated })).status).toBe(200);
      await server.house.core.settled(talk.conversationId);
      const { activities } = await read(server.url, talk);
      expect(activities.filter((one) => one.type === 'message' && one.text === value)).toHaveLength(1);
      expect(activities.some((one) => one.replyToId === first.json.id && one.type === 'message')).toBe(true);
      const rating = await server.house.database.db
        .selectFrom('ratings')
        .select('comment')
        .where('conversation_id', '=', talk.conversationId)
        .executeTakeFirst();
      expect(rating?.comment).toBe(value);
      const copy = await ask(server.url, talk, '身份证丢了怎么补办');
      expect(copy).toContain('身份证');
    }
    expect(await ask(server.url, await begin('dl_other'), '身份证丢了怎么补办')).toContain('身份证');
  });

  it('keeps files sealed: served they are what was sent, before and after a change of keys; a lost key is said in words', async () => {
    const talk = await begin('dl_files');
    const form = new FormData();
    form.append('file', new Blob([words], { type: 'text/plain' }), 'wbs1.x.y.txt');
    const upload = await call(`${directLine(server.url)}/conversations/${talk.conversationId}/upload`, 'POST', {
      token: talk.token,
      body: form,
    });
    expect([upload.status, upload.text]).toEqual([200, expect.anything()]);
    const sent = (await read(server.url, talk)).activities.find(({ id }) => id === upload.json.id)?.attachments?.[0];
    expect(sent?.name).toBe('wbs1.x.y.txt');
    const { pathname, search } = new URL(sent?.contentUrl ?? '');
    const fetched = () => call(`${server.url}${pathname}${search}`, 'GET');
    const folder = join(dataDir, 'uploads');
    const stored = async () => Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
    expect((await stored()).map((bytes) => [bytes.includes(words), bytes.toString('latin1', 0, 8)])).toEqual([[false, 'wbf2.k1.']]);
    expect((await fetched()).text).toBe(words);

    await server.addAgent('zhao', 'a long password');
    const login = await call(`${server.url}/desk/api/login`, 'POST', { body: { name: 'zhao', password: 'a long password' } });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    await post(server.url, talk, '转人工', 'a person, please');
    await server.house.core.settled(talk.conversationId);
    const desk = () =>
      call(`${server.url}/desk/api/conversations/${talk.conversationId}/files/${pathname.split('/').at(-1)}`, 'GET', {
        headers: { cookie },
      });
    expect([(await desk()).status, (await desk()).text]).toEqual([200, words]);

    if (place === undefined) {
      expect(await keysRotateCommand(server.house.config, { batch: '100' })).toBe(0);
      expect((await stored()).map((bytes) => bytes.toString('latin1', 0, 8))).toEqual(['wbf2.k2.']);
      expect([(await fetched()).text, (await desk()).text]).toEqual([words, words]);
    }

    const stranger = new KeyRing([
      { id: 'gone', secret: secret(7) },
      { id: 'lookup', secret: secret(8) },
    ]);
    const [name = ''] = await readdir(folder);
    await writeFile(join(folder, name), stranger.sealBytes(name, Buffer.from(words)));
    const [locked, lockedDesk] = [await fetched(), await desk()];
    expect([locked.status, locked.json.error.code, lockedDesk.status, lockedDesk.json.error.code]).toEqual([
      500,
      'FileLocked',
      500,
      'file_locked',
    ]);
    await rm(join(folder, name));
    expect([(await fetched()).status, (await desk()).status]).toEqual([404, 404]);
    expect((await post(server.url, talk, '你好', 'still there')).status).toBe(200);
  });
});
