import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountSchema } from '../accounts.ts';
import { type Keys, pushOf, seal, shownBy, unseal } from '../testing/wire.ts';
import { aesKey, decrypt, encrypt } from './cipher.ts';
import { checkQuery, closeReply, openBody } from './envelope.ts';
import { sign } from './signature.ts';
import { cdata, parseXml } from './xml.ts';

const encodingAesKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopQ';
const keys: Keys = { token: 'zwfwtoken2024', appId: 'wx0123456789abcdef', encodingAesKey };
const account = accountSchema.parse({
  id: 'default',
  kind: 'official-account',
  appId: keys.appId,
  appSecret: 's',
  token: keys.token,
  aesKeys: [encodingAesKey],
});
const plainAccount = { ...account, aesKeys: [] };
const at = 1714036504;
const now = at * 1000;

/** The message as the account reads it. */
function read(given: { query: string; body: string | Buffer }, to = account, when = now) {
  const checked = checkQuery(to, Object.fromEntries(new URLSearchParams(given.query)), when);
  return checked.ok ? openBody(to, checked.query, Buffer.from(given.body as string)) : checked;
}
const text = {
  ToUserName: 'gh_demo',
  FromUserName: 'oUSER1',
  CreateTime: at,
  MsgType: 'text',
  Content: '社保卡怎么补办',
  MsgId: '24112233445566779',
};

describe('signature', () => {
  it('gives the value the platform publishes', () => {
    expect(sign('AAAAA', '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696');
  });
  it('refuses a wrong signature, a missing one, and times more than ten minutes off', () => {
    const good = pushOf(keys, text, at);
    expect(read(good)).toMatchObject({ ok: true });
    expect(read({ ...good, query: good.query.replace(/signature=./, 'signature=z') })).toMatchObject({ ok: false, status: 403 });
    expect(read({ ...good, query: 'timestamp=1&nonce=2' })).toMatchObject({ ok: false, status: 403 });
    expect(read(good, account, now + 601_000)).toMatchObject({ ok: false, status: 403 });
    expect(read(good, account, now - 601_000)).toMatchObject({ ok: false, status: 403 });
  });
});

describe('cipher', () => {
  const random = Buffer.from('0123456789abcdef');
  // Known answers, computed apart from this code; the pads are 19, 10 and 20: only the second fits Node's own unpadding.
  it.each([
    ['{"a":1}', 'g/gPqIDlq0m+gkf5Ok5jeAUApg+ji8b6CxzL8vkQ+rpn0aa/YboVFKXMulsoJvCs5KAiGm4tP6OWoTP3EfP22Q=='],
    ['hello world 1234', 'g/gPqIDlq0m+gkf5Ok5jeP2dYFmne7S6NCOMuofJUmyF9biEhVMB3l/y+mG1WS948AOR/hbVuWw2BGfstVjBWw=='],
    ['<xml/>', 'g/gPqIDlq0m+gkf5Ok5jeIkRC3C5a2PxhPW23z6fdfb/Ot3PBhBLGQfsGeF4WSWn0it7m7vRk/pusE1V6QIqQg=='],
  ])('knows %s', (message, sealed) => {
    expect(encrypt(aesKey(encodingAesKey), keys.appId, message, random)).toBe(sealed);
    expect(decrypt(aesKey(encodingAesKey), keys.appId, sealed)?.toString()).toBe(message);
  });
  it('and an implementation apart from it read each other, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (message) => {
        expect(decrypt(aesKey(encodingAesKey), keys.appId, seal(keys, message))?.toString()).toBe(message);
        expect(unseal(keys, encrypt(aesKey(encodingAesKey), keys.appId, message, random))).toBe(message);
      }),
    );
  });
  it('opens nothing for another app id or key, and no damaged text, without throwing', () => {
    const sealed = seal(keys, 'hello');
    expect(decrypt(aesKey(encodingAesKey), 'wx0000000000000000', sealed)).toBeUndefined();
    expect(decrypt(aesKey(encodingAesKey.toLowerCase()), keys.appId, sealed)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decrypt(aesKey(encodingAesKey), keys.appId, Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});

describe('a pushed body', () => {
  it('is read in plain, compatible and safe mode, as XML and as JSON, with its id to the last digit', () => {
    const expected = { Content: '社保卡怎么补办', MsgId: '24112233445566779' };
    for (const format of ['xml', 'json'] as const) {
      expect(read(pushOf(keys, text, at, format))).toMatchObject({ ok: true, encrypted: true, fields: expected });
      expect(read(pushOf(keys, text, at, format, true))).toMatchObject({ ok: true, fields: expected });
      expect(read(pushOf({ ...keys, encodingAesKey: undefined }, text, at, format), plainAccount)).toMatchObject({
        ok: true,
        encrypted: false,
        fields: expected,
      });
    }
  });
  it('in compatible mode counts only what is encrypted', () => {
    const { query, body } = pushOf(keys, text, at, 'xml', true);
    expect(read({ query, body: body.replace('社保卡怎么补办', '假的') })).toMatchObject({ fields: { Content: '社保卡怎么补办' } });
  });
  it('is refused in plain text, encrypted by another key, or with another msg_signature', () => {
    expect(read(pushOf({ ...keys, encodingAesKey: undefined }, text, at))).toMatchObject({ ok: false, status: 403 });
    expect(read(pushOf({ ...keys, encodingAesKey: 'Z'.repeat(43) }, text, at))).toMatchObject({ ok: false, status: 403 });
    const good = pushOf(keys, text, at);
    expect(read({ ...good, query: good.query.replace(/msg_signature=./, 'msg_signature=z') })).toMatchObject({ ok: false, status: 403 });
  });
  it('opens with the previous key while it is being changed', () => {
    const changing = { ...account, aesKeys: ['Z'.repeat(43), encodingAesKey] };
    expect(read(pushOf(keys, text, at), changing)).toMatchObject({ ok: true });
  });
  it('that is broken UTF-8, no XML or no object is refused', () => {
    const { query } = pushOf({ ...keys, encodingAesKey: undefined }, text, at);
    for (const body of [
      Buffer.from([0x3c, 0xff, 0xfe]),
      Buffer.from(''),
      Buffer.from('[1]'),
      Buffer.from('{"a":'),
      Buffer.from('<xml><a></xml>'),
    ])
      expect(read({ query, body }, plainAccount)).toMatchObject({ ok: false, status: 400 });
  });
});

describe('XML', () => {
  it('keeps every leaf as text', () => {
    expect(parseXml('<xml><a>00123</a><b><![CDATA[007]]></b><c>true</c><d></d></xml>')).toEqual({ a: '00123', b: '007', c: 'true', d: '' });
  });
  it('reads the flat form as the parser reads it, whatever stands in the fields', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(' a ', '', '\n', ']]', ']]>', '<b>1</b>', '&lt;', '<!DOCTYPE a>', '\t1', 'true', '007'),
    );
    const field = fc.record({
      name: fc.constantFrom('ToUserName', 'Content', 'a', 'toString', 'MsgId', 'x-y', '_a'),
      value,
      marked: fc.boolean(),
    });
    const between = fc.constantFrom('', '\n', ' ', 'x');
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), between, (fields, gap) => {
        const inner = fields.map((one) => `<${one.name}>${one.marked ? `<![CDATA[${one.value}]]>` : one.value}</${one.name}>${gap}`);
        const flat = `<xml>${gap}${inner.join('')}</xml>`;
        // A declaration in front is not of the flat form: the parser reads it.
        expect(parseXml(flat)).toEqual(parseXml(`<?xml version="1.0"?>${flat}`));
      }),
      { numRuns: 500 },
    );
  });
  it('refuses document types, entities, deep nesting and floods of tags; a citizen may still write about them', () => {
    const bomb = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><c>&b;</c></xml>';
    const external = '<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><c>&f;</c></xml>';
    for (const evil of [bomb, external, `<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`, `<xml>${'<a>1</a>'.repeat(5000)}</xml>`])
      expect(parseXml(evil)).toBeUndefined();
    expect(parseXml('<xml><Content><![CDATA[<!DOCTYPE x [<!ENTITY y "z">]> &y;]]></Content></xml>')).toEqual({
      Content: '<!DOCTYPE x [<!ENTITY y "z">]> &y;',
    });
  });
  it('that we write comes back as it was, but for what XML can not hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (any) => {
        const back = parseXml(`<xml><c>${cdata(`x${any}x`)}</c></xml>`)?.c;
        const kept = `x${any}x`.replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]|\p{Cs}/gu, '');
        // XML itself makes \r\n a line feed.
        expect(String(back).replace(/\r\n?/g, '\n')).toBe(kept.replace(/\r\n?/g, '\n'));
      }),
    );
    expect(cdata('a]]>b')).toBe('<![CDATA[a]]]]><![CDATA[>b]]>');
  });
});

it('a reply is read by the platform, plain and encrypted', () => {
  const reply = { to: 'oUSER1', from: 'gh_demo', at, text: '请问您要办哪个区的业务？]]>' };
  expect(shownBy(keys, closeReply(account, reply, true))).toBe(reply.text);
  expect(shownBy({ ...keys, encodingAesKey: undefined }, closeReply(account, reply, false))).toBe(reply.text);
});
