/** Twilio (API 2010-04-01): any text, numbers abroad. Facts: Twilio's pages on the Messages resource and request validation. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { request } from './http.ts';
import type { Fetch, SendRequest, SendResult, SmsProvider } from './provider.ts';

export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** A number (E.164) or a messaging service (MG…). */
  readonly from: string;
  /** Where Twilio reports what became of a message; absent: nowhere. */
  readonly statusCallback: string | undefined;
  readonly baseUrl: string;
}

const messageSchema = z.looseObject({ sid: z.string() });
const errorSchema = z.looseObject({ code: z.number().optional(), status: z.number().optional() });
const listSchema = z.object({
  messages: z.array(z.looseObject({ sid: z.string(), body: z.string().nullish(), to: z.string(), date_created: z.string().nullish() })),
});

/** 21610: the recipient has replied STOP. Source: Twilio's error dictionary. */
const unsubscribed = 21610;

export function createTwilio(settings: TwilioSettings, tools: { fetch: Fetch }): SmsProvider {
  const messages = `${settings.baseUrl}/2010-04-01/Accounts/${encodeURIComponent(settings.accountSid)}/Messages.json`;
  const headers = { Authorization: `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}` };
  return {
    name: 'twilio',
    freeText: true,
    mainland: false,
    countryCode: '1',
    async send({ to, port, draft }: SendRequest): Promise<SendResult> {
      const from = port || settings.from;
      const answer = await request(tools.fetch, messages, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          To: to,
          ...(from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }),
          Body: draft.text,
          ...(settings.statusCallback ? { StatusCallback: settings.statusCallback } : {}),
        }),
      });
      if (!answer.ok) return answer.result;
      if (answer.status < 300) {
        const sent = messageSchema.safeParse(answer.json);
        return sent.success ? { ok: true, ids: [sent.data.sid] } : { ok: false, why: 'uncertain', code: 'unreadable answer' };
      }
      const { code } = errorSchema.safeParse(answer.json).data ?? {};
      const why = answer.status === 401 || answer.status === 403 ? 'down' : 'never';
      return { ok: false, why, code: String(code ?? answer.status), ...(code === unsubscribed ? { optedOut: true } : {}) };
    },
    async lookUp({ to, draft }, since) {
      const day = new Date(since).toISOString().slice(0, 10);
      const answer = await request(tools.fetch, `${messages}?${new URLSearchParams({ To: to, 'DateSent>': day, PageSize: '50' })}`, {
        headers,
      });
      if (!answer.ok) throw new Error('the sent messages could not be asked for');
      const list = listSchema.parse(answer.json).messages;
      // A second's difference between the clocks must not hide it.
      const found = list.find((one) => one.to === to && one.body === draft.text && Date.parse(one.date_created ?? '') >= since - 60_000);
      return found && [found.sid];
    },
  };
}

/**
 * Checks X-Twilio-Signature over the public URL and all form fields: names sorted by bytes, repeated values once each and sorted.
 * The URL with and without its default port is accepted, as Twilio's own library does.
 */
export function validTwilioSignature(given: string | undefined, authToken: string, url: string, fields: URLSearchParams): boolean {
  if (!given) return false;
  const names = [...new Set(fields.keys())].sort(byBytes);
  const joined = names
    .map((name) =>
      [...new Set(fields.getAll(name))]
        .sort(byBytes)
        .map((value) => name + value)
        .join(''),
    )
    .join('');
  const signature = Buffer.from(given);
  return variants(url).some((variant) => {
    const expected = Buffer.from(
      createHmac('sha1', authToken)
        .update(variant + joined)
        .digest('base64'),
    );
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function variants(url: string): string[] {
  const { protocol, port } = new URL(url);
  const defaultPort = protocol === 'https:' ? 443 : 80;
  if (port !== '') return [url];
  const withPort = url.replace(/^(https?:\/\/[^/?#]+)/, `$1:${defaultPort}`);
  return [url, url.replace(new RegExp(`^(https?://[^/?#]+):${defaultPort}(?=[/?#]|$)`), '$1'), withPort];
}
