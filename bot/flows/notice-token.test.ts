import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeToken, readNoticeToken } from './notice-token.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 2, 5, 10);
const reference = { flow: 'newborn-together', nth: 1, answers: { born: 'hospital', district: '西屏区', insured: true } };

describe('[R-088] the address of a printable notice', () => {
  it('brings back what was signed, for so many days', () => {
    const token = noticeToken(reference, 'key', { now, days: 30 });
    expect(readNoticeToken(token, 'key', now)).toEqual({ kind: 'valid', reference });
    expect(readNoticeToken(token, 'key', now + 30 * day)).toMatchObject({ kind: 'valid' });
    expect(readNoticeToken(token, 'key', now + 31 * day)).toEqual({ kind: 'expired' });
  });

  it('any other key, any changed character and anything else is invalid', () => {
    const token = noticeToken(reference, 'key', { now, days: 30 });
    expect(readNoticeToken(token, 'other', now)).toEqual({ kind: 'invalid' });
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.'), (at, sign) => {
        const changed = token.slice(0, at) + sign + token.slice(at + 1);
        // The last character of each half holds bits that base64 does not use.
        const same = Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
        const body = changed.split('.')[0] === token.split('.')[0];
        expect(readNoticeToken(changed, 'key', now).kind).toBe(same && body && changed.split('.').length === 2 ? 'valid' : 'invalid');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readNoticeToken(text, 'key', now)).toEqual({ kind: 'invalid' });
      }),
    );
  });

  it('round trip of any reference', () => {
    const answers = fc.dictionary(
      // What a slot of a flow may be called.
      fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,20}$/),
      fc.oneof(fc.string({ maxLength: 20 }), fc.boolean(), fc.integer()),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.nat(200), answers, (flow, nth, given) => {
        const read = readNoticeToken(noticeToken({ flow, nth, answers: given }, 'k', { now, days: 1 }), 'k', now);
        expect(JSON.stringify(read)).toBe(JSON.stringify({ kind: 'valid', reference: { flow, nth, answers: given } }));
      }),
    );
  });
});
