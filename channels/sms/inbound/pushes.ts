/** What the HTTP providers push, as messages and receipts. A row that can't be read is named; the others count. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { InboundSms } from '../providers/provider.ts';
import type { PushedReceipt } from '../receipts.ts';

export interface Pushed {
  readonly messages: readonly InboundSms[];
  readonly receipts: readonly PushedReceipt[];
  /** What was wrong with which row, without its contents. */
  readonly problems: readonly string[];
}

/** Longest text looked at; no phone writes more. */
const text = z.string().max(20_000);
const word = z.union([z.string(), z.number()]).transform(String).pipe(z.string().max(200));
const id = word.pipe(z.string().min(1));

const aliyunMessage = z.looseObject({ phone_number: id, content: text, dest_code: word.nullish(), sequence_id: id });
const aliyunReceipt = z.looseObject({
  phone_number: id,
  success: z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]),
  err_code: word.nullish(),
  biz_id: id,
  out_id: word.nullish(),
});

/** Aliyun's SmsUp and SmsReport: an array of either. Undefined when the body is none. */
export function readAliyun(body: unknown): Pushed | undefined {
  return readRows(body, (row, pushed) => {
    if (typeof row === 'object' && row !== null && 'content' in row) {
      const { phone_number, content, dest_code, sequence_id } = aliyunMessage.parse(row);
      pushed.messages.push({ id: sequence_id, from: phone_number, port: dest_code ?? '', text: content });
    } else {
      const { success, err_code, biz_id, out_id } = aliyunReceipt.parse(row);
      pushed.receipts.push({
        provider: 'aliyun',
        providerId: biz_id,
        state: success ? 'delivered' : 'failed',
        code: err_code ?? null,
        ...(out_id ? { key: out_id } : {}),
      });
    }
  });
}

const tencentMessage = z.looseObject({ mobile: id, nationcode: word.nullish(), text, extend: word.nullish(), time: word });
const tencentReceipt = z.looseObject({ sid: id, report_status: z.enum(['SUCCESS', 'FAIL']), errmsg: word.nullish() });

/** Tencent's reply callback (one object) and status callback (an array). It gives messages no id: their content and time are it. */
export function readTencent(body: unknown): Pushed | undefined {
  return readRows(Array.isArray(body) ? body : [body], (row, pushed) => {
    if (typeof row === 'object' && row !== null && 'report_status' in row) {
      const { sid, report_status, errmsg } = tencentReceipt.parse(row);
      pushed.receipts.push({
        provider: 'tencent',
        providerId: sid,
        state: report_status === 'SUCCESS' ? 'delivered' : 'failed',
        code: errmsg ?? null,
      });
    } else {
      const { mobile, nationcode, text: content, extend, time } = tencentMessage.parse(row);
      const hash = createHash('sha256')
        .update(JSON.stringify([mobile, time, extend ?? '', content]))
        .digest('hex');
      const from = mobile.startsWith('+') ? mobile : `+${nationcode || '86'}${mobile}`;
      pushed.messages.push({ id: hash, from, port: extend ?? '', text: content });
    }
  });
}

const twilioStates: Record<string, PushedReceipt['state']> = {
  accepted: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
};
const twilioMessage = z.object({ MessageSid: id, From: id, To: id, Body: text.default('') });

/** Twilio's webhook and status callback, after its signature was checked. Undefined when it is neither. */
export function readTwilio(fields: URLSearchParams): Pushed | undefined {
  const status = fields.get('MessageStatus') ?? fields.get('SmsStatus') ?? '';
  const sid = fields.get('MessageSid') ?? '';
  const state = twilioStates[status];
  if (state !== undefined && sid !== '') {
    return {
      messages: [],
      receipts: [{ provider: 'twilio', providerId: sid, state, code: fields.get('ErrorCode') || status }],
      problems: [],
    };
  }
  const parsed = twilioMessage.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return undefined;
  const { MessageSid, From, To, Body } = parsed.data;
  return { messages: [{ id: MessageSid, from: From, port: To, text: Body }], receipts: [], problems: [] };
}

type Growing = { messages: InboundSms[]; receipts: PushedReceipt[]; problems: string[] };

function readRows(body: unknown, read: (row: unknown, pushed: Growing) => void): Pushed | undefined {
  if (!Array.isArray(body)) return undefined;
  const pushed: Growing = { messages: [], receipts: [], problems: [] };
  for (const [index, row] of body.entries()) {
    try {
      read(row, pushed);
    } catch (error) {
      const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
      pushed.problems.push(`row ${index}: ${issue ? `${issue.path.join('.')} ${issue.message}` : 'not readable'}`);
    }
  }
  return pushed;
}
