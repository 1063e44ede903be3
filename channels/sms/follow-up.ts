/** The question whether a case that staff closed is solved. */
import { createHmac } from 'node:crypto';
import type { Db } from '../../bot/store/database.ts';
import { smsSessionOf } from '../../bot/store/sms-sessions.ts';
import { type NoticeRules, queueNotice } from './notify.ts';
import { SMS_CHANNEL, type SmsOptions } from './options.ts';
import { stringsFor } from './text/strings.ts';

const hour = 3_600_000;
/** Not while the citizen still has the phone in their hand. */
const earliestMs = 2 * hour;
/** Follow-up is due within three days of closing. Source: GB/T 42188-2022, 10.1 (办结后三日内). */
const latestMs = 72 * hour;

/** Asks a sample of citizens whose case at the desk was closed whether it is solved: each case at most once, within three days. */
export async function followUp(options: SmsOptions, rules: NoticeRules, sample: { rate: number; seed: string }): Promise<void> {
  if (sample.rate <= 0) return;
  const { db } = options.house().database;
  for (const { id, conversationId, closedAt } of await closedCases(db, options.now() - latestMs, options.now() - earliestMs)) {
    if (!sampled(sample, id)) continue;
    const session = await smsSessionOf(db, conversationId);
    if (!session) continue;
    const strings = stringsFor(session.locale);
    const matter = session.locale.startsWith('en') ? 'your enquiry' : '人工服务的事';
    await queueNotice(db, options.now(), rules, {
      key: `followup:${id}`,
      to: { phone: session.phone, port: session.port },
      kind: 'follow_up',
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
