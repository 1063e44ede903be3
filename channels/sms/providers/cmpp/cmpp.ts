/** The direct line to a mainland carrier: any text both ways, long messages in parts, status reports. */
import type { ReceiptState } from '../../../../bot/store/sms-receipts.ts';
import type { SmsLogger } from '../../queue/queue.ts';
import { localDigits } from '../../text/phone.ts';
import { decodeText, longContents, readHeader, UCS2 } from '../content.ts';
import type { Arrivals, SendRequest, SendResult, SmsProvider } from '../provider.ts';
import { partsReference, sendParts } from '../send-parts.ts';
import { CmppClient, type CmppTimers } from './client.ts';
import { type Deliver, decodeReport } from './messages.ts';
import type { CmppSettings } from './settings.ts';

/** Stat of a report; everything else means that it did not arrive. Source: CMPP 3.0, section on status reports. */
const states: Readonly<Record<string, ReceiptState>> = { DELIVRD: 'delivered', ACCEPTD: 'sent', UNKNOWN: 'sent' };

export function createCmpp(
  settings: CmppSettings,
  tools: { now: () => number; log: SmsLogger; timers?: Partial<CmppTimers> },
): SmsProvider {
  let arrivals: Arrivals | undefined;
  const client = new CmppClient({
    settings,
    ...tools,
    onReady: () => arrivals?.ready('cmpp'),
    onDeliver: async (deliver) => {
      if (!arrivals) throw new Error('nobody takes what comes in yet');
      await arrive(arrivals, deliver, tools.log);
    },
  });
  return {
    name: 'cmpp',
    freeText: true,
    mainland: true,
    countryCode: '86',
    async send({ to, port, draft, key, progress }: SendRequest): Promise<SendResult> {
      const contents = longContents(draft.text, partsReference(key));
      return sendParts(contents, progress, async (content, index) => {
        const outcome = await client.submit({
          total: contents.length,
          number: index + 1,
          serviceId: settings.serviceId,
          spId: settings.spId,
          srcId: port || settings.srcId,
          to: localDigits(to),
          udhi: contents.length > 1,
          fmt: UCS2,
          content,
        });
        if (typeof outcome === 'string') return outcome;
        if (outcome.result === 0) return { ok: true, id: outcome.messageId };
        // 8 is flow control, 3 a sequence number met twice; all others need a person.
        const why = outcome.result === 8 ? 'slower' : outcome.result === 3 ? 'later' : 'never';
        return { ok: false, why, code: `result ${outcome.result}` };
      });
    },
    start(to) {
      arrivals = to;
      client.start();
    },
    close: () => client.close(),
  };
}

async function arrive(arrivals: Arrivals, deliver: Deliver, log: SmsLogger): Promise<void> {
  const { messageId, from, to, udhi, fmt, content } = deliver;
  if (deliver.report) {
    const report = decodeReport(content);
    await arrivals.receipt({ provider: 'cmpp', providerId: report.messageId, state: states[report.stat] ?? 'failed', code: report.stat });
    return;
  }
  const header = udhi ? readHeader(content) : { part: undefined, body: content };
  if (!header || decodeText(header.body, fmt) === undefined) {
    log.warn({ messageId, fmt }, 'an SMS that is no text was dropped');
    return;
  }
  const { part, body } = header;
  if (part && part.total > 1) await arrivals.part('cmpp', { from, port: to, messageId, fmt, body: Buffer.from(body), ...part });
  else await arrivals.inbound('cmpp', { id: messageId, from, port: to, text: decodeText(body, fmt) ?? '' });
}
