import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDigits, maskPhone, toE164 } from './phone.ts';

describe('phone numbers', () => {
  it.each(['13800000000', '8613800000000', '+8613800000000', '008613800000000', '138 0000 0000', '+86 138-0000-0000'])(
    '%s is one number',
    (raw) => {
      expect(toE164(raw)).toBe('+8613800000000');
    },
  );
  it.each(['', '10086', '106900001234', 'abc', '12345678901', '+8612345678901', '1380000000', "13800000000'--", '+', '9'.repeat(30)])(
    '%j is refused',
    (raw) => {
      expect(toE164(raw)).toBeUndefined();
    },
  );
  it('keeps numbers of other countries', () => {
    expect(toE164('+15550001111')).toBe('+15550001111');
    expect(toE164('15550001111', '1')).toBe('+15550001111');
    expect(toE164('13800138000', '86')).toBe('+8613800138000');
    expect([localDigits('+8613800000000'), localDigits('+15550001111')]).toEqual(['13800000000', '15550001111']);
  });
  it('property: what comes out is E.164 and stays itself; masks never show the middle', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'+0123456789 -()x'), maxLength: 22 }), (raw) => {
        const number = toE164(raw);
        if (number === undefined) return;
        expect(number).toMatch(/^\+[1-9]\d{7,14}$/);
        expect(toE164(number)).toBe(number);
        expect(maskPhone(number)).toMatch(/^\d{3}\*{4}\d{4}$/);
      }),
    );
  });
});
