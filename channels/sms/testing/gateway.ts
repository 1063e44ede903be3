/** A CMPP gateway for tests, written from the wire reference: checks logins and fields, joins long messages, reports, delivers, fails. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  authenticator,
  decodeConnect,
  decodeSubmit,
  decodeSubmitResponse,
  encodeConnectResponse,
  encodeDeliver,
  encodeReport,
  encodeSubmitResponse,
  gatewayAuthenticator,
  type Submit,
} from '../providers/cmpp/messages.ts';
import { type CmppVersion, commands, encodePdu, type Pdu, PduReader } from '../providers/cmpp/pdu.ts';
import { decodeText, longContents, readHeader } from '../providers/content.ts';

export interface GatewaySms {
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly parts: number;
}

export interface GatewayOptions {
  readonly version: CmppVersion;
  readonly spId: string;
  readonly secret: string;
  /** What becomes of what is submitted; undefined: no report. */
  readonly report?: string;
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

export async function startGateway(options: GatewayOptions) {
  const { version } = options;
  const sent: GatewaySms[] = [];
  const submits: Submit[] = [];
  const problems: string[] = [];
  const results: (number | 'silent' | 'cut')[] = [];
  const joining = new Map<string, { submit: Submit; body: Buffer }[]>();
  const acknowledged = new Map<string, () => void>();
  const sockets = new Set<Socket>();
  const loggedIn = new Set<Socket>();
  let logins = 0;
  let activeTests = 0;
  let unanswered = 0;
  let mostUnanswered = 0;
  let answering = true;
  let sequence = 1000;
  let ids = 0n;
  let port = 0;
  const held: (() => void)[] = [];
  const newId = () => (++ids).toString(16).padStart(16, '0');

  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = new PduReader();
    socket.on('close', () => {
      sockets.delete(socket);
      loggedIn.delete(socket);
    });
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const pdu of reader.push(chunk)) take(socket, pdu);
    });
  });

  const write = (socket: Socket, command: number, sequenceId: number, body: Buffer) =>
    void socket.write(encodePdu({ command, sequence: sequenceId, body }));

  function take(socket: Socket, pdu: Pdu): void {
    switch (pdu.command) {
      case commands.connect: {
        const login = decodeConnect(pdu.body);
        const wanted = authenticator(options.spId, options.secret, String(login.timestamp).padStart(10, '0'));
        const ok = login.spId === options.spId && login.authenticator.equals(wanted) && login.version === (version === '3.0' ? 0x30 : 0x20);
        logins++;
        if (ok) loggedIn.add(socket);
        const status = ok ? 0 : 3;
        const proof = gatewayAuthenticator(version, status, login.authenticator, options.secret);
        write(
          socket,
          commands.connectResponse,
          pdu.sequence,
          encodeConnectResponse(version, { status, authenticator: proof, version: login.version }),
        );
        return;
      }
      case commands.submit:
        unanswered++;
        mostUnanswered = Math.max(mostUnanswered, unanswered);
        if (answering) submit(socket, pdu);
        else held.push(() => submit(socket, pdu));
        return;
      case commands.deliverResponse: {
        const { messageId, result } = decodeSubmitResponse(version, pdu.body);
        if (result === 0) acknowledged.get(messageId)?.();
        return;
      }
      case commands.activeTest:
        activeTests++;
        write(socket, commands.activeTestResponse, pdu.sequence, Buffer.alloc(1));
        return;
      case commands.terminate:
        write(socket, commands.terminateResponse, pdu.sequence, Buffer.alloc(0));
        socket.end();
    }
  }

  function submit(socket: Socket, pdu: Pdu): void {
    const one = decodeSubmit(version, pdu.body);
    const result = results.shift() ?? 0;
    unanswered--;
    if (result === 'silent') return;
    const messageId = newId();
    if (one.content.length > 140) problems.push('content too long');
    if (one.spId !== options.spId) problems.push('wrong Msg_src');
    if (result === 0 || result === 'cut') {
      submits.push(one);
      join(one);
    }
    if (result === 'cut') return void socket.destroy();
    write(socket, commands.submitResponse, pdu.sequence, encodeSubmitResponse(version, { messageId, result }));
    if (result !== 0 || !options.report) return;
    const content = encodeReport(version, { messageId, stat: options.report, to: one.to, at: '2603021000' });
    push(socket, { messageId: newId(), to: one.srcId, serviceId: '', udhi: false, fmt: 0, from: one.to, report: true, content });
  }

  /** As the phone does it. */
  function join(one: Submit): void {
    if (!one.udhi) return void sent.push({ to: one.to, from: one.srcId, text: decodeText(one.content, one.fmt) ?? '', parts: 1 });
    const header = readHeader(one.content);
    if (!header?.part || header.part.number !== one.number || header.part.total !== one.total)
      return void problems.push('header and Pk_number differ');
    const key = `${one.to}/${header.part.reference}/${one.total}`;
    const parts = joining.get(key) ?? [];
    joining.set(key, parts);
    parts.push({ submit: one, body: header.body });
    if (parts.length < one.total) return;
    joining.delete(key);
    const text = decodeText(Buffer.concat(parts.sort((a, b) => a.submit.number - b.submit.number).map(({ body }) => body)), one.fmt) ?? '';
    sent.push({ to: one.to, from: one.srcId, text, parts: one.total });
  }

  const push = (socket: Socket, deliver: Parameters<typeof encodeDeliver>[1]) =>
    write(socket, commands.deliver, ++sequence, encodeDeliver(version, deliver));

  const listen = () =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        resolve();
      });
    });
  await listen();

  const connection = () => {
    const [socket] = loggedIn;
    if (!socket) throw new Error('nobody is connected to the gateway');
    return socket;
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    port,
    sent,
    submits,
    problems,
    logins: () => logins,
    activeTests: () => activeTests,
    connected: () => loggedIn.size > 0,
    mostUnanswered: () => mostUnanswered,
    /** Results of the next SUBMITs; `silent` neither takes nor answers, `cut` takes and breaks the line. */
    answerNext: (...next: (number | 'silent' | 'cut')[]) => void results.push(...next),
    /** While off, SUBMITs are held unanswered. */
    setAnswering(value: boolean) {
      answering = value;
      if (value) for (const go of held.splice(0)) go();
    },
    /** One DELIVER; resolves with its acknowledgement. */
    deliver(given: { from: string; to: string; content: Buffer; fmt?: number; udhi?: boolean; messageId?: string }): Promise<void> {
      const { from, to, content, fmt = 8, udhi = false, messageId = newId() } = given;
      const done = new Promise<void>((resolve) => acknowledged.set(messageId, resolve));
      push(connection(), { messageId, to, serviceId: '', udhi, fmt, from, report: false, content });
      return done;
    },
    /** A citizen's text, in as many parts as it takes, in the order given (default: as they are). */
    async says(from: string, to: string, text: string, order?: readonly number[]): Promise<void> {
      const contents = longContents(text, Number(ids % 256n));
      const numbers = order ?? contents.map((_, index) => index);
      await Promise.all(
        numbers.map((index) => {
          const content = contents[index];
          if (!content) throw new Error(`there is no part ${index}`);
          return this.deliver({ from, to, content, udhi: contents.length > 1 });
        }),
      );
    },
    cut,
    /** Out of service: no connection, no new ones. */
    async down() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
    up: listen,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
