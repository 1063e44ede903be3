/** Names for incoming messages: SMPP gives them none, yet a centre that did not see our answer delivers again. */
import { createHash } from 'node:crypto';
import type { DeliverSm } from './library.ts';

interface Seen {
  readonly minute: number;
  /** How often it was said before. */
  count: number;
  line: object;
  /** Answered while the centre was still listening. */
  answered: boolean;
  at: number;
}

const memoryMs = 10 * 60_000;
/** A centre that waits for its answer longer than this may deliver again on the same line. */
const promptMs = 5_000;

/**
 * The same name for a repeated delivery, another for the same words said again: a citizen who chooses 1 twice means it twice.
 * Repeated is what comes over a new line, or what was not answered promptly; after ten minutes nothing is.
 */
export class Repeats {
  readonly #now: () => number;
  readonly #seen = new Map<string, Seen>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Names a delivery that came over `line`; call the result's `answered` once our answer to it is on its way. */
  name(deliver: DeliverSm, line: object): { readonly id: string; answered(): void } {
    const now = this.#now();
    for (const [hash, { at }] of this.#seen) if (now - at > memoryMs) this.#seen.delete(hash);
    const hash = hashOf(deliver);
    const seen = this.#seen.get(hash) ?? { minute: Math.floor(now / 60_000), count: 0, line, answered: false, at: now };
    if (seen.answered && seen.line === line) seen.count++;
    Object.assign(seen, { line, answered: false, at: now });
    this.#seen.set(hash, seen);
    return {
      id: `${hash}-${seen.minute}-${seen.count}`,
      answered: () => {
        seen.answered = this.#now() - now < promptMs;
      },
    };
  }
}

/** Source and destination, content, and the reference of its parts. */
function hashOf(deliver: DeliverSm): string {
  const { source_addr, destination_addr, short_message, message_payload, sar_msg_ref_num, sar_segment_seqnum } = deliver;
  const content = (message_payload ?? short_message).toString('hex');
  return createHash('sha256')
    .update(JSON.stringify([source_addr, destination_addr, content, sar_msg_ref_num, sar_segment_seqnum]))
    .digest('hex')
    .slice(0, 16);
}
