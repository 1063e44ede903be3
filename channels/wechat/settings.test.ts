import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wechatSettings } from './settings.ts';

const whole = { WECHAT_OA_APP_ID: 'wx0123', WECHAT_OA_APP_SECRET: 'secret', WECHAT_OA_TOKEN: 'token123' };

it('is off without keys and names what a half-configured account lacks', () => {
  expect(wechatSettings({ WECHAT_OA_APP_ID: '' })).toEqual({ ok: true, wechat: undefined });
  expect(wechatSettings({ WECHAT_OA_APP_ID: 'wx0123' })).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('WECHAT_OA_APP_SECRET'), expect.stringContaining('WECHAT_OA_TOKEN')],
  });
  expect(wechatSettings({ ...whole, WECHAT_OA_ENCODING_AES_KEY: 'short' })).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('WECHAT_OA_ENCODING_AES_KEY: 43')],
  });
  expect(wechatSettings({ ...whole, WECHAT_OA_TYPE: 'enterprise' })).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('WECHAT_OA_TYPE')],
  });
  expect(wechatSettings({ ...whole, WECHAT_API_BASE_URL: 'ftp://x' })).toMatchObject({ ok: false });
});

it('takes one account of each kind from keys and any number from a file, and repeats no secret', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wenban-accounts-'));
  const path = join(folder, 'wechat.yaml');
  try {
    await writeFile(path, '- {id: hall, kind: official-account, appId: wx9999, appSecret: s, token: abc}\n');
    const read = wechatSettings({ ...whole, WECHAT_ACCOUNTS: path });
    expect(read.ok && read.wechat?.accounts.map(({ id, kind, type }) => [id, kind, type])).toEqual([
      ['default', 'official-account', 'service'],
      ['hall', 'official-account', 'service'],
    ]);
    await writeFile(
      path,
      '- {id: login, kind: official-account, appId: wx9999, appSecret: very-secret, token: "very secret"}\n- {id: hall}\n',
    );
    const wrong = wechatSettings({ WECHAT_ACCOUNTS: path });
    expect(wrong.ok).toBe(false);
    expect(JSON.stringify(wrong)).not.toMatch(/very.secret/);
    expect(wechatSettings({ WECHAT_ACCOUNTS: join(folder, 'none.yaml') })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('WECHAT_ACCOUNTS')],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
