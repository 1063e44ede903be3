/** Drill: the disk of an embedded installation is full. Needs root on Linux: the data directory is a small file system of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../bot/store/database.ts';
import { expectOneTurnEach, expectWholeTalk } from '../scale/stored.ts';
import { ask, call, directLine, killAll, post, startServer, startTalk } from '../support/process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wenban-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', dataDir]).status === 0;
afterAll(() => {
  killAll();
  if (mounted) spawnSync('umount', ['-l', dataDir]);
  rmdirSync(dataDir);
});

const filler = join(dataDir, 'filler');

/** Takes what is left, to the last block. */
async function fill(): Promise<void> {
  const file = await open(filler, 'a');
  try {
    for (let bytes = 1 << 20; bytes >= 4096; ) {
      const written = await file.write(Buffer.alloc(bytes)).then(
        ({ bytesWritten }) => bytesWritten === bytes,
        () => false,
      );
      if (!written) bytes /= 2;
    }
  } finally {
    await file.close();
  }
}

describe.skipIf(!mounted)('the disk is full', () => {
  it('[R-021] citizens hear the truth and the phone number, uploads too; what was acknowledged is answered once there is room, by itself', {
    timeout: 90_000,
  }, async () => {
    const server = await startServer(dataDir);
    const talk = await startTalk(server.url);
    expect(await ask(server.url, talk, '居住证要多少钱')).toContain('20 元');
    const said = [{ text: '居住证要多少钱', clientId: '', acknowledged: undefined as string | undefined }];
    await fill();
    expect((await statfs(dataDir)).bavail).toBe(0);

    // The write-ahead log has room of its own for a while.
    let refused: Awaited<ReturnType<typeof post>> | undefined;
    for (let i = 0; refused === undefined && i < 400; i++) {
      const text = `社保卡怎么办 ${i}`;
      const answer = await post(server.url, talk, text, `m${i}`);
      if (answer.status === 429) continue;
      const accepted = answer.status === 200;
      said.push({ text, clientId: `m${i}`, acknowledged: accepted ? answer.json.id : undefined });
      if (!accepted) refused = answer;
    }
    expect(refused?.status).toBe(503);
    expect(refused?.json.error.message).toContain('12345');
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(64 * 1024)], { type: 'image/png' }), 'a.png');
    const upload = await call(`${directLine(server.url)}/conversations/${talk.conversationId}/upload?userId=x`, 'POST', {
      token: talk.token,
      body: form,
    });
    expect(upload.status).toBeGreaterThanOrEqual(400);
    const told = await call(`${server.url}/readyz`, 'GET');
    expect([told.status, told.json.problems.join()]).toEqual([503, expect.stringMatching(/disk|database/)]);
    expect((await call(`${server.url}/healthz`, 'GET')).status).toBe(200);
    expect(server.log()).toContain('"alarm":"store"');

    await rm(filler);
    await expect.poll(async () => (await call(`${server.url}/readyz`, 'GET')).status, { timeout: 20_000 }).toBe(200);
    const last = said.at(-1);
    if (!last) throw new Error('nothing was said');
    const again = await post(server.url, talk, last.text, last.clientId);
    expect(again.status).toBe(200);
    last.acknowledged = again.json.id;
    expect(await ask(server.url, talk, '居住证要多少钱')).toContain('20 元');
    expect(await server.stop()).toBe(0);

    const store = await openDatabase({ dataDir });
    try {
      await expectOneTurnEach(store.db);
      const log = await store.db.selectFrom('activities').select('id').where('from_role', '=', 'user').orderBy('seq').execute();
      const own = said.slice(1).map(({ text, acknowledged }) => ({ text, acknowledged }));
      const asked = (text: string, id: string | undefined) => ({ text, acknowledged: id });
      await expectWholeTalk(store.db, talk.conversationId, [
        asked('居住证要多少钱', log.at(1)?.id),
        ...own,
        asked('居住证要多少钱', log.at(-1)?.id),
      ]);
    } finally {
      await store.close();
    }
  });
});
