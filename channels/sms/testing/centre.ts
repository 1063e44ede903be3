/** An SMPP message centre for tests, made from the package `smpp`: checks binds and fields, joins long messages, reports, delivers, fails. */
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { decodeText, GSM7, longContents, readHeader, UCS2 } from '../providers/content.ts';
import { type Pdu, type Session, smpp, udhIndicator } from '../providers/smpp/library.ts';

export interface CentreOptions {
  readonly systemId: string;
  readonly password: string;
  /** What becomes of what is submitted; undefined: no receipt. */
  readonly report?: string;
  /** Receipts name in decimal digits what the answer named in hexadecimal ones. */
  readonly decimalReceipts?: boolean;
}

const bindSchema = z.object({ system_id: z.string(), password: z.string(), interface_version: z.literal(0x34) });
const submitSchema = z.object({
  sequence_number: z.number(),
  source_addr: z.string(),
  source_addr_ton: z.number(),
  destination_addr: z.string(),
  dest_addr_ton: z.literal(1),
  registered_delivery: z.literal(1),
  esm_class: z.number(),
  data_coding: z.union([z.literal(0), z.literal(8)]),
  short_message: z.instanceof(Buffer).refine((content) => content.length <= 254),
  message_payload: z.instanceof(Buffer).optional(),
  sar_msg_ref_num: z.number().optional(),
  sar_total_segments: z.number().optional(),
  sar_segment_seqnum: z.number().optional(),
});
type SubmitSm = z.infer<typeof submitSchema>;

export type Centre = Awaited<ReturnType<typeof startCentre>>;

export async function startCentre(options: CentreOptions) {
  const sent: { to: string; from: string; text: string; parts: number }[] = [];
  const submits: SubmitSm[] = [];
  const problems: string[] = [];
  const results: (number | 'silent' | 'cut')[] = [];
  const joining = new Map<string, { number: number; body: Buffer }[]>();
  const sessions = new Set<Session>();
  const bound = new Set<Session>();
  const counts = { binds: 0, enquiries: 0, unbinds: 0, unanswered: 0, mostUnanswered: 0 };
  const held: (() => void)[] = [];
  let answering = true;
  let answersEnquiries = true;
  let ids = 0x1f00;
  let port = 0;

  const server = smpp.createServer((session) => {
    sessions.add(session);
    session.on('close', () => {
      sessions.delete(session);
      bound.delete(session);
    });
    session.on('error', () => session.destroy());
    session.on('bind_transceiver', (pdu: Pdu) => {
      const login = bindSchema.safeParse(pdu);
      counts.binds++;
      const good = login.success && login.data.system_id === options.systemId && login.data.password === options.password;
      if (good) bound.add(session);
      session.send(pdu.response({ command_status: good ? 0 : 0x0e, system_id: 'centre' }));
    });
    session.on('submit_sm', (pdu: Pdu) => {
      counts.mostUnanswered = Math.max(counts.mostUnanswered, ++counts.unanswered);
      if (answering) submit(session, pdu);
      else held.push(() => submit(session, pdu));
    });
    session.on('enquire_link', (pdu: Pdu) => {
      counts.enquiries++;
      if (answersEnquiries) session.send(pdu.response());
    });
    session.on('unbind', (pdu: Pdu) => {
      counts.unbinds++;
      session.send(pdu.response());
      session.close();
    });
  });

  function submit(session: Session, pdu: Pdu): void {
    counts.unanswered--;
    const result = results.shift() ?? 0;
    if (result === 'silent') return;
    const parsed = submitSchema.safeParse(pdu);
    if (!parsed.success) return void problems.push(parsed.error.message);
    const messageId = (++ids).toString(16);
    if (result === 0 || result === 'cut') {
      submits.push(parsed.data);
      join(parsed.data);
    }
    if (result === 'cut') return void session.destroy();
    session.send(pdu.response({ command_status: result, message_id: messageId }));
    if (result === 0 && options.report) receipt(session, parsed.data, messageId, options.report);
  }

  function receipt(session: Session, { destination_addr, source_addr }: SubmitSm, messageId: string, stat: string): void {
    const id = options.decimalReceipts ? String(Number.parseInt(messageId, 16)) : messageId;
    const text = `id:${id} sub:001 dlvrd:001 submit date:2603021000 done date:2603021001 stat:${stat} err:000 text:`;
    session.deliver_sm({ source_addr: destination_addr, destination_addr: source_addr, esm_class: 4, short_message: Buffer.from(text) });
  }

  /** As the phone does it. */
  function join(one: SubmitSm): void {
    const coding = one.data_coding === 8 ? UCS2 : GSM7;
    const content = one.message_payload ?? one.short_message;
    const header = (one.esm_class & udhIndicator) === 0 ? { part: undefined, body: content } : readHeader(content);
    if (!header) return void problems.push('no header');
    const { sar_msg_ref_num: reference, sar_total_segments: total = 0, sar_segment_seqnum: number = 0 } = one;
    const part = header.part ?? (reference === undefined ? undefined : { reference, total, number });
    const to = { to: one.destination_addr, from: one.source_addr };
    if (!part) return void sent.push({ ...to, text: decodeText(header.body, coding) ?? '', parts: 1 });
    const key = `${one.destination_addr}/${part.reference}/${part.total}`;
    const parts = [...(joining.get(key) ?? []), { number: part.number, body: header.body }];
    joining.set(key, parts);
    if (parts.length < part.total) return;
    joining.delete(key);
    const whole = Buffer.concat(parts.sort((a, b) => a.number - b.number).map(({ body }) => body));
    sent.push({ ...to, text: decodeText(whole, coding) ?? '', parts: part.total });
  }

  const listen = () =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        resolve();
      });
    });
  await listen();

  const cut = () => {
    for (const session of sessions) session.destroy();
  };
  const stop = async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  };
  /** One deliver_sm; resolves with the status it was answered with. */
  const deliver = (fields: { source_addr: string; destination_addr: string; [field: string]: unknown }): Promise<number> =>
    new Promise((resolve, reject) => {
      const [session] = bound;
      if (!session) return reject(new Error('nobody is bound to the centre'));
      session.deliver_sm({ source_addr_ton: 1, source_addr_npi: 1, dest_addr_ton: 1, ...fields }, (pdu) => resolve(pdu.command_status));
    });

  return {
    port,
    sent,
    submits,
    problems,
    counts,
    bound: () => bound.size > 0,
    /** Statuses of the next submit_sm; `silent` neither takes nor answers, `cut` takes and breaks the line. */
    answerNext: (...next: (number | 'silent' | 'cut')[]) => void results.push(...next),
    /** While off, submit_sm are held unanswered. */
    setAnswering(value: boolean) {
      answering = value;
      if (value) for (const go of held.splice(0)) go();
    },
    setAnswersEnquiries: (value: boolean) => {
      answersEnquiries = value;
    },
    deliver,
    /** A citizen's text, in as many parts as it takes, in the order given (default: as they are). */
    async says(from: string, to: string, text: string, order?: readonly number[]): Promise<void> {
      const contents = longContents(text, ids & 0xff);
      const numbers = order ?? contents.map((_, index) => index);
      const esm_class = contents.length > 1 ? udhIndicator : 0;
      const address = { source_addr: from, destination_addr: to };
      const answers = await Promise.all(
        numbers.map((index) => deliver({ ...address, esm_class, data_coding: 8, short_message: contents[index] ?? Buffer.alloc(0) })),
      );
      if (answers.some((status) => status !== 0)) throw new Error(`the text was answered ${answers.join(', ')}`);
    },
    /** Bytes that are no SMPP, to who is bound. */
    garbage: (bytes: Buffer) => {
      for (const session of bound) session.socket.write(bytes);
    },
    cut,
    /** Out of service: no connection, no new ones. */
    down: stop,
    up: listen,
    close: stop,
  };
}
