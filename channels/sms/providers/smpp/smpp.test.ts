import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, directAbroad, loggedIn, minute, until } from '../../testing/scenes.ts';
import { encodeGsm7 } from '../../text/gsm7.ts';

afterEach(closeAll);

const me = '447700900001';
const us = '15550001111';
const to = { source_addr: me, destination_addr: us };

describe('SMPP', () => {
  it.each(['udh', 'sar', 'payload'])(
    'carries long Chinese texts both ways byte-exact, as %s, parts in any order and repeated',
    async (how) => {
      const { centre, h } = await directAbroad({ SMPP_LONG_MESSAGES: how });
      await loggedIn(h, 1);
      const text = `我想问${'社保卡补办😀𠮷'.repeat(20)}要带什么`;
      await centre.says(me, us, text, [2, 0, 2, 1, 0]);
      expect(h.received.map((one) => one.text)).toEqual([text]);
      await h.settled();
      await until(() => centre.sent.length === 1);
      expect(centre.submits).toHaveLength(how === 'payload' ? 1 : 3);
      expect(centre.sent[0]?.text).toContain(`答：我想问${'社保卡补办𠮷'.repeat(20)}要带什么`);
      expect(centre.sent[0]).toMatchObject({ to: me, from: us });
      await until(async () => (await h.states()).delivered === 1);
      expect(centre.problems).toEqual([]);
    },
  );
  it('carries GSM-7 with its extension table both ways, also long and cut inside an escape', async () => {
    const { centre, h } = await directAbroad({}, { report: 'UNDELIV' });
    await loggedIn(h, 1);
    const text = `${'a'.repeat(146)} €[5] {to} pay for the residence permit @ the hall ${'b'.repeat(20)}`;
    const septets = encodeGsm7(text);
    const at = septets.indexOf(0x1b) + 1;
    const part = (number: number, body: Uint8Array) =>
      centre.deliver({ ...to, esm_class: 0x40, short_message: Buffer.concat([Buffer.from([6, 8, 4, 1, 9, 2, number]), body]) });
    expect([await part(2, septets.subarray(at)), await part(1, septets.subarray(0, at))]).toEqual([0, 0]);
    expect(h.received.map((one) => one.text)).toEqual([text]);
    await h.settled();
    await until(() => centre.sent.length === 1);
    expect(centre.submits.every((one) => one.data_coding === 8)).toBe(true);
    await h.sms.arrivals.inbound('smpp', { id: 'help', from: `+${me}`, port: `+${us}`, text: 'HELP' });
    await h.settled();
    await until(() => centre.sent.length === 2);
    expect(centre.submits.at(-1)).toMatchObject({ data_coding: 0, source_addr_ton: 1 });
    expect(centre.sent[1]?.text).toMatch(/^Text your question/);
    await until(async () => (await h.states()).failed === 2);
  });
  it('reads other alphabets, whole payloads and TLV parts; drops what is no text, and answers it', async () => {
    const { centre, h } = await directAbroad();
    await loggedIn(h, 1);
    const sar = { sar_msg_ref_num: 300, sar_total_segments: 2 };
    const half = (text: string) => Buffer.from(text, 'utf16le').swap16();
    await centre.deliver({ ...to, data_coding: 3, short_message: Buffer.from('déjà', 'latin1') });
    await centre.deliver({ ...to, data_coding: 0x18, short_message: Buffer.alloc(0), message_payload: half('社保卡'.repeat(40)) });
    await centre.deliver({ ...to, ...sar, sar_segment_seqnum: 2, data_coding: 8, short_message: half('证') });
    await centre.deliver({ ...to, ...sar, sar_segment_seqnum: 1, data_coding: 8, short_message: half('居住') });
    expect(await centre.deliver({ ...to, data_coding: 4, short_message: Buffer.from([1, 2]) })).toBe(0);
    expect(await centre.deliver({ ...to, esm_class: 0x40, data_coding: 8, short_message: Buffer.from([9]) })).toBe(0);
    expect(await centre.deliver({ ...to, esm_class: 4, short_message: Buffer.from('no receipt at all') })).toBe(0);
    expect(h.received.map((one) => one.text)).toEqual(['déjà', '社保卡'.repeat(40), '居住证']);
  });
  it('what could not be stored is asked for again; what comes again over a new line is taken once, the same words said again twice', async () => {
    const { centre, h } = await directAbroad();
    await loggedIn(h, 1);
    const one = { ...to, data_coding: 0, short_message: Buffer.from('1') };
    h.setBroken(true);
    expect(await centre.deliver(one)).toBe(0x64);
    h.setBroken(false);
    expect(await centre.deliver(one)).toBe(0);
    expect(h.received).toHaveLength(1);
    await centre.deliver(one);
    expect(h.received).toHaveLength(2);
    centre.cut();
    await loggedIn(h, 2);
    await centre.deliver(one);
    expect(h.received).toHaveLength(2);
    h.clock.now += 11 * minute;
    await centre.deliver(one);
    expect(h.received).toHaveLength(3);
  });
  it('slows down when throttled, gives up on a wrong number, keeps the window, and sends only missing parts again', async () => {
    const { centre, h } = await directAbroad({ SMPP_WINDOW: '2', SMS_RATE_PER_SECOND: '100' });
    await loggedIn(h, 1);
    centre.answerNext(0, 0x58);
    await centre.says(me, us, '长'.repeat(150));
    await h.settled();
    expect((await h.states()).pending).toBe(1);
    await h.passes(10_000, 1000);
    expect(centre.sent.map((sms) => sms.parts)).toEqual([3]);
    expect(centre.submits).toHaveLength(3);
    centre.answerNext(0x0b);
    await centre.says('447700900002', us, '好');
    await h.passes(minute, 10_000);
    expect(await h.states()).toMatchObject({ failed: 1 });
    centre.setAnswering(false);
    for (let person = 10; person < 18; person++) await centre.says(`4477009000${person}`, us, '好');
    for (let tries = 0; tries < 20; tries++) {
      h.sms.queue.kick();
      await sleep(10);
    }
    centre.setAnswering(true);
    await h.settled();
    expect(centre.counts.mostUnanswered).toBe(2);
    await until(() => centre.sent.length === 9);
  });
  it('comes back after a broken line; what was sent without an answer waits before it is sent again', async () => {
    const { centre, h } = await directAbroad({}, { decimalReceipts: false });
    await loggedIn(h, 1);
    centre.answerNext('cut');
    await centre.says(me, us, '好');
    await h.settled();
    expect((await h.states()).uncertain).toBe(1);
    await loggedIn(h, 2);
    await h.passes(minute, 10_000);
    expect(centre.submits).toHaveLength(1);
    await h.passes(3 * minute, 10_000);
    expect(centre.submits).toHaveLength(2);
    await until(async () => (await h.states()).delivered === 1);
  });
  it('matches receipts that name the message in decimal digits', async () => {
    const { centre, h } = await directAbroad({ SMPP_RECEIPT_IDS: 'decimal' }, { decimalReceipts: true });
    await loggedIn(h, 1);
    await centre.says(me, us, '好');
    await h.settled();
    await until(async () => (await h.states()).delivered === 1);
  });
  it('bytes that are no SMPP break the line, not the process; a message that ends inside its fields is left out', async () => {
    const { centre, h } = await directAbroad();
    await loggedIn(h, 1);
    centre.garbage(Buffer.from('7fffffff00000005', 'hex'));
    await loggedIn(h, 2);
    await until(() => centre.bound());
    centre.garbage(Buffer.from('00000012000000050000000000000007ff41', 'hex'));
    await until(() => h.logged.some((one) => one.message === 'an SMPP message was not readable'));
    await centre.says(me, us, '居住证');
    expect(h.received.map((one) => one.text)).toEqual(['居住证']);
  });
  it('does not get in with a wrong password, and says why', async () => {
    const { centre, h } = await directAbroad({}, { password: 'another' });
    await until(() => centre.counts.binds >= 2);
    expect(centre.bound()).toBe(false);
    expect(h.logged.some((one) => String((one.fields as { err?: Error }).err?.message).includes('wrong password'))).toBe(true);
  });
  it('asks whether the centre is there, leaves a dead line, and unbinds when it stops', async () => {
    const { centre, h } = await directAbroad({}, { enquire: 20 });
    await until(() => centre.counts.enquiries >= 5);
    expect(centre.counts.binds).toBe(1);
    centre.setAnswersEnquiries(false);
    await loggedIn(h, 2);
    centre.setAnswersEnquiries(true);
    await until(() => centre.bound());
    const before = centre.counts.unbinds;
    await h.sms.close();
    await until(() => !centre.bound());
    expect(centre.counts.unbinds).toBe(before + 1);
  });
});
