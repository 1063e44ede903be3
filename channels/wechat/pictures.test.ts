import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addStaff } from '../../bot/store/staff.ts';
import { hashPassword } from '../../desk/api/passwords.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');
const uploadPath = '/cgi-bin/media/upload';
const link = /^【人工客服01】文件《.+》：https:\/\/ask\.example\/v3\/directline\/uploads\//;

let at: Harness;
let cookie = '';
beforeAll(async () => {
  at = await startHarness({
    accounts: [{ kind: 'official-account' }, { kind: 'mini-program' }, { kind: 'official-account', id: 'small', type: 'unverified' }],
    publicUrl: 'https://ask.example',
  });
  const passwordHash = await hashPassword('pictures-only-1', { log2N: 8 });
  await addStaff(at.house.database.db, { name: '小李', role: 'agent', passwordHash }, at.now());
  const login = await fetch(`${at.base}/desk/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: '小李', password: 'pictures-only-1' }),
  });
  cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
});
afterAll(async () => {
  expect(at.platform.errors).toEqual([]);
  await at.close();
});

let sent = 0;
/** What a citizen whom a person serves sees when the person sends a file at the desk. */
async function sees(account: number, name: string, content: Buffer, ...answers: (number | 'hang')[]) {
  const citizen = at.citizen(`o${++sent}`, account);
  await citizen.says('转人工');
  const conversationId = (await at.house.desk.queue()).at(-1)?.conversationId ?? '';
  await at.house.desk.claim(conversationId, '小李');
  await at.settled();
  const before = citizen.chat().length;
  at.platform.plan(uploadPath, ...answers);
  const said = await fetch(
    `${at.base}/desk/api/conversations/${conversationId}/files?name=${encodeURIComponent(name)}&messageId=p${sent}`,
    {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(content),
    },
  );
  expect(said.status).toBe(200);
  await at.settled();
  return { citizen, bubbles: () => citizen.chat().slice(before) };
}

describe('[R-033] a picture a person sends', () => {
  it.each([
    ['an official account', 0],
    ['a mini-program', 1],
  ])('is a picture at %s, byte for byte, and one message', async (_name, account) => {
    const { bubbles } = await sees(account, '填写样表.png', png);
    expect(bubbles().map(({ text, picture }) => [text, picture && Buffer.from(picture).equals(png)])).toEqual([['', true]]);
  });

  it('goes as a link when the platform refuses it, or when it is no picture', async () => {
    const refused = await sees(0, '大图.png', png, 40009);
    expect(refused.bubbles().map(({ text }) => text)).toEqual([expect.stringMatching(link)]);
    const document = await sees(0, '申请表.pdf', pdf);
    expect(document.bubbles().map(({ text }) => text)).toEqual([expect.stringMatching(link)]);
  });

  it('comes later, once, when the platform could not be reached', async () => {
    const { bubbles } = await sees(0, '样表.png', png, -1);
    expect(bubbles()).toEqual([]);
    at.clock.ahead += 120_000;
    await at.settled();
    expect(bubbles().map(({ picture }) => picture !== undefined)).toEqual([true]);
  });

  it('is a link in the response of an account that may not send messages', async () => {
    const { citizen } = await sees(2, '样表.png', png);
    const [answer] = await citizen.says('在吗');
    expect(answer?.text).toMatch(/文件《样表.png》：/);
  });
});
