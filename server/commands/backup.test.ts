import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createConversation, findConversation } from '../../bot/store/conversations.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { throwAwayPostgres } from '../../bot/store/testing/throw-away.ts';
import { call, directLine, read, startTalk, type Talk } from '../../tests/support/process.ts';
import { startServer } from '../../tests/support/server.ts';
import { backUp } from './backup.ts';
import { MANIFEST } from './backup-manifest.ts';
import { restore } from './restore.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const dataDir = (name = 'data') => join(folder, name);

interface Acknowledged {
  readonly talk: Talk;
  readonly id: string;
  readonly at: number;
}

/** Citizens who write, one message after another, until they are told to stop. */
async function load(url: string, talks: readonly Talk[], acknowledged: Acknowledged[], stopped: () => boolean): Promise<void> {
  await Promise.all(
    talks.map(async (talk) => {
      for (let n = 0; !stopped(); n++) {
        const answer = await call(`${directLine(url)}/conversations/${talk.conversationId}/activities`, 'POST', {
          token: talk.token,
          body: { type: 'message', from: { id: 'x' }, text: n % 2 ? '身份证丢了怎么补办' : '居住证要多少钱' },
        });
        if (answer.status === 200) acknowledged.push({ talk, id: answer.json.id, at: Date.now() });
        await sleep(80);
      }
    }),
  );
}

async function upload(url: string, talk: Talk, text: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([text], { type: 'text/plain' }), 'note.txt');
  const answer = await call(`${directLine(url)}/conversations/${talk.conversationId}/upload`, 'POST', { token: talk.token, body: form });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return answer.json.id;
}

describe('[R-122] a data directory is destroyed', () => {
  it('under load: what was acknowledged before the backup’s moment is there again, files open, the index answers', {
    timeout: 240_000,
  }, async () => {
    const server = await startServer({ DATA_DIR: dataDir() });
    const talks = await Promise.all(Array.from({ length: 4 }, () => startTalk(server.url)));
    const first = talks[0] as Talk;
    const uploaded = await upload(server.url, first, 'what the citizen sent');
    await writeFile(join(dataDir(), 'data-keys.json'), '{"1":"secret"}');
    let stop = false;
    const acknowledged: Acknowledged[] = [];
    const speaking = load(server.url, talks, acknowledged, () => stop);
    while (acknowledged.length < 15) await sleep(20);
    const manifest = await backUp({ dataDir: dataDir(), databaseUrl: undefined }, { out: dataDir('backup'), keys: dataDir('keys') });
    for (const sofar = acknowledged.length; acknowledged.length < sofar + 5; ) await sleep(20);
    stop = true;
    await speaking;
    await server.close();
    await rm(dataDir(), { recursive: true });

    const due = acknowledged.filter(({ at }) => at < Date.parse(manifest.takenAt));
    expect(due.length).toBeGreaterThan(10);
    expect(due.length).toBeLessThan(acknowledged.length);
    await restore({ from: dataDir('backup'), into: dataDir('restored'), keys: dataDir('keys') });
    expect(await readFile(join(dataDir('restored'), 'data-keys.json'), 'utf8')).toBe('{"1":"secret"}');
    const again = await startServer({ DATA_DIR: dataDir('restored') });
    try {
      await again.house.core.settled();
      for (const talk of talks) {
        const { activities } = await read(again.url, talk);
        const there = new Set(activities.map(({ id }) => id));
        const answered = new Set(activities.map(({ replyToId }) => replyToId));
        for (const { id } of due.filter((one) => one.talk === talk)) expect([there.has(id), answered.has(id)]).toEqual([true, true]);
      }
      const sent = (await read(again.url, first)).activities.find((activity) => activity.id === uploaded);
      const { pathname, search } = new URL(sent?.attachments?.[0]?.contentUrl ?? '');
      expect((await call(`${again.url}${pathname}${search}`, 'GET')).text).toBe('what the citizen sent');
      expect(JSON.stringify(await again.house.lookUp('身份证丢了怎么补办', 1))).toContain('身份证');
    } finally {
      await again.close();
    }
  });

  it('keys stay out of a backup unless they get a place of their own', async () => {
    expect(await readdir(dataDir('backup'))).toEqual(['files', MANIFEST, 'wenban.sqlite']);
    const files = await readdir(join(dataDir('backup'), 'files'));
    expect(files).toContain('uploads');
    expect(files).not.toContainEqual(expect.stringMatching(/key/));
    const { keysLeftOut } = await backUp({ dataDir: dataDir('restored'), databaseUrl: undefined }, { out: dataDir('without') });
    expect(keysLeftOut).toContain('data-keys.json');
  });
});

describe('what stops a backup or a restore', () => {
  const backup = () => dataDir('backup');
  const changed = async (name: string, change: (copy: string) => Promise<unknown>) => {
    const copy = dataDir(name);
    await cp(backup(), copy, { recursive: true });
    await change(copy);
    return restore({ from: copy, into: dataDir(`${name}-target`) });
  };

  it('a folder that is in the way, or inside the data directory', async () => {
    const config = { dataDir: dataDir('restored'), databaseUrl: undefined };
    await expect(backUp(config, { out: backup() })).rejects.toThrow(/exists already/);
    await expect(backUp(config, { out: join(dataDir('restored'), 'b') })).rejects.toThrow(/lost with it/);
    await expect(backUp({ dataDir: folder, databaseUrl: undefined }, { out: join(tmpdir(), 'wenban-no-backup') })).rejects.toThrow(
      /no database/,
    );
    await expect(restore({ from: backup(), into: dataDir('restored') })).rejects.toThrow(/is not empty/);
    await expect(restore({ from: folder, into: dataDir('x') })).rejects.toThrow(/is no backup/);
  });

  it('a byte that changed, a file that is gone, a path that climbs out, a newer release: nothing is written', async () => {
    await expect(
      changed('flipped', async (copy) => {
        const bytes = await readFile(join(copy, 'wenban.sqlite'));
        bytes[5000] = (bytes[5000] ?? 0) ^ 1;
        await writeFile(join(copy, 'wenban.sqlite'), bytes);
      }),
    ).rejects.toThrow(/wenban\.sqlite is not what was backed up/);
    await expect(changed('gone', (copy) => rm(join(copy, 'wenban.sqlite')))).rejects.toThrow(/missing/);
    const edit = (from: RegExp, to: string) => async (copy: string) =>
      writeFile(join(copy, MANIFEST), (await readFile(join(copy, MANIFEST), 'utf8')).replace(from, to));
    await expect(changed('climbing', edit(/"wenban\.sqlite"/, '"../wenban.sqlite"'))).rejects.toThrow(/leads out/);
    await expect(changed('newer', edit(/"0001-start"/, '"0001-start", "9999-tomorrow"'))).rejects.toThrow(/newer release/);
    for (const name of ['flipped', 'gone', 'climbing', 'newer']) expect(await readdir(folder)).not.toContain(`${name}-target`);
  });

  it('a server refuses a database of a newer release, in words', async () => {
    const database = new Database(join(dataDir('restored'), 'wenban.sqlite'));
    database.exec("insert into kysely_migration (name, timestamp) values ('9999-tomorrow', '2030-01-01')");
    database.close();
    await expect(openDatabase({ dataDir: dataDir('restored') })).rejects.toThrow(
      /made by a newer release of Wenban \(it has 9999-tomorrow\)/,
    );
  });
});

const postgresUrl = inject('postgresUrl');
describe.skipIf(!postgresUrl)('PostgreSQL (skipped without a server)', () => {
  it('[R-122] is dumped and loaded into an empty database, and into no other', async () => {
    const [before, after] = [await throwAwayPostgres(postgresUrl), await throwAwayPostgres(postgresUrl)];
    try {
      const database = await openDatabase(before.config);
      await createConversation(database.db, { id: 'c1', channel: 'web', userId: 'u1', locale: 'zh-CN' }, 1000);
      await database.close();
      const { databaseUrl } = before.config;
      const empty = await mkdtemp(join(folder, 'no-files-'));
      const manifest = await backUp({ dataDir: empty, databaseUrl }, { out: dataDir('dump') });
      expect(manifest).toMatchObject({ engine: 'postgres', files: [{ path: 'database.dump' }] });
      await expect(restore({ from: dataDir('dump'), into: dataDir('pg-0') })).rejects.toThrow(/set DATABASE_URL/);
      await expect(restore({ from: dataDir('dump'), into: dataDir('pg-1'), databaseUrl })).rejects.toThrow(/not empty/);
      await restore({ from: dataDir('dump'), into: dataDir('pg-2'), databaseUrl: after.config.databaseUrl });
      const restored = await openDatabase(after.config);
      expect(await findConversation(restored.db, 'c1')).toMatchObject({ userId: 'u1', createdAt: 1000 });
      await restored.close();
    } finally {
      await before.remove();
      await after.remove();
    }
  });
});
