/** What the channel needs of whoever carries its messages. */
import type { Receipt } from '../../../bot/store/sms-receipts.ts';
import type { SmsDraft } from '../draft.ts';

export interface SendRequest {
  /** The same for every try. */
  readonly key: string;
  /** E.164. */
  readonly to: string;
  /** The service number or extension the citizen wrote to; empty for the provider's own. */
  readonly port: string;
  readonly draft: SmsDraft;
  /** Ids of parts an earlier try got through at this provider. */
  readonly progress: readonly string[];
}

export type SendResult =
  | { readonly ok: true; readonly ids: readonly string[] }
  | {
      readonly ok: false;
      /**
       * never: no retry will mend it · later: it was not taken, try again · slower: not taken, we are too fast ·
       * uncertain: it may have been taken, the answer was lost · down: this provider takes nothing now.
       */
      readonly why: 'never' | 'later' | 'slower' | 'uncertain' | 'down';
      /** The provider's code. */
      readonly code: string;
      /** The carrier knows that this number wants nothing. */
      readonly optedOut?: boolean;
      readonly progress?: readonly string[];
    };

/** A message a citizen sent. */
export interface InboundSms {
  /** The provider's id, or what stands for one where it has none; unique for the provider. */
  readonly id: string;
  readonly from: string;
  /** What they wrote to: replies come from there. */
  readonly port: string;
  readonly text: string;
}

/** One part of a long message, as a direct line delivers it. */
export interface InboundPart {
  readonly from: string;
  readonly port: string;
  readonly messageId: string;
  readonly fmt: number;
  /** Without its header. */
  readonly body: Buffer;
  readonly reference: number;
  readonly total: number;
  readonly number: number;
}

/** Where a provider hands over what comes in; each resolves when it is stored, and rejects when it could not be. */
export interface Arrivals {
  inbound(provider: string, sms: InboundSms): Promise<void>;
  part(provider: string, part: InboundPart): Promise<void>;
  receipt(receipt: Receipt): Promise<void>;
  /** A line that was broken is open again. */
  ready(provider: string): void;
}

export interface SmsProvider {
  readonly name: string;
  /** Carries any text; else approved templates only. */
  readonly freeText: boolean;
  /** Links must be constant and filed, everything counts as UCS-2. */
  readonly mainland: boolean;
  /** Country code of numbers it gives without one. */
  readonly countryCode: string;
  /** Whether it has a template for a message; absent: it carries any text. */
  carries?(draft: SmsDraft): boolean;
  /** Never rejects. */
  send(request: SendRequest): Promise<SendResult>;
  /** Whether a message whose answer was lost was taken; undefined when the provider doesn't know it. Rejects when it can't be asked. */
  lookUp?(request: SendRequest, since: number): Promise<readonly string[] | undefined>;
  /** Opens its connection, if it keeps one. */
  start?(arrivals: Arrivals): void;
  close?(): Promise<void>;
}

export type Fetch = typeof globalThis.fetch;
