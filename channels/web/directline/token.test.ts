import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claims, readToken, sameText, writeToken } from './token.ts';

const KEY = 'a signing key for tests only';
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const claimsOf = fc.record<Claims>(
  { use: fc.constantFrom('talk', 'resume'), conv: text, user: text, origin: text, exp: fc.integer({ min: 1, max: 2 ** 40 }) },
  { requiredKeys: ['use', 'conv', 'user', 'exp'] },
) as fc.Arbitrary<Claims>;

describe('token', () => {
  it('reads back exactly what was written, until it expires', () => {
    fc.assert(
      fc.property(claimsOf, (claims) => {
        const token = writeToken(KEY, claims);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(readToken(KEY, token, claims.exp * 1000 - 1)).toEqual({ ok: true, claims });
        expect(readToken(KEY, token, claims.exp * 1000)).toEqual({ ok: false, reason: 'expired' });
      }),
    );
  });

  it('refuses a token after any change of any character', () => {
    fc.assert(
      fc.property(claimsOf, fc.nat(), fc.constantFrom(...'AZaz09-_.='), (claims, position, character) => {
        const token = writeToken(KEY, claims);
        const at = position % token.length;
        fc.pre(token[at] !== character);
        expect(readToken(KEY, token.slice(0, at) + character + token.slice(at + 1), 0)).toEqual({ ok: false, reason: 'invalid' });
      }),
    );
  });

  it('refuses what another key signed, and any other text, without throwing', () => {
    fc.assert(
      fc.property(claimsOf, (claims) => {
        expect(readToken(KEY, writeToken('some quite different key', claims), 0)).toEqual({ ok: false, reason: 'invalid' });
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (junk) => !readToken(KEY, junk, 0).ok));
  });

  it('refuses the "alg: none" of JWT', () => {
    const [, payload] = writeToken(KEY, { use: 'talk', conv: 'c', user: 'u', exp: 10 }).split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    expect(readToken(KEY, `${none}.${payload}.`, 0)).toEqual({ ok: false, reason: 'invalid' });
  });

  it('compares texts of any length', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameText(a, b) === (a === b)));
    expect(sameText('same', 'same')).toBe(true);
  });
});
