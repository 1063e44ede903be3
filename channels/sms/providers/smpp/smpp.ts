/** The direct line abroad: any text both ways, long messages in parts, delivery receipts. */
import type { SmsLogger } from '../../queue/queue.ts';
import { type Encoding, segments } from '../../text/segments.ts';
import { decodeText, encodeText, GSM7, LATIN1, longContents, readHeader, UCS2 } from '../content.ts';
import type { Arrivals, SendRequest, SendResult, SmsProvider } from '../provider.ts';
import { partsReference, sendParts } from '../send-parts.ts';
import { SmppClient, type SmppTimers } from './client.ts';
import { type DeliverSm, status, udhIndicator } from './library.ts';
import { isReceipt, readReceipt, submittedId } from './receipt.ts';
import { Repeats } from './repeats.ts';
import type { SmppSettings } from './settings.ts';

const SMPP = 'smpp';

export function createSmpp(
  settings: SmppSettings,
  tools: { now: () => number; log: SmsLogger; timers?: Partial<SmppTimers> },
): SmsProvider {
  const repeats = new Repeats(tools.now);
  let arrivals: Arrivals | undefined;
  const client = new SmppClient({
    settings,
    ...tools,
    onReady: () => arrivals?.ready(SMPP),
    onDeliver: async (deliver, line) => {
      if (!arrivals) throw new Error('nobody takes what comes in yet');
      if (isReceipt(deliver.esm_class)) {
        const receipt = readReceipt(deliver, settings.receiptIds);
        if (receipt) await arrivals.receipt({ provider: SMPP, providerId: receipt.id, state: receipt.state, code: receipt.code });
        else tools.log.warn({}, 'an SMPP receipt was not readable');
        return;
      }
      const named = repeats.name(deliver, line);
      await arrive(arrivals, deliver, named.id, tools.log);
      named.answered();
    },
  });
  return {
    name: SMPP,
    freeText: true,
    mainland: false,
    countryCode: settings.countryCode,
    async send({ to, port, draft, key, progress }: SendRequest): Promise<SendResult> {
      const address = { ...addressOf('source', port || settings.source), ...addressOf('dest', to) };
      return sendParts(outgoing(draft.text, partsReference(key), settings.longMessages), progress, async (part, index) => {
        const outcome = await client.submit({ ...address, registered_delivery: 1, ...part });
        if (typeof outcome === 'string') return outcome;
        // Taken without an id: no receipt will ever find it.
        if (outcome.status === status.ok) return { ok: true, id: submittedId(outcome.messageId || `${key}/${index}`, settings.receiptIds) };
        return { ok: false, why: reasonOf(outcome.status), code: `0x${outcome.status.toString(16).padStart(2, '0')}` };
      });
    },
    start(to) {
      arrivals = to;
      client.start();
    },
    close: () => client.close(),
  };
}

/** Codes that pass by themselves; one of the line is another provider's chance; all others need a person. Source: SMPP 3.4, 5.1.3. */
function reasonOf(code: number): 'slower' | 'later' | 'down' | 'never' {
  if (code === status.throttled || code === status.queueFull) return 'slower';
  if (code === status.systemError || code === status.submitFailed || code === status.temporary) return 'later';
  return code === status.invalidBind ? 'down' : 'never';
}

/** +… is an international number (1/1), letters are a name (5/0), other digits a short code (0/1). Source: SMPP 3.4, 5.2.5 and 5.2.6. */
function addressOf(which: 'source' | 'dest', address: string): object {
  const [ton, npi] = address.startsWith('+') ? [1, 1] : /^\d+$/.test(address) ? [0, 1] : [5, 0];
  const field = which === 'source' ? 'source_addr' : 'destination_addr';
  return { [field]: address.replace(/^\+/, ''), [`${which}_addr_ton`]: ton, [`${which}_addr_npi`]: npi };
}

/** The bodies of the submit_sm that carry a text. */
function outgoing(text: string, reference: number, how: SmppSettings['longMessages']): object[] {
  const { encoding, parts } = segments(text);
  const data_coding = codings[encoding];
  if (parts.length === 1) return [{ data_coding, short_message: encodeText(text, encoding) }];
  if (how === 'payload') return [{ data_coding, short_message: Buffer.alloc(0), message_payload: encodeText(text, encoding) }];
  if (how === 'udh')
    return longContents(text, reference, encoding).map((short_message) => ({ data_coding, esm_class: udhIndicator, short_message }));
  return parts.map((part, index) => ({
    data_coding,
    short_message: encodeText(part, encoding),
    sar_msg_ref_num: reference,
    sar_total_segments: parts.length,
    sar_segment_seqnum: index + 1,
  }));
}

const codings: Record<Encoding, number> = { gsm7: 0, ucs2: 8 };

/** How a data_coding is read; undefined: binary, or an alphabet no phone here writes. Source: SMPP 3.4, 5.2.19, and 3GPP TS 23.038, 4. */
function codingOf(dataCoding: number): number | undefined {
  if (dataCoding === 1 || dataCoding === 3) return LATIN1;
  // With a message class, or without: bits 3–2 name the alphabet.
  if ((dataCoding & 0xf0) === 0xf0) return (dataCoding & 0x04) === 0 ? GSM7 : undefined;
  if (dataCoding !== 0 && dataCoding !== 8 && (dataCoding & 0xf0) !== 0x10) return undefined;
  return { 0: GSM7, 8: UCS2 }[dataCoding & 0x0c];
}

async function arrive(arrivals: Arrivals, deliver: DeliverSm, id: string, log: SmsLogger): Promise<void> {
  const from = phoneOf(deliver.source_addr_ton, deliver.source_addr);
  const port = phoneOf(deliver.dest_addr_ton, deliver.destination_addr);
  const content = deliver.message_payload ?? deliver.short_message;
  const fmt = codingOf(deliver.data_coding);
  const header = (deliver.esm_class & udhIndicator) === 0 ? { part: sarOf(deliver), body: content } : readHeader(content);
  if (!header || fmt === undefined) {
    log.warn({ id, coding: deliver.data_coding }, 'an SMS that is no text was dropped');
    return;
  }
  const { part, body } = header;
  if (part && part.total > 1) await arrivals.part(SMPP, { from, port, messageId: id, fmt, body: Buffer.from(body), ...part });
  else await arrivals.inbound(SMPP, { id, from, port, text: decodeText(body, fmt) ?? '' });
}

function sarOf(deliver: DeliverSm): { reference: number; total: number; number: number } | undefined {
  const { sar_msg_ref_num: reference, sar_total_segments: total = 0, sar_segment_seqnum: number = 0 } = deliver;
  return reference !== undefined && number >= 1 && number <= total ? { reference, total, number } : undefined;
}

const international = 1;
const phoneOf = (ton: number, address: string): string => (ton === international && /^\d/.test(address) ? `+${address}` : address);
