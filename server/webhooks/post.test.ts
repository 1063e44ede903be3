import type { lookup } from 'node:dns';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressGuard, isNetwork } from './address.ts';
import { postJson } from './post.ts';
import { signedHeaders } from './signature.ts';
import { isGenuine, type Receiver, startReceiver } from './testing/receiver.ts';

describe('[R-027] addresses webhooks may reach', () => {
  const guard = new AddressGuard([]);

  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
  ])('never %s', (address) => expect([guard.allows(address), guard.allows(`::ffff:${address}`)]).toEqual([false, false]));
  it.each(['::1', '::', 'fc00::1', 'fe80::1', 'ff02::1', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1', '::7f00:1', 'no address', ''])(
    'never %s',
    (address) => expect(guard.allows(address)).toBe(false),
  );
  it.each(['8.8.8.8', '223.5.5.5', '172.32.0.1', '2400:3200::1', '2606:4700::1111'])('%s, on the internet', (address) =>
    expect(guard.allows(address)).toBe(true),
  );

  it('an inner network only where the operator names it', () => {
    const named = new AddressGuard(['10.20.0.0/16', 'fd00::/8']);
    expect(['10.20.3.4', '10.21.0.1', 'fd12::1', 'fc00::1', '8.8.8.8'].map((one) => named.allows(one))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('networks are read strictly', () => {
    expect(['10.0.0.0/8', '::/0', '10.0.0.0', '10.0.0.0/33', 'x/8', '10.0.0.0/8/8', '10.0.0/8', ''].map(isNetwork)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isNetwork(text)) expect(() => new AddressGuard([text])).not.toThrow();
      }),
    );
  });
});

describe('[R-127] one signed request', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());
  const inner = new AddressGuard(['127.0.0.0/8']);
  const options = (guard: AddressGuard) => ({ guard, timeoutMs: 5000, ca: receiver.cert });
  const resolvesTo =
    (...addresses: string[]) =>
    (_host: string, _options: unknown, done: (error: null, found: { address: string; family: number }[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );

  it('has the signature of the published example', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';
    const headers = signedHeaders([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, body);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    expect(await isGenuine(secret, headers, body, 1_614_265_330_000)).toBe(true);
    expect(await isGenuine(secret, headers, `${body} `, 1_614_265_330_000)).toBe(false);
    expect(await isGenuine(secret, headers, body, 1_614_265_330_000 + 301_000)).toBe(false);
  });

  it('whatever it says, any of two secrets verifies it, and no other', async () => {
    const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(key, key, key, fc.string({ unit: 'binary' }), async (a, b, c, body) => {
        fc.pre(!Buffer.from(c).equals(a) && !Buffer.from(c).equals(b));
        const headers = signedHeaders([secretOf(a), secretOf(b)], 'evt_1', 5000, body);
        const checked = [a, b, c].map((one) => isGenuine(secretOf(one), headers, body, 5000));
        expect(await Promise.all(checked)).toEqual([true, true, false]);
      }),
      { numRuns: 25 },
    );
  });

  it('arrives over TLS; a redirect is an answer, not followed', async () => {
    expect(await postJson(receiver.url, '{"type":"x"}', {}, options(inner))).toMatchObject({ code: 204 });
    receiver.answers.push(302);
    const before = receiver.received.length;
    expect(await postJson(receiver.url, '{"type":"x"}', {}, options(inner))).toMatchObject({ code: 302 });
    expect(receiver.received.length).toBe(before + 1);
  });

  it('goes nowhere inside: by address, by name, by one of several addresses, nor without https', async () => {
    const before = receiver.received.length;
    const strict = (...found: string[]) => new AddressGuard([], resolvesTo(...found) as unknown as typeof lookup);
    const named = `https://receiver.example:${receiver.port}/`;
    await expect(postJson(receiver.url, '{}', {}, options(strict()))).rejects.toThrow('WEBHOOK_INNER_NETWORKS');
    await expect(postJson(`https://[::ffff:127.0.0.1]:${receiver.port}/`, '{}', {}, options(strict()))).rejects.toThrow('inner network');
    await expect(postJson(`https://2130706433:${receiver.port}/`, '{}', {}, options(strict()))).rejects.toThrow('inner network');
    await expect(postJson(named, '{}', {}, options(strict('127.0.0.1')))).rejects.toThrow('inner network');
    await expect(postJson(named, '{}', {}, options(strict('8.8.8.8', '127.0.0.1')))).rejects.toThrow('inner network');
    await expect(postJson(named, '{}', {}, options(strict()))).rejects.toThrow('inner network');
    await expect(postJson(`http://127.0.0.1:${receiver.port}/`, '{}', {}, options(inner))).rejects.toThrow('https');
    expect(receiver.received.length).toBe(before);
  });

  it('trusts no stranger’s certificate, and reaches a name where that name may lead', async () => {
    await expect(postJson(receiver.url, '{}', {}, { guard: inner, timeoutMs: 5000 })).rejects.toThrow(/self-signed/i);
    const guard = new AddressGuard(['127.0.0.0/8'], resolvesTo('127.0.0.1') as unknown as typeof lookup);
    expect(await postJson(`https://receiver.example:${receiver.port}/`, '{"type":"x"}', {}, options(guard))).toMatchObject({ code: 204 });
  });
});
