/** A transceiver's line to an SMPP message centre: binds, keeps it alive, comes back when it breaks, keeps the window. */
import type { SmsLogger } from '../../queue/queue.ts';
import { Unanswered } from '../unanswered.ts';
import { type DeliverSm, deliverSchema, type Pdu, type Session, smpp, status, submitResponseSchema } from './library.ts';
import type { SmppSettings } from './settings.ts';

export interface SmppClientOptions {
  readonly settings: SmppSettings;
  readonly log: SmsLogger;
  /** Resolves when the message is stored; only then it is answered. When it rejects the centre is asked to deliver again. */
  readonly onDeliver: (deliver: DeliverSm, line: object) => Promise<void>;
  /** Bound: messages may go. */
  readonly onReady: () => void;
  readonly timers?: Partial<SmppTimers>;
}

/** Milliseconds. */
export interface SmppTimers {
  readonly enquire: number;
  readonly response: number;
  readonly firstReconnect: number;
  readonly longestReconnect: number;
}

const defaults: SmppTimers = { enquire: 30_000, response: 60_000, firstReconnect: 1000, longestReconnect: 60_000 };
/** So many enquiries without a sign of life, and the line is given up. */
const silences = 3;
const unbindMs = 500;

export interface Submitted {
  readonly status: number;
  readonly messageId: string;
}
export type SubmitOutcome = Submitted | 'not_connected' | 'lost';

export class SmppClient {
  readonly #options: SmppClientOptions;
  readonly #timers: SmppTimers;
  readonly #submits: Unanswered<Submitted>;
  #session: Session | undefined;
  #bound = false;
  #count = 0;
  #failures = 0;
  #silent = 0;
  #closed = false;
  #enquiring: NodeJS.Timeout | undefined;
  #reconnect: NodeJS.Timeout | undefined;

  constructor(options: SmppClientOptions) {
    this.#options = options;
    this.#timers = { ...defaults, ...options.timers };
    this.#submits = new Unanswered(options.settings.window, this.#timers.response);
  }

  /** Opens the line, now and whenever it breaks, until `close`. */
  start(): void {
    const { settings, log } = this.#options;
    const { host, port, tls } = settings;
    const session = smpp.connect({ host, port, tls });
    this.#session = session;
    session.socket.setNoDelay(true);
    const tooLong = setTimeout(() => session.socket.destroy(new Error('no answer to bind_transceiver')), this.#timers.response);
    tooLong.unref();
    session.on(tls ? 'secureConnect' : 'connect', () => this.#bind(session, () => clearTimeout(tooLong)));
    session.on('pdu', (pdu: Pdu) => {
      this.#silent = 0;
      this.#take(session, pdu);
    });
    session.on('error', (error: unknown) => {
      log.warn({ err: error, centre: host }, 'the SMPP line broke');
      // The package reads nothing more after a PDU it can't read.
      session.destroy();
    });
    session.on('close', () => {
      clearTimeout(tooLong);
      this.#lost(session);
    });
  }

  /** Submits one message, waiting for room in the window. `lost`: it may have arrived. */
  async submit(fields: object): Promise<SubmitOutcome> {
    await this.#submits.room(() => this.#bound);
    const session = this.#session;
    if (!this.#bound || !session) return 'not_connected';
    const number = ++this.#count;
    const answer = this.#submits.wait(number);
    session.submit_sm(fields, (pdu) => {
      const { data } = submitResponseSchema.safeParse(pdu);
      if (data) this.#submits.answer(number, { status: data.command_status, messageId: data.message_id ?? '' });
    });
    return answer;
  }

  /** Unbinds. What is still unanswered is `lost`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    const session = this.#session;
    if (!session || session.socket.destroyed) return;
    const gone = new Promise<void>((resolve) => session.socket.once('close', () => resolve()));
    if (this.#bound) session.unbind({}, () => session.close());
    const patience = setTimeout(() => session.destroy(), this.#bound ? unbindMs : 0);
    await gone;
    clearTimeout(patience);
  }

  #bind(session: Session, answered: () => void): void {
    const { settings, log, onReady } = this.#options;
    const { systemId: system_id, password, systemType: system_type } = settings;
    session.bind_transceiver({ system_id, password, system_type, interface_version: 0x34 }, (pdu) => {
      answered();
      if (pdu.command_status !== status.ok) {
        const why = bindProblems[pdu.command_status] ?? 'other';
        session.socket.destroy(new Error(`the centre refused the bind with status ${pdu.command_status} (${why})`));
        return;
      }
      this.#bound = true;
      this.#failures = 0;
      this.#silent = 0;
      this.#enquiring = setInterval(() => this.#enquire(session), this.#timers.enquire);
      this.#enquiring.unref();
      log.info({ centre: settings.host }, 'bound to the SMPP centre');
      onReady();
    });
  }

  #enquire(session: Session): void {
    if (++this.#silent > silences) session.socket.destroy(new Error('the centre is silent'));
    else session.enquire_link({});
  }

  #take(session: Session, pdu: Pdu): void {
    if (pdu.isResponse()) return;
    switch (pdu.command) {
      case 'deliver_sm':
        void this.#deliver(session, pdu);
        return;
      case 'unbind':
        session.send(pdu.response());
        session.close();
        return;
      // The package answers what it does not know with generic_nack.
      case 'enquire_link':
      case 'unknown':
        session.send(pdu.response());
    }
  }

  async #deliver(session: Session, pdu: Pdu): Promise<void> {
    const { log, onDeliver } = this.#options;
    const parsed = deliverSchema.safeParse(pdu);
    if (!parsed.success) log.warn({ problem: parsed.error.issues[0]?.path.join('.') }, 'an SMPP message was not readable');
    try {
      if (parsed.success) await onDeliver(parsed.data, session);
      session.send(pdu.response());
    } catch (error) {
      log.error({ err: error }, 'an SMPP message could not be stored');
      session.send(pdu.response({ command_status: status.temporary }));
    }
  }

  #lost(session: Session): void {
    if (session !== this.#session) return;
    this.#bound = false;
    clearInterval(this.#enquiring);
    this.#submits.lose();
    if (this.#closed) return;
    const { firstReconnect, longestReconnect } = this.#timers;
    this.#reconnect = setTimeout(() => this.start(), Math.min(longestReconnect, firstReconnect * 2 ** this.#failures++));
    this.#reconnect.unref();
  }
}

const bindProblems: Readonly<Record<number, string>> = {
  5: 'bound already',
  13: 'bind failed',
  14: 'wrong password',
  15: 'wrong system id',
};
