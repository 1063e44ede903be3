import fc from 'fast-check';
import { Converter } from 'opencc-js/t2cn';
import { expect, it } from 'vitest';
import { simplified } from './simplified.ts';

const whole = Converter({ from: 'hk', to: 'cn' });

it('simplifies what is traditional and leaves alone what is not', () => {
  expect(simplified('我想補辦身份證')).toBe('我想补办身份证');
  expect(simplified('我想补办身份证')).toBe('我想补办身份证');
  expect(simplified('𠁞')).toBe(whole('𠁞'));
});

it('gives the very text that converting every text gives: each character of the plane, alone and between others', () => {
  for (let code = 0x2e80; code < 0x2fa1f; code++) {
    const character = String.fromCodePoint(code);
    if (simplified(character) !== whole(character)) expect(simplified(character)).toBe(whole(character));
  }
  const character = fc
    .oneof(fc.integer({ min: 0x4e00, max: 0x9fff }), fc.integer({ min: 0x20, max: 0x2fa1d }))
    .map((n) => String.fromCodePoint(n));
  fc.assert(
    fc.property(fc.array(character, { maxLength: 12 }), (some) => void expect(simplified(some.join(''))).toBe(whole(some.join('')))),
  );
});
