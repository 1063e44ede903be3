/** A long connection to a CMPP gateway: logs in, keeps it alive, comes back when it breaks, keeps the window. */
import { connect, type Socket } from 'node:net';
import type { SmsLogger } from '../../queue/queue.ts';
import { Unanswered } from '../unanswered.ts';
import {
  authenticator,
  connectTimestamp,
  type Deliver,
  decodeConnectResponse,
  decodeDeliver,
  decodeSubmitResponse,
  encodeConnect,
  encodeDeliverResponse,
  encodeSubmit,
  gatewayAuthenticator,
  type Submit,
  type SubmitResponse,
} from './messages.ts';
import { commands, encodePdu, type Pdu, PduReader } from './pdu.ts';
import type { CmppSettings } from './settings.ts';

export interface CmppClientOptions {
  readonly settings: CmppSettings;
  readonly now: () => number;
  readonly log: SmsLogger;
  /** Resolves when the message is stored; only then it is acknowledged, and the gateway repeats what was not. */
  readonly onDeliver: (deliver: Deliver) => Promise<void>;
  /** Logged in: messages may go. */
  readonly onReady: () => void;
  readonly timers?: Partial<CmppTimers>;
}

/** Milliseconds; defaults C, T and N as the specification recommends. */
export interface CmppTimers {
  readonly idle: number;
  readonly response: number;
  readonly tries: number;
  readonly firstReconnect: number;
  readonly longestReconnect: number;
}

const defaults: CmppTimers = { idle: 180_000, response: 60_000, tries: 3, firstReconnect: 1000, longestReconnect: 60_000 };

export type SubmitOutcome = SubmitResponse | 'not_connected' | 'lost';

export class CmppClient {
  readonly #options: CmppClientOptions;
  readonly #timers: CmppTimers;
  readonly #submits: Unanswered<SubmitResponse>;
  #socket: Socket | undefined;
  #loggedIn = false;
  #sequence = 0;
  #failures = 0;
  #unanswered = 0;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;
  #reconnect: NodeJS.Timeout | undefined;

  constructor(options: CmppClientOptions) {
    this.#options = options;
    this.#timers = { ...defaults, ...options.timers };
    this.#submits = new Unanswered(options.settings.window, this.#timers.response);
  }

  get connected(): boolean {
    return this.#loggedIn;
  }

  /** Opens the connection, now and whenever it breaks, until `close`. */
  start(): void {
    const { settings, now, log } = this.#options;
    const socket = connect({ host: settings.host, port: settings.port, noDelay: true });
    const reader = new PduReader();
    const at = now();
    this.#socket = socket;
    socket.setTimeout(this.#timers.response, () => {
      if (!this.#loggedIn) socket.destroy(new Error('no answer to CONNECT'));
    });
    socket.on('connect', () => this.#write(commands.connect, this.#next(), encodeConnect(settings.version, { ...settings, at })));
    socket.on('data', (chunk) => {
      try {
        this.#heard();
        for (const pdu of reader.push(chunk)) this.#take(pdu, at);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', (error) => log.warn({ err: error, gateway: settings.host }, 'the CMPP connection broke'));
    socket.on('close', () => this.#lost(socket));
  }

  /** Submits one message, waiting for room in the window. `lost`: it may have arrived. */
  async submit(submit: Submit): Promise<SubmitOutcome> {
    await this.#submits.room(() => this.#loggedIn);
    if (!this.#loggedIn) return 'not_connected';
    const sequence = this.#next();
    const answer = this.#submits.wait(sequence);
    this.#write(commands.submit, sequence, encodeSubmit(this.#options.settings.version, submit));
    return answer;
  }

  /** Logs out. What is still unanswered is `lost`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (this.#loggedIn) this.#write(commands.terminate, this.#next(), Buffer.alloc(0));
    const patience = setTimeout(() => socket.destroy(), this.#loggedIn ? 500 : 0);
    await gone;
    clearTimeout(patience);
  }

  #take(pdu: Pdu, connectedAt: number): void {
    const { settings, log } = this.#options;
    switch (pdu.command) {
      case commands.connectResponse: {
        const { status, authenticator: proof } = decodeConnectResponse(settings.version, pdu.body);
        if (status !== 0) {
          this.#socket?.destroy(new Error(`the gateway refused CONNECT with status ${status} (${connectProblems[status] ?? 'other'})`));
          return;
        }
        const ours = authenticator(settings.spId, settings.secret, connectTimestamp(connectedAt));
        if (!proof.equals(gatewayAuthenticator(settings.version, status, ours, settings.secret)))
          log.warn({ gateway: settings.host }, 'the gateway did not prove that it knows the secret');
        this.#loggedIn = true;
        this.#failures = 0;
        this.#rest();
        log.info({ gateway: settings.host }, 'connected to the CMPP gateway');
        this.#options.onReady();
        return;
      }
      case commands.submitResponse:
        this.#submits.answer(pdu.sequence, decodeSubmitResponse(settings.version, pdu.body));
        return;
      case commands.deliver:
        void this.#deliver(pdu);
        return;
      case commands.activeTest:
        this.#write(commands.activeTestResponse, pdu.sequence, Buffer.alloc(1));
        return;
      case commands.terminate:
        this.#write(commands.terminateResponse, pdu.sequence, Buffer.alloc(0));
        this.#socket?.end();
        return;
      case commands.terminateResponse:
        this.#socket?.end();
    }
  }

  async #deliver(pdu: Pdu): Promise<void> {
    const { settings, log, onDeliver } = this.#options;
    const socket = this.#socket;
    try {
      const deliver = decodeDeliver(settings.version, pdu.body);
      await onDeliver(deliver);
      const body = encodeDeliverResponse(settings.version, { messageId: deliver.messageId, result: 0 });
      if (socket === this.#socket) this.#write(commands.deliverResponse, pdu.sequence, body);
    } catch (error) {
      // No answer: the gateway delivers it again.
      log.error({ err: error }, 'a CMPP message could not be stored');
    }
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }

  #write(command: number, sequence: number, body: Buffer): void {
    if (this.#socket?.writable) this.#socket.write(encodePdu({ command, sequence, body }));
  }

  #heard(): void {
    this.#unanswered = 0;
    if (this.#loggedIn) this.#rest();
  }

  /** Nothing heard for a while: ask whether the gateway is there; after N silences it is not. */
  #rest(): void {
    clearTimeout(this.#idle);
    const { idle, response, tries } = this.#timers;
    this.#idle = setTimeout(
      () => {
        if (this.#unanswered >= tries) return void this.#socket?.destroy(new Error('the gateway is silent'));
        this.#unanswered++;
        this.#write(commands.activeTest, this.#next(), Buffer.alloc(0));
        this.#rest();
      },
      this.#unanswered === 0 ? idle : response,
    );
    this.#idle.unref();
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#loggedIn = false;
    this.#unanswered = 0;
    clearTimeout(this.#idle);
    this.#submits.lose();
    if (this.#closed) return;
    const { firstReconnect, longestReconnect } = this.#timers;
    this.#reconnect = setTimeout(() => this.start(), Math.min(longestReconnect, firstReconnect * 2 ** this.#failures++));
    this.#reconnect.unref();
  }
}

const connectProblems: Readonly<Record<number, string>> = {
  1: 'wrong structure',
  2: 'wrong SP number',
  3: 'wrong secret',
  4: 'version too high',
};
