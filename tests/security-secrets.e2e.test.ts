import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../bot/store/testing/postgres.ts';
import { projectRoot } from '../server/paths.ts';
import { ensureBuilt } from './support/build.ts';
import { call, killAll, startServer } from './support/process.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

interface Round {
  /** What must never be seen: the whole value, or the part behind its last `:` or `=`. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly others: Readonly<Record<string, string>>;
}

const canary = (name: string) => `canary-${name.toLowerCase().replaceAll('_', '-')}`;
const canaries = (...names: string[]) => Object.fromEntries(names.map((name) => [name, canary(name)]));
const key = (fill: string) => Buffer.alloc(32, fill).toString('base64');
/** Nobody answers there. */
const dead = 'http://127.0.0.1:9';

const starting: Record<string, Round> = {
  'models, WeChat, cloud SMS, single sign-on, tracing': {
    secrets: {
      ...canaries('DIRECTLINE_SECRET', 'OPENAI_API_KEY', 'RERANK_API_KEY', 'WECHAT_OA_APP_SECRET', 'WECHAT_MP_APP_SECRET'),
      ...canaries('WECHAT_TRANSCRIPTION_API_KEY', 'ALIYUN_SMS_ACCESS_KEY_SECRET', 'ALIYUN_SMS_PUSH_TOKEN'),
      ...canaries('TENCENT_SMS_SECRET_KEY', 'TENCENT_SMS_PUSH_TOKEN', 'OIDC_CLIENT_SECRET', 'MICROSOFT_APP_PASSWORD'),
      WECHAT_OA_TOKEN: 'canarywechatoatoken',
      WECHAT_MP_TOKEN: 'canarywechatmptoken',
      WECHAT_OA_ENCODING_AES_KEY: 'canaryAesKey0123456789012345678901234567890',
      WECHAT_MP_ENCODING_AES_KEY: 'canaryMpsKey0123456789012345678901234567890',
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canary('OTEL_EXPORTER_OTLP_HEADERS')}`,
      DATA_KEYS: `k1:${key('c')},lookup:${key('d')}`,
    },
    others: {
      OPENAI_BASE_URL: `${dead}/v1`,
      OPENAI_MODEL: 'm',
      RERANK_BASE_URL: dead,
      RERANK_MODEL: 'r',
      WECHAT_OA_APP_ID: 'wx0123456789abcdef',
      WECHAT_MP_APP_ID: 'wx0123456789abcde0',
      WECHAT_API_BASE_URL: dead,
      WECHAT_TRANSCRIPTION_BASE_URL: `${dead}/v1`,
      WECHAT_TRANSCRIPTION_MODEL: 't',
      SMS_PROVIDER: 'aliyun',
      SMS_FALLBACK_PROVIDER: 'tencent',
      ALIYUN_SMS_ACCESS_KEY_ID: 'id',
      ALIYUN_SMS_SIGN_NAME: '安澜问办',
      ALIYUN_SMS_TEMPLATES: 'page:SMS_1,rating:SMS_2',
      ALIYUN_SMS_BASE_URL: dead,
      TENCENT_SMS_SECRET_ID: 'id',
      TENCENT_SMS_SDK_APP_ID: '1400',
      TENCENT_SMS_SIGN_NAME: '安澜问办',
      TENCENT_SMS_TEMPLATES: 'page:1,rating:2',
      TENCENT_SMS_BASE_URL: dead,
      OIDC_ISSUER: dead,
      OIDC_CLIENT_ID: 'wenban',
      OIDC_ROLES: 'a:agent',
      MICROSOFT_APP_ID: '00000000-0000-0000-0000-000000000001',
      MICROSOFT_APP_TENANT_ID: '00000000-0000-0000-0000-000000000002',
      MICROSOFT_APP_TYPE: 'SingleTenant',
      OTEL_EXPORTER_OTLP_ENDPOINT: dead,
    },
  },
  'direct lines of carriers': {
    secrets: { CMPP_SECRET: canary('CMPP_SECRET'), SMPP_PASSWORD: 'cnry-pwd' },
    others: {
      SMS_PROVIDER: 'cmpp',
      SMS_FALLBACK_PROVIDER: 'smpp',
      SMS_SIGNATURE: '安澜问办',
      SMS_LANDING_URL: 'https://wenban.example/s',
      CMPP_HOST: '127.0.0.1',
      CMPP_PORT: '9',
      CMPP_SP_ID: '901234',
      CMPP_SRC_ID: '10690000',
      SMPP_HOST: '127.0.0.1',
      SMPP_PORT: '9',
      SMPP_SYSTEM_ID: 'wenban',
      SMPP_SOURCE: '10690000',
    },
  },
  'Twilio and a puppet': {
    secrets: canaries('TWILIO_AUTH_TOKEN', 'WECHATY_PUPPET_TOKEN'),
    others: {
      SMS_PROVIDER: 'twilio',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: dead,
      WECHATY_PUPPET: 'wechaty-puppet-none',
    },
  },
};
/** With these it doesn't start: its refusal is looked through. */
const refused: Record<string, Round> = {
  'a database that is not there': {
    secrets: { DATABASE_URL: `postgres://wenban:${canary('DATABASE_URL')}@127.0.0.1:9/wenban` },
    others: {},
  },
  'an index and embeddings that are not there': {
    secrets: canaries('QDRANT_API_KEY', 'EMBEDDING_API_KEY'),
    others: { QDRANT_URL: dead, EMBEDDING_BASE_URL: `${dead}/v1`, EMBEDDING_MODEL: 'e' },
  },
  'keys that are written wrongly': { secrets: { DATA_KEYS: `k1:${key('c')}` }, others: {} },
};

let dataDir: string;
let bundle: string;
beforeAll(async () => {
  bundle = await ensureBuilt();
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-canary-'));
});
afterAll(async () => {
  killAll();
  await rm(dataDir, { recursive: true, force: true });
});

const marksOf = (value: string) =>
  value.split(',').map((part) => (/@/.test(part) ? canary('DATABASE_URL') : part.replace(/^[\w-]+[:=]/, '')));
function expectNone({ secrets }: Round, where: string, said: string): void {
  for (const [name, value] of Object.entries(secrets))
    for (const mark of marksOf(value)) expect([where, name, said.includes(mark)]).toEqual([where, name, false]);
}

const doctor = async ({ secrets, others }: Round, folder: string): Promise<string> => {
  const env = { PATH: process.env.PATH, DATA_DIR: folder, PUBLIC_URL: dead, ...others, ...secrets };
  const ran = promisify(execFile)(process.execPath, [bundle, 'doctor'], { cwd: tmpdir(), env });
  return ran.then(
    ({ stdout, stderr }) => stdout + stderr,
    ({ stdout, stderr }) => stdout + stderr,
  );
};

describe.each(Object.entries(starting))('[R-027] the secrets of %s', (name, round) => {
  it('are nowhere in what the server says: log at its most talkative, figures, documents, errors, doctor', async () => {
    const folder = join(dataDir, name);
    const running = await startServer(folder, {
      LOG_LEVEL: 'trace',
      PUBLIC_URL: dead,
      PORT: String(await freePort()),
      ...round.others,
      ...round.secrets,
    });
    const asked: [string, string, Parameters<typeof call>[2]?][] = [
      ...['/metrics', '/openapi.json', '/readyz', '/healthz', '/', '/desk/', '/nothing', '/privacy/export/x.y', '/desk/api/nothing'].map(
        (path): [string, string] => ['GET', path],
      ),
      ['GET', '/desk/api/oidc/start'],
      ['GET', '/desk/api/oidc/callback?state=x&code=y'],
      ['POST', '/desk/api/login', { body: { name: 'x', password: 'y' } }],
      ['POST', '/desk/api/login', { body: '{' }],
      ['POST', '/v3/directline/tokens/generate', { token: 'wrong' }],
      ['POST', '/v3/directline/tokens/generate', { body: '{' }],
      ['GET', '/v3/directline/conversations/x/activities', { token: 'wrong' }],
      ['GET', '/v3/directline/uploads/aaaaaaaaaaaaaaaaaaaaaa'],
      ['POST', '/api/messages', { body: { type: 'message' } }],
      ['POST', '/api/messages', { body: { type: 'message' }, token: 'a.b.c' }],
      ['GET', '/channels/wechat/official-account?signature=x&timestamp=1&nonce=2&echostr=3'],
      ['POST', '/channels/wechat/mini-program?signature=x&timestamp=1&nonce=2', { body: '<xml/>' }],
      ['POST', '/channels/sms/aliyun?token=wrong', { body: [] }],
      ['POST', '/channels/sms/tencent?token=wrong', { body: {} }],
      ['POST', '/channels/sms/twilio', { body: {} }],
    ];
    for (const [method, path, more] of asked) {
      const answer = await call(`${running.url}${path}`, method, more);
      expectNone(round, `${method} ${path}`, `${JSON.stringify([...answer.headers])}${answer.text}`);
    }
    await running.stop();
    expect(running.log()).not.toBe('');
    expectNone(round, 'log', running.log());
    const said = await doctor(round, folder);
    expect(said).toContain('Direct Line');
    expectNone(round, 'doctor', said);
  });
});

it.each(Object.entries(refused))('[R-027] the secret of %s is not in the refusal, nor said by doctor', async (name, round) => {
  const folder = join(dataDir, name);
  const said = await startServer(folder, { LOG_LEVEL: 'trace', ...round.others, ...round.secrets }).then(
    async (running) => {
      await running.stop();
      return running.log();
    },
    (error: Error) => error.message,
  );
  expect(said).not.toBe('');
  expectNone(round, 'start', said);
  expectNone(round, 'doctor', await doctor(round, folder));
});

it('every secret of .env.example is tried here', () => {
  const example = readFileSync(join(projectRoot(), '.env.example'), 'utf8');
  const named = [
    ...example.matchAll(/^([A-Z_]*(?:SECRET|PASSWORD|TOKEN|API_KEY|AES_KEY|DATA_KEYS|SECRET_KEY|OTLP_HEADERS|DATABASE_URL))=/gm),
  ].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(20);
  const tried = new Set([...Object.values(starting), ...Object.values(refused)].flatMap(({ secrets }) => Object.keys(secrets)));
  expect(named.filter((name) => !tried.has(name))).toEqual([]);
});
