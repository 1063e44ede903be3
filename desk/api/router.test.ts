import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveRating } from '../../bot/store/ratings.ts';
import { type DeskClient, type DeskServer, PASSWORD, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let li: DeskClient;
let wang: DeskClient;
let arrivals = 0;

beforeAll(async () => {
  server = await startDeskServer();
  li = await server.signedIn('li');
  wang = await server.signedIn('wang');
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

/** A new citizen in the queue; returns the conversation id. */
async function waiting(text = '身份证丢了怎么办'): Promise<string> {
  const id = `conversation-${++arrivals}`;
  await server.house.arrive(id, { name: '张三' });
  await server.house.says(id, text);
  await server.house.asksForPerson(id);
  return id;
}
const code = (answer: { body: unknown }) => (answer.body as { error: { code: string; message: string } }).error.code;

describe('signing in', () => {
  it('sets a cookie that scripts cannot read and other sites cannot send, and logout ends it', async () => {
    const client = server.client();
    expect((await client.get('/me')).status).toBe(401);
    const login = await client.post('/login', { name: 'li', password: PASSWORD });
    expect(login.status).toBe(204);
    expect(login.headers.get('set-cookie')).toMatch(/^wenban_desk=[\w-]{43}; Path=\/desk; HttpOnly; SameSite=Strict; Max-Age=28800$/);
    expect((await client.get('/me')).body).toEqual({ name: 'li', role: 'agent' });
    const stolen = client.cookie;
    expect((await client.post('/logout')).status).toBe(204);
    expect((await server.client().request('GET', '/me', undefined, { cookie: stolen })).status).toBe(401);
  });

  it('is Secure when the site is reached by https', async () => {
    const secure = await startDeskServer({ api: { publicUrl: 'https://wenban.example' } });
    const login = await secure.client().post('/login', { name: 'li', password: PASSWORD }, { origin: 'https://wenban.example' });
    expect(login.headers.get('set-cookie')).toContain('; Secure');
    await secure.close();
  });

  it('keeps only a hash of the token', async () => {
    const token = li.cookie.split('=')[1] ?? '';
    const rows = await server.house.database.db.selectFrom('sessions').select('token_hash').execute();
    expect(rows.some((row) => row.token_hash === token)).toBe(false);
  });

  it('ends after eight idle hours, and not while it is used', async () => {
    const own = await startDeskServer();
    const client = await own.signedIn('li');
    for (let hour = 0; hour < 10; hour += 5) {
      own.house.clock.now += 5 * 3_600_000;
      expect((await client.get('/me')).status).toBe(200);
    }
    own.house.clock.now += 8 * 3_600_000 + 60_000;
    expect((await client.get('/me')).status).toBe(401);
    await own.close();
  });

  it('a wrong password is 401, the sixth in a minute 429 even when right, and a minute later it works', async () => {
    const own = await startDeskServer();
    const client = own.client();
    for (let attempt = 1; attempt <= 5; attempt++) {
      const wrong = await client.post('/login', { name: 'li', password: 'wrong' });
      expect([wrong.status, code(wrong)]).toEqual([401, 'wrong_password']);
    }
    const sixth = await client.post('/login', { name: 'li', password: PASSWORD });
    expect([sixth.status, code(sixth)]).toEqual([429, 'too_many_attempts']);
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.post('/login', { name: 'wang', password: PASSWORD })).status).toBe(204);
    own.house.clock.now += 61_000;
    expect((await client.post('/login', { name: 'li', password: PASSWORD })).status).toBe(204);
    await own.close();
  });

  it('parallel guesses count too, and an unknown name looks like a wrong password', async () => {
    const own = await startDeskServer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => own.client().post('/login', { name: 'nobody', password: 'guess' })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    await own.close();
  });
});

describe('roles', () => {
  it('editors and analysts may not take conversations; a stranger gets 401', async () => {
    const id = await waiting();
    for (const name of ['ed', 'ana'] as const) {
      const client = await server.signedIn(name);
      for (const path of ['/queue', '/mine', '/colleagues', '/events', `/conversations/${id}`, `/conversations/${id}/activities`]) {
        expect([name, path, (await client.get(path)).status]).toEqual([name, path, 403]);
      }
      expect((await client.post(`/conversations/${id}/claim`)).status).toBe(403);
    }
    expect((await server.client().get('/queue')).status).toBe(401);
    expect((await server.client().post(`/conversations/${id}/claim`)).status).toBe(401);
    await (await server.signedIn('boss')).post(`/conversations/${id}/claim`);
    expect((await li.post(`/conversations/${id}/claim`)).status).toBe(409);
  });

  it('[R-141] to an agent a rating is anonymous; editors see none', async () => {
    const id = await waiting();
    expect(code(await li.get(`/ratings?conversationId=${id}`))).toBe('not_rated');
    await saveRating(server.house.database.db, {
      conversationId: id,
      score: 4,
      tags: ['其他'],
      comment: '好',
      channel: 'web',
      createdAt: 0,
    });
    expect((await li.get(`/ratings?conversationId=${id}`)).body).toEqual({ conversationId: id, score: 4, tags: ['其他'], comment: '好' });
    const analyst = await server.signedIn('ana');
    expect((await analyst.get(`/ratings?conversationId=${id}`)).body).toMatchObject({
      channel: 'web',
      createdAt: '1970-01-01T00:00:00.000Z',
    });
    expect((await analyst.get('/ratings')).body).toHaveLength(1);
    expect((await li.get('/ratings')).status).toBe(400);
    expect((await (await server.signedIn('ed')).get('/ratings')).status).toBe(403);
  });
});

describe('a conversation at the desk', () => {
  it('[R-033] queue, claim, read, answer, close', async () => {
    const id = await waiting('公积金怎么提取');
    const queue = (await li.get('/queue')).body as { conversationId: string }[];
    expect(queue.find((entry) => entry.conversationId === id)).toMatchObject({
      channel: 'web',
      reason: 'asked',
      skill: 'general',
      urgency: 'general',
      summary: expect.stringContaining('公积金怎么提取'),
      waitingSince: expect.stringMatching(/^2026-/),
    });
    expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
    const lost = await wang.post(`/conversations/${id}/claim`);
    expect([lost.status, code(lost)]).toEqual([409, 'taken']);
    expect((await li.get('/mine')).body).toMatchObject([{ conversationId: id }]);
    expect((await li.get(`/conversations/${id}`)).body).toMatchObject({
      mode: 'agent',
      profile: { name: '张三' },
      handoff: { agent: 'li' },
    });
    const read = (await li.get(`/conversations/${id}/activities`)).body as { activities: { seq: number }[]; watermark: string };
    expect(read.activities.map((activity) => activity.seq)).toEqual(read.activities.map((_, index) => index + 1));
    expect((await li.post(`/conversations/${id}/typing`)).status).toBe(204);
    expect((await li.post(`/conversations/${id}/activities`, { text: '您好' })).status).toBe(200);
    const fresh = (await li.get(`/conversations/${id}/activities?watermark=${read.watermark}`)).body;
    expect(fresh).toMatchObject({ activities: [{ text: '您好' }], more: false });
    expect((await li.post(`/conversations/${id}/close`, { wrapUp: '已解答' })).status).toBe(200);
    expect(code(await li.post(`/conversations/${id}/activities`, { text: '再见' }))).toBe('not_yours');
    expect(code(await li.post(`/conversations/${id}/claim`))).toBe('not_waiting');
  });

  it('a retried message with the same messageId is said once', async () => {
    const id = await waiting();
    await li.post(`/conversations/${id}/claim`);
    const first = (await li.post(`/conversations/${id}/activities`, { text: '您好', messageId: 'm-1' })).body;
    const second = (await li.post(`/conversations/${id}/activities`, { text: '您好', messageId: 'm-1' })).body;
    expect([first, second]).toMatchObject([{ duplicate: false }, { duplicate: true, id: (first as { id: string }).id }]);
  });

  it('release, transfer by skill and to a colleague on duty', async () => {
    const id = await waiting();
    await li.post(`/conversations/${id}/claim`);
    const colleagues = (await li.get('/colleagues')).body as { agents: string[]; skills: string[] };
    expect(colleagues.agents).toContain('wang');
    expect(colleagues.agents).not.toContain('li');
    expect((await li.post(`/conversations/${id}/transfer`, { user: 'wang', note: '看一下' })).status).toBe(200);
    expect((await wang.get('/mine')).body).toMatchObject([{ conversationId: id, note: 'li 转来：看一下' }]);
    expect((await wang.post(`/conversations/${id}/transfer`, { skill: colleagues.skills[1] })).status).toBe(200);
    await wang.post(`/conversations/${id}/claim`);
    expect((await wang.post(`/conversations/${id}/release`)).status).toBe(200);
    expect(await server.house.modeOf(id)).toBe('bot');
    expect(code(await wang.post(`/conversations/${id}/release`, {}))).toBe('not_yours');
  });

  it('ten agents claim over HTTP: one 200, nine 409', async () => {
    const id = await waiting();
    const clients = [li, wang, await server.signedIn('boss')];
    const answers = await Promise.all(clients.map((client) => client.post(`/conversations/${id}/claim`)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
  });
});

describe('bad input', () => {
  it('never ends in a 5xx and always says what is wrong', async () => {
    const id = await waiting();
    await li.post(`/conversations/${id}/claim`);
    await server.house.arrive('with-the-bot');
    const say = `/conversations/${id}/activities`;
    const bad: [string, string, unknown, number][] = [
      ['POST', '/login', '{"name":', 400],
      ['POST', '/login', [], 400],
      ['POST', '/login', 'null', 400],
      ['POST', '/login', {}, 400],
      ['POST', '/login', { name: 'a\u0000', password: 'x' }, 400],
      ['POST', '/login', { name: 5, password: {} }, 400],
      ['POST', say, {}, 400],
      ['POST', say, undefined, 400],
      ['POST', say, { text: '   ' }, 400],
      ['POST', say, { text: 'a\u0000b' }, 400],
      ['POST', say, { text: '长'.repeat(4001) }, 400],
      ['POST', say, { text: 'x', messageId: '../etc' }, 400],
      ['POST', say, { text: 'x'.repeat(200_000) }, 413],
      ['POST', `/conversations/${id}/transfer`, {}, 400],
      ['POST', `/conversations/${id}/transfer`, { skill: 'a', user: 'b' }, 400],
      ['POST', `/conversations/${id}/transfer`, { user: 'nobody' }, 400],
      ['POST', `/conversations/${id}/transfer`, { user: 'li' }, 400],
      ['POST', `/conversations/${id}/transfer`, { user: 'boss\u0000' }, 400],
      ['POST', `/conversations/${id}/close`, { wrapUp: 7 }, 400],
      ['GET', `${say}?watermark=-1`, undefined, 400],
      ['GET', `${say}?watermark=abc`, undefined, 400],
      ['GET', `${say}?watermark=1&watermark=2`, undefined, 400],
      ['GET', `${say}?limit=0`, undefined, 400],
      ['GET', '/conversations/nowhere/activities', undefined, 404],
      ['GET', '/conversations/with-the-bot/activities', undefined, 403],
      ['POST', '/conversations/nowhere/claim', undefined, 404],
      ['GET', '/conversations/%00/activities', undefined, 400],
      ['GET', '/conversations/%E0%A4%A', undefined, 400],
      ['GET', `/conversations/${'x'.repeat(300)}`, undefined, 400],
      ['GET', '/ratings?conversationId=%00', undefined, 400],
      ['GET', '/nothing-here', undefined, 404],
      ['DELETE', '/queue', undefined, 404],
    ];
    for (const [method, path, body, status] of bad) {
      const answer = await li.request(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, status]);
      expect(answer.body).toEqual({ error: { code: expect.any(String), message: expect.stringMatching(/\p{Script=Han}/u) } });
    }
  });

  it('refuses writes from another site and bodies a form could send', async () => {
    const id = await waiting();
    const path = `/conversations/${id}/claim`;
    expect((await li.post(path, undefined, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await li.post(path, undefined, { origin: 'null' })).status).toBe(403);
    expect((await li.post(path, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await li.post(path, '{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await li.post(path, undefined, { origin: server.url })).status).toBe(200);
  });
});

describe('events', () => {
  it('an agent hears of the queue, of their conversations growing and of a citizen typing', async () => {
    const id = await waiting();
    const stop = new AbortController();
    const response = await fetch(`${server.url}/desk/api/events`, { headers: { cookie: li.cookie }, signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let heard = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) heard += decoder.decode(chunk as Uint8Array, { stream: true });
    })().catch(() => undefined);
    const hears = (part: string) => expect.poll(() => heard).toContain(part);
    await hears('event: queue');
    await server.house.says(id, '还在吗');
    await hears('event: appended');
    heard = '';
    await li.post(`/conversations/${id}/claim`);
    await hears('event: queue');
    server.house.log.transient(id, { type: 'typing', from: { id: 'citizen', role: 'user' } });
    await hears(`event: typing\ndata: {"conversationId":"${id}"}`);
    heard = '';
    const elsewhere = await waiting();
    await wang.post(`/conversations/${elsewhere}/claim`);
    await hears('event: queue');
    heard = '';
    await server.house.says(elsewhere, '只给王看');
    await server.house.says(id, '给李看');
    await hears(`"conversationId":"${id}"`);
    expect(heard).not.toContain(elsewhere);
    stop.abort();
    await reading;
  });
});
