/** The part of the package `smpp` (0.5) that is used; it brings no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    isResponse(): boolean;
    response(fields?: object): Pdu;
  }

  type Command = (fields: object, answered?: (pdu: Pdu) => void) => boolean;

  export interface Session extends EventEmitter {
    readonly socket: Socket;
    readonly bind_transceiver: Command;
    readonly submit_sm: Command;
    readonly deliver_sm: Command;
    readonly enquire_link: Command;
    readonly unbind: Command;
    /** False when the line is closed. */
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
  }

  interface Filter {
    decode: (this: object, value: unknown) => unknown;
  }

  const smpp: {
    connect(options: { host: string; port: number; tls: boolean }): Session;
    createServer(listener: (session: Session) => void): NetServer;
    readonly filters: { readonly message: Filter };
    readonly encodings: { readonly ASCII: { encode(text: string): Buffer } };
  };
  export default smpp;
}
