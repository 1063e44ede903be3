import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask } from '../safety/mask.ts';
import { withoutIdentifiers } from './without-identifiers.ts';

// The identity number is the published sample of GB 11643.
describe('what is left to look up', () => {
  it.each([
    ['身份证丢了补一张要多少钱？我是 11010519491231002X，电话 13800138000', '身份证丢了补一张要多少钱？'],
    ['我的身份证号是11010519491231002X，居住证怎么办', '居住证怎么办'],
    ['我的身份证号是11010519491231002X，丢了怎么补', '身份证，丢了怎么补'],
    ['多久呀，我电话13800138000', '多久呀'],
    ['我住河东路8号3幢2单元501室，居住证怎么办', '居住证怎么办'],
    ['居住证要几天？我微信号是zhangsan，①③⑧⓪⓪①③⑧⓪⓪⓪', '居住证要几天？'],
    ['13800138000', '13800138000'],
    ['身份证丢了怎么补', '身份证丢了怎么补'],
    ['办事大厅电话是多少', '办事大厅电话是多少'],
  ])('%s → %s', (text, rest) => expect(withoutIdentifiers(text)).toBe(rest));

  it('never fails, and leaves no identifier in what says more than one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const rest = withoutIdentifiers(text);
        expect(rest === text || mask(rest).originals.size <= mask(text).originals.size).toBe(true);
      }),
    );
  });
});
