/** Tables: WeChat and puppets. Times are epoch milliseconds, `*_json` columns hold JSON text. */
import type { Immutable } from './immutable.ts';

export interface WechatCitizensTable {
  /** accountKey of channels/wechat: `oa:<id>` or `mp:<id>`. */
  account: Immutable<string>;
  openid: Immutable<string>;
  union_id: string | null;
  /** E.164; they agreed to be told there when WeChat does not take a message. */
  phone: string | null;
  conversation_id: string;
  /** Customer-service messages that may still be sent, until `quota_until`. */
  quota_left: number;
  quota_until: number;
  last_seen_at: number;
  created_at: Immutable<number>;
}

export interface WechatPushesTable {
  account: Immutable<string>;
  push_key: Immutable<string>;
  /** How often the platform has delivered it. */
  deliveries: number;
  first_at: Immutable<number>;
}

export interface WechatDeliveriesTable {
  activity_id: Immutable<string>;
  conversation_id: Immutable<string>;
  seq: Immutable<number>;
  account: Immutable<string>;
  /** kept: waits for the citizen's next message. */
  state: 'queued' | 'sending' | 'sent' | 'kept' | 'failed';
  /** reply: in the response to a push · message: customer-service message · page: the mini-program's own chat page reads it. */
  route: 'reply' | 'message' | 'page' | 'follow-up' | null;
  /** Parts of a long message that were sent already. */
  part: number;
  attempts: number;
  /** The platform's error code of the last try. */
  code: number | null;
  error: string | null;
  /** The platform's id of a follow-up message: its outcome is reported later. */
  message_id: string | null;
  /** How the citizen was told that something waits. */
  told: 'template' | 'subscribe' | 'sms' | null;
  /** Until then the process that is sending has the row for itself. */
  lease_until: number;
  created_at: Immutable<number>;
  updated_at: number;
}

export interface WechatTokensTable {
  app_id: Immutable<string>;
  token: string;
  expires_at: number;
  /** Until then one process is fetching a new one. */
  refreshing_until: number;
}

export interface WechatyLoginsTable {
  account: Immutable<string>;
  state: 'starting' | 'scan' | 'online' | 'offline';
  /** What a QR code must carry while somebody has to scan it. */
  qrcode: string | null;
  /** The QR code as an SVG image, where it could be drawn. */
  image: string | null;
  updated_at: number;
}

export interface WechatTables {
  wechat_citizens: WechatCitizensTable;
  wechat_pushes: WechatPushesTable;
  wechat_deliveries: WechatDeliveriesTable;
  wechat_tokens: WechatTokensTable;
  wechaty_logins: WechatyLoginsTable;
}
