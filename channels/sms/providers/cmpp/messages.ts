/** The bodies of CMPP's commands, both ways, in 2.0 and 3.0. Numbers are 21 bytes in 2.0, 32 in 3.0; results 1 byte, 4 in 3.0. */
import { createHash } from 'node:crypto';
import { type CmppVersion, FieldReader, FieldWriter } from './pdu.ts';

const sizes = {
  '2.0': { number: 21, result: 1, link: 8, version: 0x20 },
  '3.0': { number: 32, result: 4, link: 20, version: 0x30 },
} as const satisfies Record<CmppVersion, { number: number; result: 1 | 4; link: number; version: number }>;

export interface Connect {
  readonly spId: string;
  readonly authenticator: Buffer;
  readonly version: number;
  /** MMDDHHMMSS as a number. */
  readonly timestamp: number;
}

/** MD5 of SP id, nine zeros, secret and the ten digits of the timestamp. */
export function authenticator(spId: string, secret: string, timestamp: string): Buffer {
  return createHash('md5').update(spId, 'latin1').update(Buffer.alloc(9)).update(secret, 'latin1').update(timestamp, 'latin1').digest();
}

/** MMDDHHMMSS in China. */
export function connectTimestamp(at: number): string {
  const iso = new Date(at + 8 * 3_600_000).toISOString();
  return iso.slice(5, 7) + iso.slice(8, 10) + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19);
}

export function encodeConnect(version: CmppVersion, login: { spId: string; secret: string; at: number }): Buffer {
  const timestamp = connectTimestamp(login.at);
  return new FieldWriter()
    .text(login.spId, 6)
    .raw(authenticator(login.spId, login.secret, timestamp))
    .uint(sizes[version].version, 1)
    .uint(Number(timestamp), 4)
    .end();
}

export function decodeConnect(body: Buffer): Connect {
  const fields = new FieldReader(body);
  return { spId: fields.text(6), authenticator: fields.raw(16), version: fields.uint(1), timestamp: fields.uint(4) };
}

export interface ConnectResponse {
  readonly status: number;
  readonly authenticator: Buffer;
  readonly version: number;
}

/** What a gateway proves its knowledge of the secret with: MD5 of status (as on the wire), our authenticator and the secret. */
export function gatewayAuthenticator(version: CmppVersion, status: number, ours: Buffer, secret: string): Buffer {
  const wire = new FieldWriter().uint(status, sizes[version].result).end();
  return createHash('md5').update(wire).update(ours).update(secret, 'latin1').digest();
}

export function encodeConnectResponse(version: CmppVersion, response: ConnectResponse): Buffer {
  return new FieldWriter().uint(response.status, sizes[version].result).raw(response.authenticator).uint(response.version, 1).end();
}

export function decodeConnectResponse(version: CmppVersion, body: Buffer): ConnectResponse {
  const fields = new FieldReader(body);
  return { status: fields.uint(sizes[version].result), authenticator: fields.raw(16), version: fields.uint(1) };
}

export interface Submit {
  readonly total: number;
  readonly number: number;
  readonly serviceId: string;
  readonly spId: string;
  readonly srcId: string;
  readonly to: string;
  /** With a header of user data in front. */
  readonly udhi: boolean;
  /** 8 = UCS-2. */
  readonly fmt: number;
  readonly content: Buffer;
}

/** One SUBMIT: free of charge for the citizen, with a status report wanted, no scheduling. */
export function encodeSubmit(version: CmppVersion, submit: Submit): Buffer {
  const { number, link } = sizes[version];
  const v3 = version === '3.0';
  const fields = new FieldWriter()
    .raw(Buffer.alloc(8))
    .uint(submit.total, 1)
    .uint(submit.number, 1)
    .uint(1, 1)
    .uint(0, 1)
    .text(submit.serviceId, 10)
    // Fee_UserType 2: the SP pays.
    .uint(2, 1)
    .text('', number);
  if (v3) fields.uint(0, 1);
  fields
    .uint(0, 1)
    .uint(submit.udhi ? 1 : 0, 1)
    .uint(submit.fmt, 1)
    .text(submit.spId, 6)
    .text('01', 2)
    .text('0', 6)
    .text('', 17)
    .text('', 17)
    .text(submit.srcId, 21)
    .uint(1, 1)
    .text(submit.to, number);
  if (v3) fields.uint(0, 1);
  return fields.uint(submit.content.length, 1).raw(submit.content).text('', link).end();
}

export function decodeSubmit(version: CmppVersion, body: Buffer): Submit {
  const { number } = sizes[version];
  const v3 = version === '3.0';
  const fields = new FieldReader(body);
  fields.raw(8);
  const [total, part] = [fields.uint(1), fields.uint(1)];
  fields.raw(2);
  const serviceId = fields.text(10);
  fields.raw(1 + number + (v3 ? 1 : 0) + 1);
  const udhi = fields.uint(1) === 1;
  const fmt = fields.uint(1);
  const spId = fields.text(6);
  fields.raw(2 + 6 + 17 + 17);
  const srcId = fields.text(21);
  fields.raw(1);
  const to = fields.text(number);
  if (v3) fields.raw(1);
  const content = Buffer.from(fields.raw(fields.uint(1)));
  return { total, number: part, serviceId, spId, srcId, to, udhi, fmt, content };
}

export interface SubmitResponse {
  /** 8 bytes as hex. */
  readonly messageId: string;
  readonly result: number;
}

export const encodeSubmitResponse = (version: CmppVersion, { messageId, result }: SubmitResponse): Buffer =>
  new FieldWriter().raw(Buffer.from(messageId, 'hex')).uint(result, sizes[version].result).end();

export function decodeSubmitResponse(version: CmppVersion, body: Buffer): SubmitResponse {
  const fields = new FieldReader(body);
  return { messageId: fields.raw(8).toString('hex'), result: fields.uint(sizes[version].result) };
}

export interface Deliver {
  readonly messageId: string;
  /** What the citizen wrote to. */
  readonly to: string;
  readonly serviceId: string;
  readonly udhi: boolean;
  readonly fmt: number;
  readonly from: string;
  /** The content is a status report. */
  readonly report: boolean;
  readonly content: Buffer;
}

export function encodeDeliver(version: CmppVersion, deliver: Deliver): Buffer {
  const { number, link } = sizes[version];
  const fields = new FieldWriter()
    .raw(Buffer.from(deliver.messageId, 'hex'))
    .text(deliver.to, 21)
    .text(deliver.serviceId, 10)
    .uint(0, 1)
    .uint(deliver.udhi ? 1 : 0, 1)
    .uint(deliver.fmt, 1)
    .text(deliver.from, number);
  if (version === '3.0') fields.uint(0, 1);
  return fields
    .uint(deliver.report ? 1 : 0, 1)
    .uint(deliver.content.length, 1)
    .raw(deliver.content)
    .text('', link)
    .end();
}

export function decodeDeliver(version: CmppVersion, body: Buffer): Deliver {
  const fields = new FieldReader(body);
  const messageId = fields.raw(8).toString('hex');
  const to = fields.text(21);
  const serviceId = fields.text(10);
  fields.raw(1);
  const udhi = fields.uint(1) === 1;
  const fmt = fields.uint(1);
  const from = fields.text(sizes[version].number);
  if (version === '3.0') fields.raw(1);
  const report = fields.uint(1) === 1;
  const content = Buffer.from(fields.raw(fields.uint(1)));
  return { messageId, to, serviceId, udhi, fmt, from, report, content };
}

export const encodeDeliverResponse = (version: CmppVersion, { messageId, result }: SubmitResponse): Buffer =>
  encodeSubmitResponse(version, { messageId, result });

export interface Report {
  /** That of the SUBMIT_RESP. */
  readonly messageId: string;
  /** DELIVRD, EXPIRED, UNDELIV … */
  readonly stat: string;
}

export function encodeReport(version: CmppVersion, report: Report & { to: string; at: string }): Buffer {
  return new FieldWriter()
    .raw(Buffer.from(report.messageId, 'hex'))
    .text(report.stat, 7)
    .text(report.at, 10)
    .text(report.at, 10)
    .text(report.to, sizes[version].number)
    .uint(0, 4)
    .end();
}

export function decodeReport(content: Buffer): Report {
  const fields = new FieldReader(content);
  return { messageId: fields.raw(8).toString('hex'), stat: fields.text(7) };
}
