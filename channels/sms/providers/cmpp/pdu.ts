/** CMPP 2.0 and 3.0 on the wire: headers, commands, fixed fields. Source: CMPP 3.0.0 (QB-GF-028-2003); 2.0 field sizes as its predecessor. */

export type CmppVersion = '2.0' | '3.0';

export const commands = {
  connect: 0x00000001,
  connectResponse: 0x80000001,
  terminate: 0x00000002,
  terminateResponse: 0x80000002,
  submit: 0x00000004,
  submitResponse: 0x80000004,
  deliver: 0x00000005,
  deliverResponse: 0x80000005,
  activeTest: 0x00000008,
  activeTestResponse: 0x80000008,
} as const;

export interface Pdu {
  readonly command: number;
  readonly sequence: number;
  readonly body: Buffer;
}

const headerLength = 12;
/** A SUBMIT for 99 numbers is below 4 kB: what is longer is no CMPP. */
const longestPdu = 64 * 1024;

/** What came is no CMPP, or not of this version; the connection can't be read on. */
export class CmppError extends Error {}

export function encodePdu({ command, sequence, body }: Pdu): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt32BE(headerLength + body.length, 0);
  header.writeUInt32BE(command, 4);
  header.writeUInt32BE(sequence >>> 0, 8);
  return Buffer.concat([header, body]);
}

/** Takes bytes as they come and gives whole PDUs. Throws CmppError on a length that no PDU has. */
export class PduReader {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Pdu[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const pdus: Pdu[] = [];
    while (this.#pending.length >= 4) {
      const length = this.#pending.readUInt32BE(0);
      if (length < headerLength || length > longestPdu) throw new CmppError(`a PDU of ${length} bytes`);
      if (this.#pending.length < length) break;
      const pdu = this.#pending.subarray(0, length);
      pdus.push({ command: pdu.readUInt32BE(4), sequence: pdu.readUInt32BE(8), body: Buffer.from(pdu.subarray(headerLength)) });
      this.#pending = this.#pending.subarray(length);
    }
    return pdus;
  }
}

/** Writes fields one after another. */
export class FieldWriter {
  readonly #fields: Buffer[] = [];

  uint(value: number, bytes: 1 | 4): this {
    const field = Buffer.alloc(bytes);
    field.writeUIntBE(value, 0, bytes);
    this.#fields.push(field);
    return this;
  }

  /** Padded right with zeros. Throws when it is longer than its field. */
  text(value: string, bytes: number): this {
    const content = Buffer.from(value, 'latin1');
    if (content.length > bytes) throw new CmppError(`${value.length} characters in a field of ${bytes}`);
    const field = Buffer.alloc(bytes);
    content.copy(field);
    this.#fields.push(field);
    return this;
  }

  raw(value: Uint8Array): this {
    this.#fields.push(Buffer.from(value));
    return this;
  }

  end(): Buffer {
    return Buffer.concat(this.#fields);
  }
}

/** Reads fields one after another. Throws CmppError when there is less than promised. */
export class FieldReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  raw(bytes: number): Buffer {
    if (this.#at + bytes > this.#body.length) throw new CmppError(`a body of ${this.#body.length} bytes ends inside a field`);
    const field = this.#body.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    return field;
  }

  uint(bytes: 1 | 4): number {
    return this.raw(bytes).readUIntBE(0, bytes);
  }

  /** Up to the first zero. */
  text(bytes: number): string {
    const field = this.raw(bytes);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? bytes : end).toString('latin1');
  }
}
