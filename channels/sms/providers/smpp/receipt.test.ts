import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliverSm } from './library.ts';
import { isReceipt, readReceipt, submittedId } from './receipt.ts';

const receipt = (text: string, fields: Partial<DeliverSm> = {}): DeliverSm => ({
  sequence_number: 1,
  source_addr_ton: 1,
  source_addr: '447700900001',
  dest_addr_ton: 1,
  destination_addr: '15550001111',
  esm_class: 4,
  data_coding: 0,
  short_message: Buffer.from(text),
  ...fields,
});

describe('SMPP receipts', () => {
  it.each([
    ['id:9a sub:001 dlvrd:001 submit date:2603021000 done date:2603021001 stat:DELIVRD err:000 text:hello', 'delivered', 'DELIVRD'],
    ['ID: 9a STAT: expired ERR: 0005', 'failed', 'EXPIRED 0005'],
    ['id:9a stat:ENROUTE err:000', 'sent', 'ENROUTE'],
    ['id:9a stat:REJECTD err:011 text:id:7 stat:DELIVRD', 'failed', 'REJECTD 011'],
  ])('%s', (text, state, code) => {
    expect(readReceipt(receipt(text), 'same')).toEqual({ id: '9a', state, code });
  });
  it('the TLVs say it where the text does not, and a TLV read beyond its end is cut', () => {
    const tlvs = { receipted_message_id: '9a\u0004\u0027\u0000', message_state: 5 };
    expect(readReceipt(receipt('', tlvs), 'same')).toEqual({ id: '9a', state: 'failed', code: 'UNDELIV' });
    expect(readReceipt(receipt('', { message_state: 2 }), 'same')).toBeUndefined();
    expect(readReceipt(receipt('id:9a', { message_state: 99 }), 'same')).toBeUndefined();
  });
  it('which esm_class is a receipt', () => {
    expect([0x00, 0x04, 0x08, 0x20, 0x40, 0x44, 0x80].map(isReceipt)).toEqual([false, true, true, true, false, true, false]);
  });
  it('property: an id in hexadecimal digits meets the same in decimal ones, whatever its zeros and case', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.boolean(), (id, upper) => {
        const hex = `00${id.toString(16)}`;
        const found = readReceipt(receipt(`id:${String(id).padStart(12, '0')} stat:DELIVRD`), 'decimal');
        expect(found?.id).toBe(submittedId(upper ? hex.toUpperCase() : hex, 'decimal'));
      }),
    );
    expect(submittedId('00A7', 'same')).toBe('00A7');
  });
  it('property: no receipt text, however mangled, is more than unreadable', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 20 }), (text, id) => {
        const read = readReceipt(receipt(text, { receipted_message_id: id }), 'decimal');
        expect(read === undefined || (read.id !== '' && read.code !== '')).toBe(true);
      }),
    );
  });
});
