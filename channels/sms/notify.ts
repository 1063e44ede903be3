/** Messages nobody asked for: reminders, progress, follow-up. Only with consent; when they go is the queue's affair. */
import type { Db } from '../../bot/store/database.ts';
import { queueSms } from '../../bot/store/sms-messages.ts';
import { smsNumber } from '../../bot/store/sms-numbers.ts';
import { keepPage } from '../../bot/store/sms-pages.ts';
import { smsAddressOf } from '../../bot/store/sms-sessions.ts';
import { type Manner, sentence } from './compose.ts';
import type { PageBody, SmsKind, SmsMenu } from './draft.ts';
import { clean } from './text/clean.ts';

export const noticeKinds = ['appointment', 'work_order', 'follow_up'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Notice {
  /** The same for the same occasion: a second call sends nothing. */
  readonly key: string;
  /** E.164, with the service number it comes from if not the provider's own; or whoever wrote by SMS under this user id. */
  readonly to: { readonly phone: string; readonly port?: string } | { readonly userId: string };
  readonly kind: NoticeKind;
  /** The words, for providers that carry any text; plain, at most three SMS. */
  readonly text: string;
  /** The same for templates: `matter`, and `time` and `place`, or `state`. What no template carries is read under a short code. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  /** Not before, epoch milliseconds; absent: as soon as it may. */
  readonly dueAt?: number | undefined;
  /** After this it is pointless, epoch milliseconds; absent: a day after it is due. */
  readonly expiresAt?: number | undefined;
  readonly conversationId?: string | undefined;
  readonly menu?: SmsMenu | undefined;
}

export type NoticeOutcome = 'queued' | 'already_queued' | 'no_consent' | 'opted_out' | 'no_phone' | 'too_long' | 'too_late';

export interface NoticeRules {
  readonly manner: Manner;
  /** How a text that only a page can carry is kept; absent: every provider carries any text. */
  readonly pages: { readonly lifetimeMs: number; readonly newCode: () => string } | undefined;
}

const templateOf: Record<NoticeKind, SmsKind> = { appointment: 'reminder', work_order: 'progress', follow_up: 'followup' };
const matterOf: Record<NoticeKind, string> = { appointment: '预约', work_order: '诉求', follow_up: '咨询' };
const day = 24 * 3_600_000;

/**
 * Queues a notice if its number allows it, for whichever process sends. Quiet hours, limits and the budget are kept when it is sent; so is
 * an opt-out in the meantime. Every refusal is an outcome, never an error.
 */
export async function queueNotice(db: Db, now: number, { manner, pages }: NoticeRules, notice: Notice): Promise<NoticeOutcome> {
  const address = 'userId' in notice.to ? await smsAddressOf(db, notice.to.userId) : { port: '', ...notice.to };
  if (!address) return 'no_phone';
  const { phone, port } = address;
  const { key, kind, dueAt, expiresAt = Math.max(now, dueAt ?? 0) + day, conversationId = null, menu } = notice;
  if (expiresAt <= Math.max(now, dueAt ?? 0)) return 'too_late';
  const number = await smsNumber(db, phone);
  if (number.optedOutAt !== null) return 'opted_out';
  if (number.consentAt === null) return 'no_consent';
  const text = clean(notice.text);
  const vars = { matter: matterOf[kind], ...notice.vars };
  const { draft, segments } = sentence(templateOf[kind], text, manner, vars);
  if (segments > manner.mostSegments) return 'too_long';
  if (pages) {
    const body: PageBody = { title: vars.matter, text, sources: [], ai: false, personal: true, locale: 'zh-CN' };
    draft.vars.code = await keepPage(db, { messageKey: key, phone, body, expiresAt: expiresAt + pages.lifetimeMs }, pages.newCode, now);
  }
  const row = { key, phone, port, conversationId, class: 'notice' as const, draft, segments, dueAt, expiresAt, ...(menu ? { menu } : {}) };
  return (await queueSms(db, row, now)) ? 'queued' : 'already_queued';
}
