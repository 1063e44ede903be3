/** What the Direct Line server needs from the house: the part of the core it uses, passed in by server/. */
import type { IncomingMessage } from 'node:http';
import type { ChannelAccount, IncomingActivity, LoggedActivity } from '../../../bot/activity.ts';
import type { LiveEvent } from '../../../bot/log.ts';
import type { Limits } from './limits.ts';
import type { CountUse } from './throttle.ts';
import type { UploadStore } from './uploads/store.ts';

/** Where the router must be mounted: `app.use(DIRECT_LINE_PATH, router)`. */
export const DIRECT_LINE_PATH = '/v3/directline';

/** The channel every conversation of this server belongs to; conversations of other channels are invisible to it. */
export const WEB_CHANNEL = 'web';

/** The part of a stored conversation that this channel reads. */
export interface ConversationSummary {
  readonly id: string;
  readonly channel: string;
  readonly userId: string;
}

/** Reading and following a conversation; `ConversationLog` is one. */
export interface ReadableLog {
  /** Activities with seq > `afterSeq`, ascending, at most `limit`. */
  read(conversationId: string, afterSeq: number, limit?: number): Promise<LoggedActivity[]>;
  /** Hears live events until the returned function is called. */
  follow(conversationId: string, listener: (event: LiveEvent) => void): () => void;
}

/** The part of `Core` that this channel uses. */
export interface DirectLineCore {
  readonly log: ReadableLog;
  openConversation(input: {
    id?: string;
    channel: string;
    userId: string;
    locale?: string;
    profile?: Record<string, unknown>;
  }): Promise<{ conversation: ConversationSummary; created: boolean }>;
  receive(input: {
    conversationId: string;
    messageId: string;
    activity: IncomingActivity;
  }): Promise<{ activityId: string; seq: number; duplicate: boolean } | { error: 'unknown_conversation' | 'ended' }>;
  typing(conversationId: string, from: ChannelAccount): void;
}

/** As much of pino as is used here. */
export interface DirectLineLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface DirectLineOptions {
  readonly core: DirectLineCore;
  /** The stored conversation or undefined: `(id) => findConversation(database.db, id)`. */
  readonly findConversation: (id: string) => Promise<ConversationSummary | undefined>;
  /** DIRECTLINE_SECRET. With it only its holder may generate tokens; without it allowed origins and non-browser clients may. */
  readonly secret?: string | undefined;
  /** HMAC key of tokens and file links, at least 16 characters. Changing it ends every token. */
  readonly signingKey: string;
  /** Base of the addresses handed out, without trailing slash: `https://host[:port][/prefix]`. */
  readonly publicUrl: (request: IncomingMessage) => string;
  /** WIDGET_ORIGINS: origins of pages that may talk to this server, besides its own. `*` allows all. */
  readonly allowedOrigins: readonly string[];
  readonly uploads: UploadStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 128 random bits or more, from `[A-Za-z0-9_-]`: conversation and user ids must be unguessable. */
  readonly newId: () => string;
  readonly log: DirectLineLogger;
  readonly limits?: Partial<Limits> | undefined;
  /** Whether other processes write to the log (default): what they don't tell of is looked for now and then. */
  readonly others?: boolean | undefined;
  /** Where the limits of a minute are counted; absent: in this process alone. */
  readonly countUse?: CountUse | undefined;
  /** What a client is told while nothing can be stored; with the phone number for what can't wait. */
  readonly unavailable?: string | undefined;
}

/** The options with limits filled in, as every part of this folder gets them. */
export type Context = Omit<DirectLineOptions, 'limits'> & { readonly limits: Limits };
