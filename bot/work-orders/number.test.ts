import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkOrderNumber, workOrderNumber } from './number.ts';

const _at = (text: string) => Date.parse(`${text}+08:00`);

describe('numbers', () => {
  const serials = fc.integer({ min: 1, max: 9_999_999 });
  it('are read back however they are typed', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: 2024, max: 2099 }), (serial, year) => {
        const number = workOrderNumber(year, serial);
        expect(number).toMatch(/^GD\d{10}$/);
        for (const typed of [number, number.toLowerCase(), number.slice(2), ` ${number.slice(0, 4)}-${number.slice(4)} `]) {
          expect(readWorkOrderNumber(typed)).toBe(number);
        }
        expect(readWorkOrderNumber([...number].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(''))).toBe(number);
      }),
    );
  });
  it('one wrong digit, or two neighbours swapped, is always noticed', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (serial, place, shift) => {
        const digits = [...workOrderNumber(2026, serial).slice(2)];
        const wrong = digits.with(place, String((Number(digits[place]) + shift) % 10));
        expect(readWorkOrderNumber(wrong.join(''))).toBe('wrong');
        const next = (place + 1) % 10;
        if (next === 0 || digits[place] === digits[next]) return;
        const swapped = digits.with(place, digits[next] ?? '').with(next, digits[place] ?? '');
        expect(readWorkOrderNumber(swapped.join(''))).toBe('wrong');
      }),
    );
  });
  it.each(['', 'GD', '身份证', 'AL2026000101', '12345', 'GD26000000012345'])('%j is no number', (text) => {
    expect(readWorkOrderNumber(text)).toBeUndefined();
  });
});
