/** Words on their way to citizens: sent in order, kept while the line is down, said once whatever happens (the server knows the message ids). */
import type { Answer } from './client.ts';
import type { Outgoing } from './types.ts';

/** What the outbox needs of the desk. */
export interface OutboxHost {
  outgoingOf(id: string): readonly Outgoing[];
  setOutgoing(id: string, outgoing: readonly Outgoing[]): void;
  post(id: string, message: Outgoing, file: File | undefined): Promise<Answer<unknown>>;
  /** The server has it: its place in the log is read. */
  delivered(id: string): Promise<void>;
  /** The server does not want it; the message stays, with the reason. */
  refused(id: string, answer: Answer<unknown> & { ok: false }, message: Outgoing): void;
}

const AGAIN_MS = [2000, 4000, 8000, 15_000];
const WAITING = '网络断开，恢复后自动发送';

export class Outbox {
  readonly #host: OutboxHost;
  readonly #files = new Map<string, File>();
  readonly #flushing = new Map<string, Promise<void>>();
  #again: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  readonly #stuck = new Set<string>();

  constructor(host: OutboxHost) {
    this.#host = host;
  }

  /** Shows at once and goes out after everything before it. */
  send(id: string, message: Pick<Outgoing, 'messageId' | 'text' | 'draft'>, file?: File): Promise<void> {
    if (file !== undefined) this.#files.set(message.messageId, file);
    const queued: Outgoing = { ...message, state: 'queued', ...(file && { fileName: file.name }) };
    this.#host.setOutgoing(id, [...this.#host.outgoingOf(id), queued]);
    return this.flush(id);
  }

  /** One more try for one that was refused, or at once for one that waits for the line. */
  retry(id: string, messageId: string): Promise<void> {
    this.#set(id, messageId, { state: 'queued', error: undefined });
    return this.flush(id);
  }

  /** Throws an unsent message away. */
  discard(id: string, messageId: string): void {
    this.#files.delete(messageId);
    this.#host.setOutgoing(
      id,
      this.#host.outgoingOf(id).filter((message) => message.messageId !== messageId),
    );
  }

  /** The line is back: everything that waits goes out. */
  wake(): void {
    this.#failures = 0;
    for (const id of [...this.#stuck]) void this.flush(id);
  }

  /** Sends what waits in a conversation, one after another. */
  flush(id: string): Promise<void> {
    const running = this.#flushing.get(id);
    if (running !== undefined) return running;
    const work = this.#sendAll(id).finally(() => this.#flushing.delete(id));
    this.#flushing.set(id, work);
    return work;
  }

  async #sendAll(id: string): Promise<void> {
    this.#stuck.delete(id);
    for (;;) {
      const message = this.#host.outgoingOf(id).find(({ state }) => state === 'queued');
      if (message === undefined) return;
      this.#set(id, message.messageId, { state: 'sending', error: undefined });
      const answer = await this.#host.post(id, message, this.#files.get(message.messageId));
      if (answer.ok) {
        this.#failures = 0;
        await this.#host.delivered(id);
        this.discard(id, message.messageId);
      } else if (answer.status === 0 || answer.status >= 502) {
        this.#set(id, message.messageId, { state: 'queued', error: WAITING });
        return this.#later(id);
      } else {
        this.#set(id, message.messageId, { state: 'failed', error: answer.message });
        this.#host.refused(id, answer, message);
      }
    }
  }

  #later(id: string): void {
    this.#stuck.add(id);
    if (this.#again !== undefined) return;
    const wait = AGAIN_MS[Math.min(this.#failures++, AGAIN_MS.length - 1)];
    this.#again = setTimeout(() => {
      this.#again = undefined;
      for (const stuck of [...this.#stuck]) void this.flush(stuck);
    }, wait);
  }

  #set(id: string, messageId: string, change: { state: Outgoing['state']; error: string | undefined }): void {
    this.#host.setOutgoing(
      id,
      this.#host.outgoingOf(id).map((message) => {
        if (message.messageId !== messageId) return message;
        const { error: _before, ...rest } = message;
        return { ...rest, state: change.state, ...(change.error === undefined ? {} : { error: change.error }) };
      }),
    );
  }
}
