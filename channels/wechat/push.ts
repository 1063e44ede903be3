/** A pushed message or event, read: who, when, what. Fields: developers.weixin.qq.com, pages 接收普通消息 and 接收事件推送. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export type What =
  | { kind: 'text'; text: string /** The item of a menu message that was pressed. */; pressed: string | undefined }
  | {
      kind: 'media';
      media: 'image' | 'voice' | 'video';
      mediaId: string /** What the platform heard in a voice message. */;
      words: string | undefined;
    }
  | { kind: 'location'; latitude: number; longitude: number; label: string }
  | { kind: 'link'; title: string; url: string }
  | { kind: 'arrived' /** Of a QR code with a parameter. */; scene: string }
  | { kind: 'left' }
  | { kind: 'click'; key: string }
  | { kind: 'entered' }
  | { kind: 'follow-up'; messageId: string; problem: string | undefined }
  | { kind: 'other'; event: boolean };

export interface Push {
  readonly openid: string;
  /** The account's original id (gh_…), which a reply carries as its sender. */
  readonly to: string;
  /** The same for every delivery of one push. */
  readonly key: string;
  readonly what: What;
}

const line = z.string().max(2048).default('');
const number = z
  .union([z.number(), z.string().regex(/^-?\d{1,4}(?:\.\d{1,12})?$/)])
  .transform(Number)
  .catch(0);

const baseSchema = z.object({
  ToUserName: z.string().min(1).max(64),
  FromUserName: z.string().regex(/^[\w-]{1,64}$/),
  CreateTime: z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,13}$/)]).transform(String),
  MsgType: z.string().min(1).max(64),
  MsgId: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});

const detailsSchema = z.object({
  Content: z.string().max(20_000).default(''),
  bizmsgmenuid: z.string().max(256).optional(),
  MediaId: line,
  Recognition: line,
  Location_X: number,
  Location_Y: number,
  Label: line,
  Title: line,
  Url: line,
  Event: z.string().max(64).default(''),
  EventKey: line,
  MsgID: z.union([z.string(), z.number()]).transform(String).optional(),
  Status: line,
});
type Details = z.output<typeof detailsSchema>;

/** Reads the fields of a push; undefined when the fields every push has are missing. */
export function readPush(fields: Record<string, unknown>): Push | undefined {
  const base = baseSchema.safeParse(fields);
  const details = detailsSchema.safeParse(fields);
  if (!base.success) return undefined;
  const { ToUserName: to, FromUserName: openid, CreateTime: at, MsgType: type, MsgId: id } = base.data;
  const what: What = details.success ? whatOf(type, details.data, fields) : { kind: 'other', event: type === 'event' };
  const event = details.success && type === 'event' ? `${details.data.Event}:${details.data.EventKey}` : type;
  return { openid, to, key: id ?? hashed(`${openid}:${at}:${event}`), what };
}

/** Keys are kept; who the citizen is should not stand in them. */
const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 32);

function whatOf(type: string, details: Details, fields: Record<string, unknown>): What {
  switch (type) {
    case 'text':
      return { kind: 'text', text: details.Content, pressed: details.bizmsgmenuid };
    case 'image':
    case 'voice':
      return {
        kind: 'media',
        media: type,
        mediaId: details.MediaId,
        words: type === 'voice' ? details.Recognition.trim() || undefined : undefined,
      };
    case 'video':
    case 'shortvideo':
      return { kind: 'media', media: 'video', mediaId: details.MediaId, words: undefined };
    case 'location':
      return { kind: 'location', latitude: details.Location_X, longitude: details.Location_Y, label: details.Label };
    case 'link':
      return { kind: 'link', title: details.Title, url: details.Url };
    case 'miniprogrampage':
      return { kind: 'link', title: details.Title, url: '' };
    case 'event':
      return eventOf(details, fields);
    default:
      return { kind: 'other', event: false };
  }
}

function eventOf(details: Details, fields: Record<string, unknown>): What {
  const { Event: event, EventKey: key } = details;
  switch (event.toLowerCase()) {
    case 'subscribe':
      return { kind: 'arrived', scene: key.replace(/^qrscene_/, '') };
    case 'scan':
      return { kind: 'arrived', scene: key };
    case 'unsubscribe':
    case 'user_authorization_revoke':
    case 'user_authorization_cancellation':
      return { kind: 'left' };
    case 'click':
      return { kind: 'click', key };
    case 'user_enter_tempsession':
      return { kind: 'entered' };
    case 'templatesendjobfinish':
      return { kind: 'follow-up', messageId: details.MsgID ?? '', problem: details.Status === 'success' ? undefined : details.Status };
    case 'subscribe_msg_sent_event':
      return subscribeOutcome(fields);
    default:
      return { kind: 'other', event: true };
  }
}

const outcomeSchema = z.object({
  SubscribeMsgSentEvent: z.object({
    List: z.object({
      MsgID: z.union([z.string(), z.number()]).transform(String),
      ErrorCode: z.union([z.string(), z.number()]),
      ErrorStatus: line,
    }),
  }),
});
function subscribeOutcome(fields: Record<string, unknown>): What {
  const parsed = outcomeSchema.safeParse(fields);
  if (!parsed.success) return { kind: 'other', event: true };
  const { MsgID, ErrorCode, ErrorStatus } = parsed.data.SubscribeMsgSentEvent.List;
  return { kind: 'follow-up', messageId: MsgID, problem: String(ErrorCode) === '0' ? undefined : `${ErrorCode} ${ErrorStatus}` };
}
