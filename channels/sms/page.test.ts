import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepPage } from '../../bot/store/sms-pages.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let h: Harness;
const day = 86_400_000;
beforeAll(async () => {
  h = await startHarness({
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 't',
    TWILIO_FROM: '+15550001111',
    TWILIO_BASE_URL: 'http://127.0.0.1:9',
  });
});
afterAll(() => h.close());

const keep = (code: string, body: object) =>
  keepPage(
    h.database.db,
    {
      messageKey: `m${code}`,
      phone: '+8613800001234',
      body: {
        title: '居住证<b>',
        text: '第一行\n<script>alert(1)</script>',
        sources: [],
        ai: false,
        personal: false,
        locale: 'zh-CN',
        ...body,
      },
      expiresAt: h.clock.now + day,
    },
    () => code,
    h.clock.now,
  );
const get = (path: string) => fetch(`${h.url}/s${path}`, { redirect: 'manual' });

describe('the page behind a short code', () => {
  it('[R-030] shows the whole answer with its sources, and nothing in it runs or tracks', async () => {
    await keep('20451187', {
      sources: [
        { name: '居住证申领', url: 'https://a.example/"x', abstract: '原文' },
        { name: '坏链接', url: 'javascript:1', abstract: '' },
      ],
      ai: true,
    });
    const response = await get('/20451187');
    const html = await response.text();
    expect(html).toContain('AI 生成');
    expect(html).toContain('原文');
    expect(html).not.toMatch(/<script|<b>|javascript:|example\/"x/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([response.headers.get('set-cookie'), response.headers.get('cache-control')]).toEqual([null, 'no-store']);
  });
  it('is found by typing the code, and gone when it expires', async () => {
    expect(await (await get('/')).text()).toContain('请输入短信里的短码');
    expect((await get('/?code=20451187')).headers.get('location')).toBe('/s/20451187');
    expect((await get('/?code=//evil.example')).status).toBe(200);
    h.clock.now += 2 * day;
    expect((await get('/20451187')).status).toBe(404);
  });
  it('asks for the last digits of the number where the text is personal, and closes after wrong ones', async () => {
    await keep('20451188', { personal: true });
    expect(await (await get('/20451188')).text()).not.toContain('第一行');
    expect(await (await get('/20451188?tail=1234')).text()).toContain('第一行');
    for (let tries = 0; tries < 5; tries++) expect((await get('/20451188?tail=9999')).status).toBe(403);
    expect((await get('/20451188?tail=1234')).status).toBe(403);
  });
  it('guessing codes is slowed down', async () => {
    let last = 0;
    for (let tries = 0; tries < 40; tries++) last = (await get(`/${10_000_000 + tries}`)).status;
    expect(last).toBe(429);
  });
});
