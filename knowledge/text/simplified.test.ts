import fc from 'fast-check';
import { Converter, Locale } from 'opencc-js/t2cn';
import { describe, expect, it } from 'vitest';
import { mayBeTraditional, toSimplified } from './simplified.ts';

const convert = Converter({ from: 'hk', to: 'cn' });

describe('toSimplified', () => {
  it('knows every entry of the tables that changes something', () => {
    const entries = [...Locale.from.hk, ...Locale.to.cn].flat().flatMap((table) => table.split('|'));
    const missed = entries.filter((entry) => {
      const [from = '', to] = entry.split(' ');
      return from !== to && !mayBeTraditional(from);
    });
    expect(missed).toEqual([]);
    expect(entries.length).toBeGreaterThan(4000);
  });

  it('gives what the tables give, for any mixture', () => {
    const sign = fc.oneof(
      fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('一目瞭然', '反覆', '土坏', '凌藉', '二噁英', '補辦', '身份证'),
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
        const text = signs.join('').replaceAll('薴', '');
        return toSimplified(text) === convert(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves most of today’s Chinese unread', () => {
    expect(mayBeTraditional('身份证丢了怎么补办，需要带什么材料？')).toBe(false);
    expect(mayBeTraditional('身份證丟了')).toBe(true);
  });
});
