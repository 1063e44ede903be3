/** What the SMS channel needs from the house, passed in by server/. */
import type { Activity, IncomingActivity, LoggedActivity } from '../../bot/activity.ts';
import type { ChannelCapabilities } from '../../bot/render.ts';
import type { Conversation } from '../../bot/store/conversations.ts';
import type { Db, OpenDatabase } from '../../bot/store/database.ts';
import type { SmsMetrics } from './metrics.ts';
import type { SmsLogger } from './queue/queue.ts';

/** The channel every SMS conversation belongs to, whichever provider carries it. */
export const SMS_CHANNEL = 'sms';
/** Where the pushes of HTTP providers arrive. */
export const SMS_PATH = '/channels/sms';
/** Where full texts are read; short, because it stands in messages. */
export const PAGE_PATH = '/s';

/** Replies come structured, so that this channel can number, cut and page them itself. */
export const smsCapabilities: ChannelCapabilities = { markdown: true, buttons: true, cards: true, citations: true };

/** The part of `Core` that this channel uses. */
export interface SmsCore {
  readonly log: {
    read(conversationId: string, afterSeq: number, limit?: number): Promise<LoggedActivity[]>;
    append(tx: Db, conversation: { id: string; channel: string }, activities: readonly Activity[]): Promise<LoggedActivity[]>;
    announce(conversationId: string, seq: number): void;
  };
  openConversation(input: {
    id: string;
    channel: string;
    userId: string;
    locale?: string;
    profile?: Record<string, unknown>;
  }): Promise<{ conversation: Conversation; created: boolean }>;
  receive(input: {
    conversationId: string;
    messageId: string;
    activity: IncomingActivity;
  }): Promise<{ activityId: string; seq: number; duplicate: boolean } | { error: string }>;
}

/** The house, once it is built: the channel must exist before it. */
export interface SmsHouse {
  readonly core: SmsCore;
  readonly database: OpenDatabase;
  /** The assistant's account. */
  readonly assistant: { readonly id: string; readonly name: string };
}

export interface SmsOptions {
  readonly house: () => SmsHouse;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: SmsLogger;
  /** Absent: nothing is counted. */
  readonly metrics?: SmsMetrics | undefined;
  /** A stored secret: makes conversation ids from phone numbers. */
  readonly conversationKey: () => Promise<string>;
  /** The address people use, without a slash at the end; absent: no links in messages, and Twilio's signature is over the request's own host. */
  readonly publicUrl: string | undefined;
  readonly fetch?: typeof globalThis.fetch;
  /** How often the queue and the clock of sessions are looked at, milliseconds; 0 = only when asked (tests). */
  readonly everyMs?: number;
}
