/** Messages nobody asked for: reminders, progress, and the question whether a closed case is solved. Only with consent. */
import { createHmac } from 'node:crypto';
import type { Db } from '../../bot/store/database.ts';
import { queueSms } from '../../bot/store/sms-messages.ts';
import { smsNumber } from '../../bot/store/sms-numbers.ts';
import { smsSessionOf } from '../../bot/store/sms-sessions.ts';
import { type Manner, sentence } from './compose.ts';
import type { SmsKind, SmsMenu } from './draft.ts';
import { SMS_CHANNEL, type SmsOptions } from './options.ts';
import { clean } from './text/clean.ts';
import { stringsFor } from './text/strings.ts';

export interface Notice {
  /** The same for the same occasion: a second call sends nothing. */
  readonly key: string;
  /** E.164. */
  readonly phone: string;
  /** The service number it comes from; empty for the provider's own. */
  readonly port?: string;
  readonly kind: Extract<SmsKind, 'reminder' | 'progress' | 'followup'>;
  /** The words, for providers that carry any text; plain, within one message. */
  readonly text: string;
  /** The same for templates: `matter`, and `time` and `place`, or `state`. */
  readonly vars: Readonly<Record<string, string>>;
  /** After this it is pointless, epoch milliseconds. */
  readonly expiresAt: number;
  readonly conversationId?: string;
  readonly menu?: SmsMenu;
}

export type NoticeOutcome = 'queued' | 'already_queued' | 'no_consent' | 'opted_out';

/** Queues a notice if the number allows it. Quiet hours, limits and the budget are kept when it is sent; so is a later opt-out. */
export async function queueNotice(db: Db, now: number, manner: Manner, notice: Notice): Promise<NoticeOutcome> {
  const number = await smsNumber(db, notice.phone);
  if (number.optedOutAt !== null) return 'opted_out';
  if (number.consentAt === null) return 'no_consent';
  const { draft, segments } = sentence(notice.kind, clean(notice.text), manner, { ...notice.vars });
  const { key, phone, port = '', expiresAt, conversationId = null, menu } = notice;
  const row = { key, phone, port, conversationId, class: 'notice' as const, draft, segments, expiresAt, ...(menu ? { menu } : {}) };
  return (await queueSms(db, row, now)) ? 'queued' : 'already_queued';
}

const hour = 3_600_000;
/** Not while the citizen still has the phone in their hand. */
const earliestMs = 2 * hour;
/** Follow-up is due within three days of closing. Source: GB/T 42188-2022, 10.1 (办结后三日内). */
const latestMs = 72 * hour;

/** Asks a sample of citizens whose case at the desk was closed whether it is solved: each case at most once, within three days. */
export async function followUp(options: SmsOptions, manner: Manner, sample: { rate: number; seed: string }): Promise<void> {
  if (sample.rate <= 0) return;
  const { db } = options.house().database;
  for (const { id, conversationId, closedAt } of await closedCases(db, options.now() - latestMs, options.now() - earliestMs)) {
    if (!sampled(sample, id)) continue;
    const session = await smsSessionOf(db, conversationId);
    if (!session) continue;
    const strings = stringsFor(session.locale);
    const matter = session.locale.startsWith('en') ? 'your enquiry' : '人工服务的事';
    await queueNotice(db, options.now(), manner, {
      key: `followup:${id}`,
      phone: session.phone,
      port: session.port,
      kind: 'followup',
      text: strings.followUp(matter),
      vars: { matter },
      expiresAt: closedAt + latestMs,
      conversationId,
      menu: { kind: 'followup', ref: id },
    });
  }
}

/** The same case is always in or always out, and the share is `rate`. */
export function sampled({ rate, seed }: { rate: number; seed: string }, id: string): boolean {
  return createHmac('sha256', seed).update(id).digest().readUInt32BE(0) / 2 ** 32 < rate;
}

async function closedCases(db: Db, from: number, to: number): Promise<{ id: string; conversationId: string; closedAt: number }[]> {
  const rows = await db
    .selectFrom('handoffs')
    .innerJoin('conversations', 'conversations.id', 'handoffs.conversation_id')
    .select(['handoffs.id', 'handoffs.conversation_id', 'handoffs.closed_at'])
    .where('conversations.channel', '=', SMS_CHANNEL)
    .where('handoffs.status', '=', 'closed')
    .where('handoffs.closed_at', '>=', from)
    .where('handoffs.closed_at', '<=', to)
    .limit(200)
    .execute();
  return rows.flatMap((row) =>
    row.closed_at === null ? [] : [{ id: row.id, conversationId: row.conversation_id, closedAt: row.closed_at }],
  );
}
