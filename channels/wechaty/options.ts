/** What the wechaty channel needs, and the part of wechaty it uses: any puppet, and a fake, fits. Names: wechaty 1.20. */
import type { IncomingActivity, LoggedActivity } from '../../bot/activity.ts';

export const WECHATY_CHANNEL = 'wechaty';

export interface Contact {
  readonly id: string;
  name(): string;
  say(text: string): Promise<unknown>;
}
export interface Room {
  readonly id: string;
  say(text: string, ...mentioned: Contact[]): Promise<unknown>;
}
export interface Message {
  readonly id: string;
  self(): boolean;
  /** Seconds since it was sent. */
  age(): number;
  /** 7 text · 13 recalled · 18 system; others are files, cards and the like. */
  type(): number;
  text(): string;
  talker(): Contact;
  room(): Room | undefined;
  mentionSelf(): Promise<boolean>;
  /** The text without the mentions. */
  mentionText(): Promise<string>;
}
export interface WechatyLike {
  on(event: 'message', listener: (message: Message) => void): unknown;
  on(event: 'scan', listener: (qrcode: string, status: number) => void): unknown;
  on(event: 'login' | 'logout', listener: (user: Contact) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly Contact: { find(query: { id: string }): Promise<Contact | undefined> };
  readonly Room: { find(query: { id: string }): Promise<Room | undefined> };
}

export interface WechatyStatus {
  readonly state: 'starting' | 'scan' | 'online' | 'offline';
  /** The text a QR code must carry, while somebody has to scan it. */
  readonly qrcode: string | undefined;
}

export interface WechatyOptions {
  /** Makes the bot; called once, at start. `loadWechaty` is the real one. */
  readonly make: () => Promise<WechatyLike>;
  readonly core: () => {
    openConversation(input: {
      id: string;
      channel: string;
      userId: string;
      locale?: string;
      profile?: Record<string, unknown>;
    }): Promise<unknown>;
    receive(input: {
      conversationId: string;
      messageId: string;
      activity: IncomingActivity;
    }): Promise<{ readonly duplicate: boolean } | { readonly error: string }>;
  };
  /** The profile of a stored conversation. */
  readonly profileOf: (conversationId: string) => Promise<Record<string, unknown> | undefined>;
  /** The newest activities of a conversation, ascending. */
  readonly recent: (conversationId: string, count: number) => Promise<LoggedActivity[]>;
  /** A stored secret: makes our conversation ids from the puppet's ids. */
  readonly conversationKey: () => Promise<string>;
  /** Hears how the account's login stands, whenever that changes. */
  readonly onStatus?: (status: WechatyStatus) => Promise<void>;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** Between two messages, milliseconds: an account that talks faster than a person is soon blocked. Default 1500. */
  readonly gapMs?: number;
}
