/** What everybody of a load run shares. */
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { Timings } from './wire.ts';

/** One wait for a person, in milliseconds of the simulator's clock. */
export interface Wait {
  readonly conversationId: string;
  readonly askedAt: number;
  /** The first estimate told, minutes. */
  toldMinutes?: number;
  joinedAt?: number;
  /** Gave up waiting, or the run ended first. */
  left?: boolean;
}

export interface Hall {
  /** `http://host:port` of the server. */
  readonly url: string;
  readonly pace: Pace;
  readonly ledger: Ledger;
  readonly timings: Timings;
  readonly waits: Wait[];
  /** When each tagged message was sent. */
  readonly sentAt: Map<string, number>;
  /** What went wrong that no answer explains. */
  readonly faults: string[];
  /** Nobody begins anything new any more. */
  readonly closing: AbortSignal;
  /** An address of its own for the n-th machine; undefined: they share one. */
  addressOf(n: number): string | undefined;
}
