import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';
import { type Fields, pushOf, toXml } from './testing/wire.ts';

/** The long form: WENBAN_LONG=1 npx vitest run channels/wechat/hostile.test.ts */
const mutations = process.env.WENBAN_LONG === '1' ? 100_000 : 3000;

let at: Harness;
beforeAll(async () => {
  at = await startHarness({
    accounts: [
      { kind: 'official-account', type: 'subscription' },
      { kind: 'official-account', id: 'plain', appId: 'wxplainplain0000', aesKeys: [] },
    ],
  });
});
afterAll(() => at.close());

const seconds = () => Math.floor(at.now() / 1000);
async function post(address: string, query: string, body: string | Uint8Array): Promise<{ status: number; text: string }> {
  const response = await fetch(`${address}?${query}`, { method: 'POST', body: body as BodyInit });
  return { status: response.status, text: await response.text() };
}
const turns = async () =>
  Number(
    (
      await at.house.database.db
        .selectFrom('inbox')
        .select(({ fn }) => fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );
const text = (openid: string, words: string): Fields => ({
  ToUserName: 'gh_0',
  FromUserName: openid,
  CreateTime: seconds(),
  MsgType: 'text',
  Content: words,
  MsgId: at.platform.nextId(),
});

describe('who is not the platform', () => {
  it('gets 403 and changes nothing: wrong signature, wrong key, old timestamp, plain text', async () => {
    const { account, address } = at.citizen('oEvil');
    const before = await turns();
    const good = pushOf(account, text('oEvil', '你好'), seconds());
    expect((await post(address, good.query.replace(/signature=./, 'signature=x'), good.body)).status).toBe(403);
    expect((await post(address, good.query.replace(/msg_signature=./, 'msg_signature=x'), good.body)).status).toBe(403);
    const otherKey = pushOf({ ...account, encodingAesKey: 'Z'.repeat(43) }, text('oEvil', '你好'), seconds());
    expect((await post(address, otherKey.query, otherKey.body)).status).toBe(403);
    const otherApp = pushOf({ ...account, appId: 'wx9999999999999999' }, text('oEvil', '你好'), seconds());
    expect((await post(address, otherApp.query, otherApp.body)).status).toBe(403);
    const replayed = pushOf(account, text('oEvil', '你好'), seconds() - 3600);
    expect((await post(address, replayed.query, replayed.body)).status).toBe(403);
    const plain = pushOf({ ...account, encodingAesKey: undefined }, text('oEvil', '你好'), seconds());
    expect((await post(address, plain.query, plain.body)).status).toBe(403);
    expect((await post(address, '', good.body)).status).toBe(403);
    expect((await post(address.replace('official-account', 'official-account/nobody'), good.query, good.body)).status).toBe(404);
    expect(await turns()).toBe(before);
  });

  it('verifies the address by returning echostr byte for byte, to the platform only', async () => {
    const { account, address } = at.citizen('oEvil');
    const { query } = pushOf(account, { FromUserName: 'x' }, seconds());
    const echo = await fetch(`${address}?${query}&echostr=5940137%3Cb%3E`);
    expect([echo.status, await echo.text(), echo.headers.get('content-type')]).toEqual([
      200,
      '5940137<b>',
      expect.stringMatching(/^text\/plain/),
    ]);
    expect((await fetch(`${address}?${query.replace(/signature=./, 'signature=x')}&echostr=1`)).status).toBe(403);
    expect((await fetch(`${address}?${query}`)).status).toBe(403);
  });
});

describe('what is signed but hostile', () => {
  it('XML bombs, external entities, broken UTF-8 and 5 MB bodies are refused at once', async () => {
    const { account, address } = at.citizen('oPlain', 1);
    const { query } = pushOf(account, { FromUserName: 'x' }, seconds());
    const bomb = `<!DOCTYPE xml [${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};">`).join('')}]><xml><Content>&a30;</Content></xml>`;
    const external = '<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>';
    expect((await post(address, query, bomb)).status).toBe(400);
    expect((await post(address, query, external)).status).toBe(400);
    expect(
      (
        await post(
          address,
          query,
          Buffer.concat([Buffer.from('<xml><Content>'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('</Content></xml>')]),
        )
      ).status,
    ).toBe(400);
    expect((await post(address, query, 'x'.repeat(5 * 1024 * 1024)).catch(() => ({ status: 413 }))).status).toBe(413);
    // A body that never ends is not waited for.
    const status = await new Promise((resolve) => {
      const sending = request(`${address}?${query}`, { method: 'POST', headers: { 'Content-Length': 5 * 1024 * 1024 } }, (response) =>
        resolve(response.statusCode),
      );
      sending.on('error', () => resolve(413));
      sending.write('<xml>');
    });
    expect(status).toBe(413);
  });

  it('text that looks like an attack is only text', async () => {
    const citizen = at.citizen('oPlainer', 1);
    const seen = await citizen.says(`]]></Content><MsgType>event</MsgType><!DOCTYPE x><script>`);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.map((bubble) => bubble.text).join()).not.toContain('<script');
  });

  it(`${mutations} mutated bodies neither stop the server nor stay unanswered`, {
    timeout: mutations > 3000 ? 3_600_000 : 60_000,
  }, async () => {
    const { account, address } = at.citizen('oFuzz', 1);
    let seed = 20_260_302;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    /** Mostly what XML is written in: other bytes end at the first check. */
    const letter = (): number => (random(12) === 0 ? random(256) : 32 + random(95));
    const kinds: Fields[] = [
      { MsgType: 'image', PicUrl: 'https://x.example/p', MediaId: 'M' },
      { MsgType: 'location', Location_X: '23.1', Location_Y: '113.3', Scale: 15, Label: '中山路' },
      { MsgType: 'event', Event: 'CLICK', EventKey: 'nothing' },
      { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_1' },
      { MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH', MsgID: 1, Status: 'success' },
    ];
    const counts = new Map<number, number>();
    const one = async (): Promise<void> => {
      const body = Buffer.from(toXml({ ...text('oFuzz', '你好'), ...kinds[random(kinds.length)], MsgId: 1 }));
      const bytes = [...body];
      for (let n = 0; n <= random(3); n++) {
        const place = random(bytes.length);
        const [kind, length] = [random(4), random(12)];
        if (kind === 0) bytes[place] = letter();
        else if (kind === 1) bytes.splice(place, length);
        else if (kind === 2) bytes.splice(place, 0, ...bytes.slice(random(bytes.length)).slice(0, length));
        else bytes.splice(place, 0, ...Array.from({ length }, letter));
      }
      const { status } = await post(address, pushOf(account, { FromUserName: 'x' }, seconds()).query, Uint8Array.from(bytes));
      counts.set(status, (counts.get(status) ?? 0) + 1);
    };
    for (let done = 0; done < mutations; done += 20) await Promise.all(Array.from({ length: 20 }, one));
    console.log(`${mutations} mutated bodies: ${[...counts].map(([status, count]) => `${status} × ${count}`).join(', ')}`);
    expect([...counts.keys()].filter((status) => ![200, 400, 403].includes(status))).toEqual([]);
    const after = await at.citizen('oAfter').says('居住证要多少钱');
    expect(after[0]?.text ?? '').not.toBe('');
    expect(at.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
    // Logged without content.
    expect(at.lines.join('\n')).not.toMatch(/<xml|中山路|你好/);
  });
});
