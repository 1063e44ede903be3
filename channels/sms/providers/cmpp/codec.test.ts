import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeUcs2, longContents, readHeader } from '../content.ts';
import {
  authenticator,
  connectTimestamp,
  decodeConnect,
  decodeDeliver,
  decodeReport,
  decodeSubmit,
  decodeSubmitResponse,
  encodeConnect,
  encodeDeliver,
  encodeReport,
  encodeSubmit,
  encodeSubmitResponse,
} from './messages.ts';
import { CmppError, commands, encodePdu, PduReader } from './pdu.ts';

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max });
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array));
const messageId = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((array) => Buffer.from(array).toString('hex'));
const version = fc.constantFrom('2.0' as const, '3.0' as const);
const submit = fc.record({
  total: fc.integer({ min: 1, max: 255 }),
  number: fc.integer({ min: 1, max: 255 }),
  serviceId: digits(10),
  spId: digits(6),
  srcId: digits(21),
  to: digits(21),
  udhi: fc.boolean(),
  fmt: fc.constantFrom(0, 8, 15),
  content: bytes(140),
});
const deliver = fc.record({
  messageId,
  to: digits(21),
  serviceId: digits(10),
  udhi: fc.boolean(),
  fmt: fc.constantFrom(0, 8, 15),
  from: digits(21),
  report: fc.boolean(),
  content: bytes(255),
});

describe('CMPP: the vector of the wire reference', () => {
  it('authenticator, timestamp and body of CONNECT', () => {
    expect(authenticator('901234', '1234', '0802103530').toString('hex')).toBe('c94c3d41ab4e24898a8a81322c1d56de');
    const at = Date.parse('2026-08-02T10:35:30+08:00');
    expect(connectTimestamp(at)).toBe('0802103530');
    const body = encodeConnect('3.0', { spId: '901234', secret: '1234', at });
    expect(body.toString('hex')).toBe(`393031323334c94c3d41ab4e24898a8a81322c1d56de302fcf20ea`);
    expect(decodeConnect(body)).toMatchObject({ spId: '901234', version: 0x30, timestamp: 802103530 });
    expect(decodeConnect(encodeConnect('2.0', { spId: '1', secret: 'x', at })).version).toBe(0x20);
  });
  it('a SUBMIT to one number without content has 12 + 183 bytes in 3.0, 12 + 147 in 2.0', () => {
    const empty = { total: 1, number: 1, serviceId: '', spId: '', srcId: '', to: '', udhi: false, fmt: 8, content: Buffer.alloc(0) };
    const length = (v: '2.0' | '3.0') => encodePdu({ command: commands.submit, sequence: 1, body: encodeSubmit(v, empty) }).length;
    expect([length('3.0'), length('2.0')]).toEqual([12 + 183, 12 + 147]);
  });
  it('the check sentence is 42 bytes of UCS-2, high byte first', () => {
    const bytes = encodeUcs2('您好，社保卡补办可到就近社保服务窗口办理。');
    expect([bytes.length, bytes.subarray(0, 4).toString('hex')]).toEqual([42, '60a8597d']);
  });
});

describe('CMPP: properties of the codec', () => {
  it('what is encoded is decoded, in both versions', () => {
    fc.assert(fc.property(version, submit, (v, one) => void expect(decodeSubmit(v, encodeSubmit(v, one))).toEqual(one)));
    fc.assert(fc.property(version, deliver, (v, one) => void expect(decodeDeliver(v, encodeDeliver(v, one))).toEqual(one)));
    fc.assert(
      fc.property(version, messageId, fc.integer({ min: 0, max: 255 }), (v, id, result) => {
        expect(decodeSubmitResponse(v, encodeSubmitResponse(v, { messageId: id, result }))).toEqual({ messageId: id, result });
        const report = encodeReport(v, { messageId: id, stat: 'DELIVRD', to: '13800000000', at: '2603021000' });
        expect(report.length).toBe(v === '3.0' ? 71 : 60);
        expect(decodeReport(report)).toEqual({ messageId: id, stat: 'DELIVRD' });
      }),
    );
  });
  it('the reader gives the same PDUs however the bytes are cut', () => {
    const pdu = fc.record({
      command: fc.integer({ min: 0, max: 0xffffffff }),
      sequence: fc.integer({ min: 0, max: 0xffffffff }),
      body: bytes(300),
    });
    fc.assert(
      fc.property(fc.array(pdu, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 40 })), (pdus, cuts) => {
        const stream = Buffer.concat(pdus.map(encodePdu));
        const reader = new PduReader();
        const read = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          read.push(...reader.push(stream.subarray(at, at + cut)));
          at += cut;
        }
        expect(read).toEqual(pdus);
      }),
    );
  });
  it('anything else is an error, never a hang or a crash of another kind', () => {
    fc.assert(
      fc.property(version, bytes(400), (v, noise) => {
        for (const read of [
          () => new PduReader().push(noise),
          () => decodeSubmit(v, noise),
          () => decodeDeliver(v, noise),
          () => decodeReport(noise),
        ]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(CmppError);
          }
        }
        readHeader(noise);
        decodeText(noise, 8);
      }),
      { numRuns: 500 },
    );
    expect(() => new PduReader().push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(CmppError);
  });
  it('long texts come back byte-exact, also with pairs at the cuts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.string({ unit: fc.constantFrom('社', '😀', 'a'), maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 255 }), (whole, reference) => {
        const contents = longContents(whole, reference);
        expect(contents.every((content) => content.length <= 140)).toBe(true);
        if (contents.length === 1) return void expect(decodeText(contents[0] ?? Buffer.alloc(0), 8)).toBe(whole);
        const parts = contents.map((content) => readHeader(content));
        expect(parts.map((one) => one?.part)).toEqual(
          contents.map((_, index) => ({ reference, total: contents.length, number: index + 1 })),
        );
        expect(decodeText(Buffer.concat(parts.map((one) => one?.body ?? Buffer.alloc(0))), 8)).toBe(whole);
      }),
    );
  });
  it('reads GB text, wide references and headers of other kinds', () => {
    expect(decodeText(Buffer.from('c9e7b1a3bfa8', 'hex'), 15)).toBe('社保卡');
    expect(decodeText(Buffer.from('TD'), 0)).toBe('TD');
    expect(decodeText(Buffer.from([1, 2]), 4)).toBeUndefined();
    expect(readHeader(Buffer.from('0608040102030161', 'hex'))).toMatchObject({ part: { reference: 0x0102, total: 3, number: 1 } });
    expect(readHeader(Buffer.from('0605040b8423f061', 'hex'))).toEqual({ part: undefined, body: Buffer.from('a') });
    expect(readHeader(Buffer.from('050003010204', 'hex'))).toMatchObject({ part: undefined });
    for (const broken of ['', '05', '0500', '040003010201']) expect(readHeader(Buffer.from(broken, 'hex'))).toBeUndefined();
  });
});
