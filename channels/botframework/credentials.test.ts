import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CredentialOptions, credentialProblems, sdkSettings } from './credentials.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const issuer = 'https://api.botframework.com';

describe('Bot Framework: credentials', () => {
  it.each<[string, CredentialOptions, RegExp | undefined]>([
    ['none', {}, undefined],
    ['id and password', { appId, appPassword: 's' }, undefined],
    ['single tenant', { appId, appPassword: 's', tenantId: 't', appType: 'singletenant' }, undefined],
    ['managed identity', { appId, tenantId: 't', appType: 'UserAssignedMSI' }, undefined],
    ['a password alone', { appPassword: 's' }, /^MICROSOFT_APP_ID: .*MICROSOFT_APP_PASSWORD/],
    ['an id alone', { appId }, /^MICROSOFT_APP_PASSWORD: /],
    ['single tenant without tenant', { appId, appPassword: 's', appType: 'SingleTenant' }, /^MICROSOFT_APP_TENANT_ID: /],
    [
      'managed identity with a password',
      { appId, appPassword: 's', tenantId: 't', appType: 'UserAssignedMSI' },
      /^MICROSOFT_APP_PASSWORD: /,
    ],
    ['a type nobody knows', { appId, appPassword: 's', appType: 'Tenant' }, /^MICROSOFT_APP_TYPE: .*MultiTenant/],
    ['China without tenant', { appId, appPassword: 's', cloud: 'china' }, /^MICROSOFT_APP_TENANT_ID: /],
  ])('%s', (_name, options, problem) => {
    const problems = credentialProblems(options);
    if (problem === undefined) expect(problems).toEqual([]);
    else expect(problems.join('; ')).toMatch(problem);
  });

  it('a tenant makes it a single-tenant bot; China has its own addresses', () => {
    expect(sdkSettings({ appId, appPassword: 's', tenantId: 't' })).toMatchObject({ MicrosoftAppType: 'SingleTenant' });
    expect(sdkSettings({ appId, appPassword: 's', tenantId: 't', cloud: 'china' })).toMatchObject({
      ToChannelFromBotLoginUrl: 'https://login.partner.microsoftonline.cn/t',
    });
    expect(sdkSettings({})).toEqual({});
  });
});

describe('Bot Framework: with credentials every request needs a token of the Bot Framework for this bot', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness((origin) => ({
      appId,
      appPassword: 'secret',
      cloud: {
        OAuthUrl: origin,
        // Nobody listens there: the login for replies fails as it does when Azure is out of reach.
        ToChannelFromBotLoginUrl: 'https://127.0.0.1:1/tenant',
        ToChannelFromBotOAuthScope: issuer,
        ToBotFromChannelTokenIssuer: issuer,
        ToBotFromChannelOpenIdMetadataUrl: `${origin}/keys/openid`,
        ToBotFromEmulatorOpenIdMetadataUrl: `${origin}/keys/openid`,
      },
    }));
  });
  afterAll(() => h.close());

  const claims = (more: object = {}) => ({ iss: issuer, aud: appId, serviceurl: h.connector.origin, ...more });
  const say = (Authorization: string | undefined, fields: object = {}) =>
    h.post(h.citizen('azure').activity({ text: '居住证要多少钱', ...fields }), { headers: Authorization ? { Authorization } : {} });

  it('while Azure’s signing keys can’t be fetched the channel is told to come back', async () => {
    h.connector.setKeys(false);
    expect((await say(h.connector.token(claims()))).status).toBe(503);
    h.connector.setKeys(true);
  });

  it('a genuine one is let in', async () => {
    const answer = await say(h.connector.token(claims()));
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await h.house.log.read(h.citizen('azure').id, 0)).not.toEqual([]);
  });

  it('proxies are fine then', async () => {
    const headers = { Authorization: h.connector.token(claims()), 'X-Forwarded-For': '203.0.113.9' };
    expect((await h.post(h.citizen('proxied').activity({ text: '你好' }), { headers })).status).toBe(200);
  });

  it.each<[string, () => string | undefined, object?]>([
    ['none', () => undefined],
    ['nonsense', () => 'Bearer abc'],
    ['another scheme', () => 'Basic abc'],
    ['one signed by somebody else', () => h.connector.token(claims(), { forged: true })],
    ['one for another bot', () => h.connector.token(claims({ aud: 'another' }))],
    ['one of another issuer', () => h.connector.token(claims({ iss: 'https://evil.example' }))],
    ['an expired one', () => h.connector.token(claims({ exp: Math.floor(Date.now() / 1000) - 3600 }))],
    ['one for another service', () => h.connector.token(claims({ serviceurl: 'https://other.example' }))],
    ['one whose key may not speak for this channel', () => h.connector.token(claims()), { channelId: 'msteams' }],
    ['one of the App Service extension', () => h.connector.token(claims()), { channelId: 'AseChannel' }],
  ])('refused: %s', async (_name, token, fields) => {
    const answer = await say(token(), fields);
    expect([answer.status, answer.json.error.code, answer.headers.get('www-authenticate')]).toEqual([401, 'Unauthorized', 'Bearer']);
  });

  it('a reply waits in the outbox while the login is out of reach', async () => {
    await h.settled();
    const row = await h.house.database.db.selectFrom('outbox').selectAll().orderBy('id').executeTakeFirstOrThrow();
    expect(row).toMatchObject({ status: 'pending', error: expect.any(String) });
    expect(row.attempts).toBeGreaterThan(0);
    expect(h.connector.posts()).toBe(0);
  });
});
