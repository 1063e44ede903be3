import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../database.ts';
import { acceptMessage } from '../inbox.ts';
import { giveConsent, optOut, smsNumber } from '../sms-numbers.ts';
import { findSmsSession, saveSmsSession, smsAddressOf } from '../sms-sessions.ts';
import { makeConversation, onEachEngine } from '../testing/engines.ts';
import { bindWechatPhone, findWechatCitizen, meetWechatCitizen } from '../wechat-citizens.ts';
import { addKeyToFile, dropKeysFromFile, parseKeys } from './key-ring.ts';
import { noteKeys } from './open.ts';
import { keysInUse, resealAll } from './reseal.ts';
import { isSealed, keyIdOf, seal, sealBytes, sealedFile, sealForLookup, sealingKey, unseal, unsealBytes } from './seal.ts';

const key = sealingKey('k1', Buffer.alloc(32, 1));
const phone = '+8613912345678';
const openid = 'oAbCdEfGhIjKlMnOpQrStUvWxYz1';

describe('[R-129] envelopes', () => {
  it('hold any text and give it back; the same text looks different each time, except where it is looked up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [one, two] = [seal(key, text), seal(key, text)];
        expect([unseal(key, one), unseal(key, two), one === two]).toEqual([text, text, false]);
        expect(sealForLookup(key, text)).toBe(sealForLookup(key, text));
        expect(unseal(key, sealForLookup(key, text))).toBe(text);
        expect([isSealed(one), keyIdOf(one)]).toEqual([true, 'k1']);
      }),
    );
    const file = sealBytes(key, 'f1', Buffer.from([0, 255, 7]));
    expect([unsealBytes(key, 'f1', file), sealedFile(file), sealedFile(Buffer.from('%PDF'))]).toEqual([
      Buffer.from([0, 255, 7]),
      { keyId: 'k1', bound: true },
      undefined,
    ]);
  });

  it('notice any changed character and any other key', () => {
    const sealed = seal(key, phone);
    for (let at = sealed.lastIndexOf('.') + 1; at < sealed.length - 1; at++) {
      const bent = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => unseal(key, bent)).toThrow();
    }
    expect(() => unseal(sealingKey('k1', Buffer.alloc(32, 2)), sealed)).toThrow();
  });

  it('of a file open in its own place alone, whichever version their head claims', () => {
    const file = sealBytes(key, 'f1', Buffer.from('one'));
    expect(() => unsealBytes(key, 'f2', file)).toThrow();
    expect(() => unsealBytes(key, 'f1', Buffer.from(file.toString('latin1').replace('wbf2', 'wbf1'), 'latin1'))).toThrow();
    expect(() => unsealBytes(key, 'f2', Buffer.from(file.toString('latin1').replace('wbf2', 'wbf1'), 'latin1'))).toThrow();
  });

  it('keys are read strictly, and a problem never repeats a secret', () => {
    const secret = Buffer.alloc(32, 3).toString('base64');
    expect(parseKeys(`k1:${secret}, lookup:${secret}`)).toMatchObject({ ok: true });
    for (const bad of [
      '',
      'k1',
      `k1:${secret}`,
      `lookup:${secret}`,
      `k1:${secret},k1:${secret},lookup:${secret}`,
      `k1:abc,lookup:${secret}`,
    ]) {
      const parsed = parseKeys(bad);
      expect(parsed.ok).toBe(false);
      expect(JSON.stringify(parsed)).not.toContain(secret);
    }
  });
});

onEachEngine('sealed columns behave as plain ones', (store) => {
  const dataKeys = [
    { id: 'k1', secret: Buffer.alloc(32, 4).toString('base64') },
    { id: 'lookup', secret: Buffer.alloc(32, 5).toString('base64') },
  ];
  const sealedStore = async (): Promise<OpenDatabase> => openDatabase({ ...store().place.config, dataKeys });

  it('numbers and openids are found, changed and joined', async () => {
    await store().database.close();
    rmSync(join(store().place.config.dataDir, 'data-keys'), { force: true });
    await forgetCheck(store().place.config);
    const database = await sealedStore();
    try {
      const { db } = database;
      await makeConversation(db);
      await giveConsent(db, phone, 'SMS 同意', 1);
      expect((await smsNumber(db, phone)).consentSource).toBe('SMS 同意');
      expect(await optOut(db, phone, 2)).toBe(true);
      expect(await optOut(db, phone, 3)).toBe(false);
      const session = { phone, port: '106', conversationId: 'c1', generation: 1, locale: 'zh-CN', lastInAt: 5 };
      await saveSmsSession(db, session);
      await saveSmsSession(db, { ...session, lastInAt: 6 });
      expect((await findSmsSession(db, phone, '106'))?.lastInAt).toBe(6);
      expect(await smsAddressOf(db, 'nobody')).toBeUndefined();
      await meetWechatCitizen(db, { account: 'oa:1', openid, unionId: 'u1', conversationId: 'c1' }, 1);
      await bindWechatPhone(db, 'oa:1', openid, phone);
      expect(await findWechatCitizen(db, 'oa:1', openid)).toMatchObject({ openid, unionId: 'u1', phone });
      expect(await db.selectFrom('wechat_citizens').select('openid').where('openid', 'in', [openid, 'x']).execute()).toEqual([{ openid }]);
      const message = {
        channel: 'web',
        messageId: `${openid}:1`,
        conversationId: 'c1',
        activity: { type: 'message', from: { id: phone }, text: phone },
      } as const;
      const accept = () => database.transaction((tx) => acceptMessage(tx, message, 1));
      expect([(await accept()).duplicate, (await accept()).duplicate]).toEqual([false, true]);
      const raw = JSON.stringify(
        await Promise.all(
          (['sms_sessions', 'sms_numbers', 'wechat_citizens', 'activities', 'inbox'] as const).map((table) =>
            database.sealing?.plain.selectFrom(table).selectAll().execute(),
          ),
        ),
      );
      expect([raw.includes(phone.slice(3)), raw.includes(openid), raw.includes('wbs1.k1.'), raw.includes('wbl1.lookup.')]).toEqual([
        false,
        false,
        true,
        true,
      ]);
    } finally {
      await forgetCheck(store().place.config, database);
      await database.close();
    }
  });
});

async function forgetCheck(config: { dataDir: string; databaseUrl?: string | undefined }, database?: OpenDatabase): Promise<void> {
  if (config.databaseUrl === undefined && database === undefined) rmSync(join(config.dataDir, 'wenban.sqlite'), { force: true });
  if (database) await database.sealing?.plain.deleteFrom('settings').where('key', '=', 'sealing.check').execute();
}

describe('a data directory', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'wenban-sealing-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const files = () =>
    readdirSync(dataDir)
      .map((name) => readFileSync(join(dataDir, name), 'latin1'))
      .join('');
  const words = '我住在安澜市河东路八号';

  it("[R-129] its files hold no number, openid or word of a citizen; the key file is the owner's alone", async () => {
    const database = await openDatabase({ dataDir });
    await makeConversation(database.db);
    await giveConsent(database.db, phone, 'x', 1);
    await database.transaction((tx) =>
      acceptMessage(
        tx,
        { channel: 'web', messageId: '1', conversationId: 'c1', activity: { type: 'message', from: { id: openid }, text: words } },
        1,
      ),
    );
    await database.close();
    expect(statSync(join(dataDir, 'data-keys')).mode & 0o777).toBe(0o600);
    const raw = files();
    for (const mark of [phone.slice(3), openid, Buffer.from(words).toString('latin1')]) expect(raw.includes(mark)).toBe(false);
  });

  it('says in clear words that a key is lost, and does not make a new one over sealed data', async () => {
    await (await openDatabase({ dataDir })).close();
    rmSync(join(dataDir, 'data-keys'));
    await expect(openDatabase({ dataDir })).rejects.toThrow(/put back DATA_KEYS or the file data-keys/);
    const other = [
      { id: 'k9', secret: Buffer.alloc(32, 9).toString('base64') },
      { id: 'lookup', secret: Buffer.alloc(32, 8).toString('base64') },
    ];
    await expect(openDatabase({ dataDir, dataKeys: other })).rejects.toThrow(/sealed with the key "k1"/);
  });

  it('what was there before the keys is sealed at the first start with them', async () => {
    const first = await openDatabase({ dataDir });
    await makeConversation(first.db);
    await first.sealing?.plain
      .insertInto('sms_numbers')
      .values({ phone, opted_out_at: null, consent_at: 1, consent_source: 'old', updated_at: 1 })
      .execute();
    await first.sealing?.plain.deleteFrom('settings').where('key', '=', 'sealing.check').execute();
    await first.close();
    const again = await openDatabase({ dataDir });
    expect((await smsNumber(again.db, phone)).consentSource).toBe('old');
    expect(isSealed((await again.sealing?.plain.selectFrom('sms_numbers').select('phone').executeTakeFirst())?.phone)).toBe(true);
    await again.close();
  });

  it('a new key takes over while the server writes: every row is on it at the end, none is lost, the old one can go', async () => {
    const server = await openDatabase({ dataDir });
    await makeConversation(server.db);
    let written = 0;
    let go = true;
    const load = (async () => {
      while (go) {
        // A database in process answers without giving way: others must have their turn.
        await new Promise((resolve) => setImmediate(resolve));
        const n = ++written;
        await server.transaction((tx) =>
          acceptMessage(
            tx,
            { channel: 'web', messageId: String(n), conversationId: 'c1', activity: { type: 'message', from: { id: 'u' }, text: `${n}` } },
            n,
          ),
        );
      }
    })();
    while (written < 30) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(addKeyToFile(dataDir)).toBe('k2');
    const tool = await openDatabase({ dataDir });
    const { ring, plain } =
      tool.sealing ??
      (() => {
        throw new Error('no keys');
      })();
    while (server.sealing?.ring.current !== 'k2') await new Promise((resolve) => setTimeout(resolve, 20));
    await resealAll(plain, ring, 20);
    go = false;
    await load;
    await resealAll(plain, ring, 20);
    await noteKeys(plain, ring);
    expect(await keysInUse(plain)).toEqual(new Set(['k2', 'lookup']));
    dropKeysFromFile(dataDir, ['k1']);
    await Promise.all([tool.close(), server.close()]);
    const after = await openDatabase({ dataDir });
    const rows = await after.db.selectFrom('activities').select('body_json').orderBy('seq').execute();
    expect(rows.map((row) => (JSON.parse(row.body_json) as { text: string }).text)).toEqual(
      Array.from({ length: written }, (_, n) => `${n + 1}`),
    );
    await after.close();
  });
});
