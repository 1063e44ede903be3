/** What the Bot Framework endpoint needs from the house, passed in by server/. */
import type { ChannelAccount, IncomingActivity, LoggedActivity } from '../../bot/activity.ts';
import type { Deliver } from '../../bot/outbox-sender.ts';
import type { ChannelCapabilities } from '../../bot/render.ts';
import type { CredentialOptions } from './credentials.ts';

/** Where the router must be mounted: `app.use(MESSAGES_PATH, router)`. Bot Framework clients expect this path. */
export const MESSAGES_PATH = '/api/messages';

/** The channel every conversation of this endpoint belongs to, whatever Bot Framework channel (Teams, Web Chat …) it came through. */
export const BOT_FRAMEWORK_CHANNEL = 'botframework';

/** The part of a stored conversation that this channel reads. */
export interface ConversationRecord {
  readonly id: string;
  readonly userId: string;
  readonly profile: Record<string, unknown>;
}

/** The part of `Core` that this channel uses. */
export interface BotFrameworkCore {
  readonly log: { read(conversationId: string, afterSeq: number, limit?: number): Promise<LoggedActivity[]> };
  openConversation(input: {
    id: string;
    channel: string;
    userId: string;
    locale?: string;
    profile?: Record<string, unknown>;
  }): Promise<{ conversation: ConversationRecord; created: boolean }>;
  receive(input: {
    conversationId: string;
    messageId: string;
    activity: IncomingActivity;
  }): Promise<{ activityId: string; seq: number; duplicate: boolean } | { error: string }>;
  typing(conversationId: string, from: ChannelAccount): void;
}

/** As much of pino as is used here. */
export interface BotFrameworkLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface BotFrameworkOptions extends CredentialOptions {
  /** Called when a request or a delivery comes: the binding must exist before the core does. */
  readonly core: () => BotFrameworkCore;
  /** The stored conversation or undefined: `(id) => findConversation(db, id)`. */
  readonly findConversation: (id: string) => Promise<ConversationRecord | undefined>;
  /** Replaces the profile of a conversation: `(id, profile) => updateConversation(db, id, { profile }, now())`. */
  readonly saveProfile: (id: string, profile: Record<string, unknown>) => Promise<void>;
  /** A stored secret of at least 16 characters; makes our conversation ids from the channels' ids. Changing it starts all conversations anew. */
  readonly conversationKey: () => Promise<string>;
  readonly log: BotFrameworkLogger;
  /** After this long without an answer of the Bot Connector a try has failed, milliseconds; default 10,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** A push channel as the house wires it (`ChannelBinding` of server/house.ts). */
export interface BotFrameworkBinding {
  readonly name: string;
  readonly capabilities: ChannelCapabilities;
  readonly deliver: Deliver;
}
