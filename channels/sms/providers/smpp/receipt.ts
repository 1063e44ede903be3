/** Delivery receipts of SMPP: a text of a form that nobody prescribes strictly, and TLVs where the centre sends them. */
import type { ReceiptState } from '../../../../bot/store/sms-receipts.ts';
import type { DeliverSm } from './library.ts';
import type { SmppSettings } from './settings.ts';

export interface SmppReceipt {
  /** That of submit_sm_resp. */
  readonly id: string;
  readonly state: ReceiptState;
  /** DELIVRD, EXPIRED …, with the network's error where it is not 0. */
  readonly code: string;
}

/** Bits 5–2 of esm_class: a receipt of the centre, an acknowledgement of the phone, a note on the way. Source: SMPP 3.4, 5.2.12. */
export const isReceipt = (esmClass: number): boolean => [0x04, 0x08, 0x20].includes(esmClass & 0x3c);

/** message_state by its number. Source: SMPP 3.4, 5.2.28. */
const statesByNumber = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'];
/** Everything else means that it did not arrive. */
const states: Readonly<Record<string, ReceiptState>> = { DELIVRD: 'delivered', ACCEPTD: 'sent', ENROUTE: 'sent', UNKNOWN: 'sent' };

/** Reads a receipt; undefined when it does not say of which message, or what became of it. */
export function readReceipt(deliver: DeliverSm, ids: SmppSettings['receiptIds']): SmppReceipt | undefined {
  const text = (deliver.message_payload ?? deliver.short_message).toString('latin1');
  const field = (name: string): string => new RegExp(`(?:^|\\s)${name}:\\s*(\\S+)`, 'i').exec(text)?.[1] ?? '';
  // The package reads a TLV without its closing zero beyond its end: what can't be an id is cut off.
  const named = /^[\x21-\x7e]{1,64}/.exec(deliver.receipted_message_id ?? '')?.[0] ?? field('id');
  const stat = field('stat').toUpperCase() || (statesByNumber[deliver.message_state ?? 0] ?? '');
  if (named === '' || stat === '') return undefined;
  const error = field('err');
  return { id: receiptId(named, ids), state: states[stat] ?? 'failed', code: /^0*$/.test(error) ? stat : `${stat} ${error}` };
}

/** An id as receipts name it. */
const receiptId = (named: string, ids: SmppSettings['receiptIds']): string =>
  ids === 'decimal' && /^\d{1,40}$/.test(named) ? BigInt(named).toString(16) : named;

/** The id of a submit_sm_resp, in the form it is kept in: receipts in decimal digits meet it there. */
export const submittedId = (named: string, ids: SmppSettings['receiptIds']): string =>
  ids === 'decimal' && /^[\da-f]{1,32}$/i.test(named) ? BigInt(`0x${named}`).toString(16) : named;
