/** What the WeChat channel needs from the house, passed in by server/. */
import type { IncomingActivity, LoggedActivity } from '../../bot/activity.ts';
import type { LiveEvent } from '../../bot/log.ts';
import type { Deliver } from '../../bot/outbox-sender.ts';
import type { ChannelCapabilities } from '../../bot/render.ts';
import type { Db, OpenDatabase } from '../../bot/store/database.ts';
import type { WechatAccount } from './accounts.ts';
import type { WechatApi } from './api/api.ts';

/** Where the router must be mounted: the callback addresses begin with it. */
export const WECHAT_PATH = '/channels/wechat';

/** The part of `Core` that this channel uses. */
export interface WechatCore {
  readonly log: {
    read(conversationId: string, afterSeq: number, limit?: number): Promise<LoggedActivity[]>;
    follow(conversationId: string, listener: (event: LiveEvent) => void): () => void;
  };
  openConversation(input: {
    id: string;
    channel: string;
    userId: string;
    locale?: string;
    profile?: Record<string, unknown>;
  }): Promise<{ created: boolean }>;
  receive(input: {
    conversationId: string;
    messageId: string;
    activity: IncomingActivity;
    /** What is to be stored with it or not at all. */
    along?: ((tx: Db) => Promise<void>) | undefined;
  }): Promise<{ activityId: string; seq: number; duplicate: boolean } | { error: string }>;
}

/** As much of pino as is used here. */
export interface WechatLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where voice is turned into text: an OpenAI-compatible `/audio/transcriptions`. */
export interface Transcription {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
}

/** Milliseconds. The platform drops a request after 5 s. */
export interface Waits {
  /** An account with customer-service messages: how long a response is held for an answer that costs no message. */
  readonly replyMs: number;
  /** An account without: how long each of the three deliveries is held. */
  readonly lastReplyMs: number;
  /** A message that is not stored by then counts as not taken: the citizen is told so while the platform still listens. */
  readonly storeMs: number;
  /** How long a file or a transcription may take before the message is accepted without it. */
  readonly mediaMs: number;
  /** After this long without an answer of the API a call has failed. */
  readonly apiMs: number;
}
export const defaultWaits: Waits = { replyMs: 400, lastReplyMs: 4500, storeMs: 4200, mediaMs: 3500, apiMs: 10_000 };

export interface WechatOptions {
  readonly accounts: readonly WechatAccount[];
  /** https://api.weixin.qq.com, or what stands in for it (another region, a test). */
  readonly apiBaseUrl: string;
  readonly transcription?: Transcription | undefined;
  /** Called when a push or a delivery comes: the binding must exist before the core does. */
  readonly core: () => WechatCore;
  readonly database: () => OpenDatabase;
  readonly now: () => number;
  /** 128 random bits or more, from `[A-Za-z0-9_-]`. */
  readonly newId: () => string;
  readonly log: WechatLogger;
  /** Tells somebody (E.164) by SMS that an answer waits in WeChat, once for a key; false when that number may not be written to. Absent: no SMS here. */
  readonly tellBySms?: ((notice: { key: string; phone: string }) => Promise<boolean>) | undefined;
  readonly waits?: Partial<Waits> | undefined;
}

/** Keeps a file of a citizen; `undefined` when it is not of an accepted kind or too large. */
export type SaveMedia = (file: {
  body: ReadableStream<Uint8Array>;
  name: string;
  contentType: string;
  conversationId: string;
}) => Promise<{ contentType: string; contentUrl: string; name: string; content: () => Promise<Buffer> } | undefined>;

export interface ChannelFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** The file behind the address of an attachment, if it is one of ours and still there. */
export type FileAt = (contentUrl: string) => Promise<ChannelFile | undefined>;

/** What may turn out about an account while it is used; corrected until the next start. */
export interface Standing {
  /** Customer-service messages may be sent. */
  messages: boolean;
  /** Menus in messages may be sent. */
  menus: boolean;
}

/** The options with everything made from them, as every part of this folder gets them. */
export interface Context extends Omit<WechatOptions, 'waits'> {
  readonly waits: Waits;
  readonly api: WechatApi;
  readonly standing: (account: WechatAccount) => Standing;
  readonly fileAt: FileAt;
  /** Work that goes on after an acknowledgement; it never rejects. */
  readonly afterwards: (work: Promise<void>) => void;
}

/** A push channel as the house wires it (`ChannelBinding` of server/house.ts). */
export interface WechatBinding {
  readonly name: string;
  readonly capabilities: ChannelCapabilities;
  readonly deliver: Deliver;
  /** Resolves when no response to a push is about to carry what the conversation is to be sent; undefined: none is. */
  readonly ready: (conversationId: string) => Promise<unknown> | undefined;
}
