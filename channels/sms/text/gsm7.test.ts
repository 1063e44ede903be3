import fc from 'fast-check';
import smpp from 'smpp';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, encodeGsm7, isGsm7, septetsOf } from './gsm7.ts';

const { ASCII } = smpp.encodings;
const text = fc.string({
  unit: fc.constantFrom(...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./059:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€'),
  maxLength: 200,
});

describe('GSM-7', () => {
  it('property: what is encoded comes back, as long as it was counted, and as the package smpp encodes it', () => {
    fc.assert(
      fc.property(text, (one) => {
        const septets = encodeGsm7(one);
        expect(decodeGsm7(septets)).toBe(one);
        expect(septets.length).toBe([...one].reduce((sum, character) => sum + (septetsOf(character) ?? 99), 0));
        expect(septets).toEqual(ASCII.encode(one));
      }),
    );
  });
  it('property: any bytes are read as characters of GSM-7', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => isGsm7(decodeGsm7(bytes))));
  });
  it('what GSM-7 does not have becomes a question mark; an escape before nothing is nothing', () => {
    expect(decodeGsm7(encodeGsm7('a社b'))).toBe('a?b');
    expect(decodeGsm7(Uint8Array.of(0x41, 0x1b))).toBe('A');
    expect(decodeGsm7(Uint8Array.of(0x1b, 0x41))).toBe('A');
  });
});
