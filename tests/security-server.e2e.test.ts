import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage } from '../channels/web/widget/testing/browser.ts';
import { projectRoot } from '../server/paths.ts';
import { ensureBuilt } from './support/build.ts';
import { ask, call, killAll, startServer as startProcess, startTalk } from './support/process.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  await ensureBuilt();
  server = await startServer();
}, 120_000);
afterAll(async () => {
  await server.close();
  killAll();
});

const pages = ['/', '/desk/', '/api'];

describe('[R-027] headers', () => {
  it('no page allows inline scripts or styles, eval, foreign sources or foreign frames', async () => {
    for (const path of [...pages, '/healthz', '/nothing', '/desk/api/me']) {
      const { headers } = await call(`${server.url}${path}`, 'GET');
      const policy = headers.get('content-security-policy') ?? '';
      expect([path, policy.includes('unsafe'), /(?:script|style|default)-src[^;]*(?:\*|https?:)/.test(policy)]).toEqual([
        path,
        false,
        false,
      ]);
      expect(policy).toMatch(/object-src 'none'|default-src 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    }
    expect((await call(`${server.url}/desk/`, 'GET')).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('a real browser finds nothing to complain about on any page', async () => {
    const browser = await launchBrowser();
    try {
      for (const path of pages) {
        const page = await newPage(browser);
        const violations: string[] = [];
        page.on('console', (message) => {
          if (/Content.Security.Policy/i.test(message.text())) violations.push(message.text());
        });
        await page.goto(`${server.url}${path}`, { waitUntil: 'load' });
        if (path === '/') await page.locator('wenban-chat button').first().click();
        await page.waitForTimeout(500);
        expect([path, violations]).toEqual([path, []]);
        await page.context().close();
      }
    } finally {
      await browser.close();
    }
  }, 60_000);
});

describe('[R-027] secrets', () => {
  const canary = (name: string) => `canary-${name.toLowerCase().replaceAll('_', '-')}`;
  const key = (fill: string) => Buffer.alloc(32, fill).toString('base64');
  const secrets = {
    DIRECTLINE_SECRET: canary('DIRECTLINE_SECRET'),
    OPENAI_API_KEY: canary('OPENAI_API_KEY'),
    RERANK_API_KEY: canary('RERANK_API_KEY'),
    WECHAT_OA_APP_SECRET: canary('WECHAT_OA_APP_SECRET'),
    WECHAT_OA_TOKEN: 'canarywechattoken',
    WECHAT_OA_ENCODING_AES_KEY: 'canaryAesKey0123456789012345678901234567890',
    ALIYUN_SMS_ACCESS_KEY_SECRET: canary('ALIYUN_SMS_ACCESS_KEY_SECRET'),
    ALIYUN_SMS_PUSH_TOKEN: canary('ALIYUN_SMS_PUSH_TOKEN'),
    OIDC_CLIENT_SECRET: canary('OIDC_CLIENT_SECRET'),
    DATA_KEYS: `k1:${key('c')},lookup:${key('d')}`,
  };
  const dead = 'http://127.0.0.1:9';
  const others = {
    LOG_LEVEL: 'trace',
    PUBLIC_URL: dead,
    OPENAI_BASE_URL: `${dead}/v1`,
    OPENAI_MODEL: 'm',
    RERANK_BASE_URL: dead,
    RERANK_MODEL: 'r',
    WECHAT_OA_APP_ID: 'wx0123456789abcdef',
    WECHAT_API_BASE_URL: dead,
    SMS_PROVIDER: 'aliyun',
    ALIYUN_SMS_ACCESS_KEY_ID: 'id',
    ALIYUN_SMS_SIGN_NAME: '安澜问办',
    ALIYUN_SMS_TEMPLATES: 'page:SMS_1,rating:SMS_2',
    ALIYUN_SMS_BASE_URL: dead,
    OIDC_ISSUER: dead,
    OIDC_CLIENT_ID: 'wenban',
    OIDC_ROLES: 'a:agent',
  };

  it('stand in no log line of a start and a stop, at the most talkative level', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'wenban-canary-'));
    try {
      const running = await startProcess(dataDir, { ...others, ...secrets });
      await running.stop();
      const said = running.log();
      for (const [name, value] of Object.entries(secrets))
        for (const part of value.split(',')) expect([name, said.includes(part.split(':').at(-1) ?? part)]).toEqual([name, false]);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 90_000);

  it('every secret of .env.example is tried here, or named with its reason', () => {
    const example = readFileSync(join(projectRoot(), '.env.example'), 'utf8');
    const named = [...example.matchAll(/^([A-Z_]*(?:SECRET|PASSWORD|TOKEN|API_KEY|AES_KEY|DATA_KEYS|SECRET_KEY))=/gm)].map(
      ([, name = '']) => name,
    );
    const elsewhere = new Set([
      // Their service must answer before the server starts.
      ...['QDRANT_API_KEY', 'EMBEDDING_API_KEY', 'WECHATY_PUPPET_TOKEN', 'WECHAT_TRANSCRIPTION_API_KEY', 'MICROSOFT_APP_PASSWORD'],
      // One account and one provider at a time: read by the same code as those above.
      ...['WECHAT_MP_APP_SECRET', 'WECHAT_MP_TOKEN', 'WECHAT_MP_ENCODING_AES_KEY', 'CMPP_SECRET', 'SMPP_PASSWORD'],
      ...['TENCENT_SMS_SECRET_KEY', 'TENCENT_SMS_PUSH_TOKEN', 'TWILIO_AUTH_TOKEN'],
    ]);
    expect(named.filter((name) => !(name in secrets) && !elsewhere.has(name))).toEqual([]);
  });
});

it("[R-027] a copy of one's data needs the signed link", async () => {
  const talk = await startTalk(server.url);
  await ask(server.url, talk, '身份证丢了怎么补办');
  for (const token of ['x', 'x.y', `${Buffer.from(JSON.stringify([talk.conversationId, 9e15])).toString('base64url')}.AAAA`])
    expect((await call(`${server.url}/privacy/export/${token}`, 'GET')).status).toBe(404);
});
