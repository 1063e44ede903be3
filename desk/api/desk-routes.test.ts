import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConversation } from '../../bot/store/conversations.ts';
import { listAccess } from '../../bot/store/staff-access.ts';
import { editDistance } from './edit-distance.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let li: DeskClient;
let wang: DeskClient;
let sup: DeskClient;
let ed: DeskClient;
let arrivals = 0;

beforeAll(async () => {
  server = await startDeskServer();
  li = await server.signedIn('li');
  wang = await server.signedIn('wang');
  sup = await server.signedIn('sup');
  ed = await server.signedIn('ed');
});
afterAll(async () => {
  await server.close();
  expect(server.errors).toEqual([]);
});

/** A conversation li has taken. */
async function taken(channel = 'web'): Promise<string> {
  const id = `desk-${++arrivals}`;
  await createConversation(server.house.database.db, { id, channel, userId: id, locale: 'zh-CN' }, server.house.clock.now);
  await server.house.says(id, '身份证丢了怎么办');
  await server.house.asksForPerson(id);
  await li.post(`/conversations/${id}/claim`);
  return id;
}
const code = (answer: { body: unknown }) => (answer.body as { error: { code: string; message: string } }).error.code;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const upload = (client: DeskClient, id: string, name: string, body: Buffer, type = 'application/octet-stream') =>
  fetch(`${server.url}/desk/api/conversations/${id}/files?name=${encodeURIComponent(name)}&messageId=f-${++arrivals}`, {
    method: 'POST',
    headers: { cookie: client.cookie, 'content-type': type },
    body: new Uint8Array(body),
  });

describe('a supervisor', () => {
  it('[R-133] takes over; who lost the conversation reads nothing of it any more, also when the service is over', async () => {
    const id = await taken();
    expect(code(await wang.post(`/conversations/${id}/take-over`, {}))).toBe('forbidden');
    expect((await sup.get('/running')).body).toMatchObject([
      { conversationId: id, agent: 'li', firstOwner: 'li', clock: { kind: 'first' } },
    ]);
    expect((await sup.post(`/conversations/${id}/take-over`, { note: '投诉' })).body).toEqual({ status: 'taken_over' });
    expect(code(await sup.post(`/conversations/${id}/take-over`, {}))).toBe('yours');
    for (const path of ['', '/activities', '/notes', '/history', '/files', '/variables', '/suggestion'])
      expect([path, code(await li.get(`/conversations/${id}${path}`))]).toEqual([path, 'taken_over']);
    expect((await li.get('/notices')).body).toMatchObject([{ kind: 'taken_over', conversationId: id }]);
    await sup.post(`/conversations/${id}/close`, {});
    expect(code(await li.get(`/conversations/${id}/activities`))).toBe('taken_over');
    expect(code(await sup.post(`/conversations/${id}/take-over`, {}))).toBe('not_active');
    const [notice] = (await li.get('/notices')).body as { id: number }[];
    expect((await wang.post(`/notices/${notice?.id}/seen`)).status).toBe(204);
    expect((await li.get('/notices')).body).toHaveLength(1);
    await li.post(`/notices/${notice?.id}/seen`);
    expect((await li.get('/notices')).body).toEqual([]);
  });
});

describe('canned replies', () => {
  it('own ones are nobody else’s, shared ones belong to editors and supervisors', async () => {
    const words = { title: '请稍等', text: '请稍等，{agent}在查。', shortcut: 'QSD' };
    expect(code(await li.post('/canned-replies', { ...words, shared: true }))).toBe('forbidden');
    const own = (await li.post('/canned-replies', { ...words, shared: false })).body as { id: string };
    expect(own).toMatchObject({ shortcut: 'qsd', initials: 'qsd', shared: false, editable: true });
    const shared = (await ed.post('/canned-replies', { ...words, title: '公共的话', shared: true })).body as { id: string };
    expect((await li.get('/canned-replies')).body).toMatchObject([
      { title: '公共的话', editable: false },
      { title: '请稍等', editable: true },
    ]);
    expect((await wang.get('/canned-replies')).body).toMatchObject([{ title: '公共的话' }]);
    const path = (id: string) => `/canned-replies/${id}`;
    expect(code(await wang.request('PUT', path(own.id), { ...words, shared: false }))).toBe('unknown_reply');
    expect(code(await li.request('DELETE', path(shared.id)))).toBe('forbidden');
    expect((await sup.request('PUT', path(shared.id), { ...words, text: '新的话', shared: true })).body).toMatchObject({ text: '新的话' });
    for (const client of [li, ed]) await client.request('DELETE', path(client === li ? own.id : shared.id));
    expect((await li.get('/canned-replies')).body).toEqual([]);
    for (const wrong of [
      {},
      { ...words, shared: 'yes' },
      { ...words, shared: false, shortcut: '/x' },
      { ...words, shared: false, text: ' ' },
    ])
      expect((await li.post('/canned-replies', wrong)).status).toBe(400);
  });

  it('a message with a place that is still to be filled in is refused, whoever sends it', async () => {
    const id = await taken();
    const answer = await li.post(`/conversations/${id}/activities`, { text: '工单号【请填：工单号】' });
    expect([answer.status, code(answer)]).toEqual([400, 'bad_request']);
    expect((await li.get(`/conversations/${id}/variables`)).body).toEqual({
      agent: expect.stringMatching(/^人工客服\d\d$/),
      city: '安澜市',
      hotline: '12345',
      today: '3月2日',
    });
  });
});

describe('files', () => {
  it('a channel that shows no attachments gets a link that ends, the web gets the attachment', async () => {
    const web = await taken();
    expect((await upload(li, web, '样表.png', png)).status).toBe(200);
    const [shown] = (await server.house.logOf(web)).slice(-1);
    expect(shown).toMatchObject({
      text: '',
      attachments: [{ name: '样表.png', contentUrl: expect.stringMatching(/^\/v3\/directline\/uploads\//) }],
    });
    const sms = await taken('sms');
    expect((await upload(li, sms, '样表.png', png)).status).toBe(200);
    const [linked] = (await server.house.logOf(sms)).slice(-1);
    expect(linked?.text).toMatch(
      /^文件《样表\.png》：https:\/\/wenban\.example\/v3\/directline\/uploads\/[\w-]+\?e=\d+&s=[\w-]+\n（链接 3月\d+日前有效/,
    );
  });

  it('what the content says counts, not the name; only who holds the conversation sends', async () => {
    const id = await taken();
    expect((await upload(li, id, '图.png', Buffer.from('MZ\0\0'))).status).toBe(415);
    expect((await upload(li, id, '空.txt', Buffer.alloc(0))).status).toBe(415);
    expect((await upload(li, id, '大.png', Buffer.concat([png, Buffer.alloc(1_100_000)]))).status).toBe(415);
    expect((await upload(wang, id, '图.png', png)).status).toBe(409);
    expect((await upload(li, id, '图.png', png, 'application/json')).status).toBe(400);
    expect((await upload(li, id, '图.png', png, 'image/png')).status).toBe(415);
    await upload(li, id, '说明.txt', Buffer.from('带户口簿'));
    const [file] = (await li.get(`/conversations/${id}/files`)).body as { id: string }[];
    const opened = await fetch(`${server.url}/desk/api/conversations/${id}/files/${file?.id}`, { headers: { cookie: li.cookie } });
    expect(opened.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''/);
    expect([opened.headers.get('x-content-type-options'), opened.headers.get('content-security-policy')]).toEqual([
      'nosniff',
      "default-src 'none'; sandbox",
    ]);
    expect(await opened.text()).toBe('带户口簿');
    expect((await fetch(`${server.url}/desk/api/conversations/${id}/files/${file?.id}`)).status).toBe(401);
    const looks = await listAccess(server.house.database.db, { staff: 'li', target: id, limit: 20 });
    expect(looks.map(({ action }) => action)).toContain('read_file');
  });
});

describe('the name citizens see', () => {
  it('is 人工客服 and a number that stays, or what one chooses', async () => {
    const mine = (await li.get('/desk-settings')).body as { shownName: string; standardName: string };
    expect(mine.shownName).toMatch(/^人工客服\d\d$/);
    expect(((await wang.get('/desk-settings')).body as { shownName: string }).shownName).not.toBe(mine.shownName);
    expect((await li.request('PUT', '/shown-name', { name: '小李' })).body).toMatchObject({
      shownName: '小李',
      standardName: mine.standardName,
    });
    expect((await li.request('PUT', '/shown-name', { name: null })).body).toMatchObject({ shownName: mine.shownName });
    expect((await li.request('PUT', '/shown-name', { name: 'x'.repeat(13) })).status).toBe(400);
  });
});

describe('the distance between draft and message', () => {
  it.each([
    ['', '', 0],
    ['带户口簿', '带户口簿', 0],
    ['带户口簿', '请带户口本', 2],
    ['abc', '', 3],
    ['𠮷a', '𠮷', 1],
  ])('%s → %s: %i', (a, b, distance) => {
    expect([editDistance(a, b), editDistance(b, a)]).toEqual([distance, distance]);
  });
});
