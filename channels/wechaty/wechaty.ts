/** wechaty: WeChat and WeCom accounts through a puppet. Direct messages, and rooms when mentioned. */
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type IncomingActivity, type LoggedActivity, MAX_TEXT_LENGTH } from '../../bot/activity.ts';
import { type Deliver, PermanentDeliveryError } from '../../bot/outbox-sender.ts';
import { ratingLevels } from '../../bot/ratings/levels.ts';
import { refusal, refusesRating } from '../../bot/ratings/refusal.ts';
import { type ChannelCapabilities, plainCapabilities } from '../../bot/render.ts';
import { type Message, WECHATY_CHANNEL, type WechatyLike, type WechatyOptions, type WechatyStatus } from './options.ts';

export type { WechatyStatus } from './options.ts';

export interface WechatyChannel {
  /** For the house's `channels`: a push channel. */
  readonly binding: { readonly name: string; readonly capabilities: ChannelCapabilities; readonly deliver: Deliver };
  /** Logs in and listens. Rejects when wechaty or the puppet can't start. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const text = 7;
const recalled = 13;
const system = 18;
/** After a login puppets replay what was said before; nobody waits for an answer to that. */
const oldestSeconds = 60;
const defaultGapMs = 1500;
const wordsOnly = '我只看得懂文字，请用文字说说您想办什么事。';
const refused = '好的，不评价也没关系。想办什么事，随时说。';
const humanHint = '回复“转人工”找工作人员';

const addressSchema = z.object({ contact: z.string(), room: z.string().optional() });
type Address = z.infer<typeof addressSchema>;

export function createWechaty(options: WechatyOptions): WechatyChannel {
  let bot: WechatyLike | undefined;
  let name = '';
  let reported: Promise<unknown> = Promise.resolve();
  let lastSent: Promise<unknown> = Promise.resolve();

  /** In order: what was reported last is what stands. */
  function report(status: WechatyStatus): void {
    reported = reported
      .then(() => options.onStatus?.(status))
      .catch((error: unknown) => options.log.error({ err: error }, 'the state of the login could not be noted'));
  }

  /** One message after another, with a pause: puppets of accounts that hurry are blocked. */
  function say(to: Address, words: string): Promise<void> {
    const sent = lastSent.then(async () => {
      if (!bot) throw new Error('wechaty is not running');
      const contact = await bot.Contact.find({ id: to.contact });
      if (!contact) throw new PermanentDeliveryError('the contact is gone');
      const room = to.room === undefined ? undefined : await bot.Room.find({ id: to.room });
      if (to.room !== undefined && !room) throw new PermanentDeliveryError('the room is gone');
      await (room ? room.say(words, contact) : contact.say(words));
    });
    lastSent = sent.catch(() => undefined).then(() => delay(options.gapMs ?? defaultGapMs));
    return sent;
  }

  const deliver: Deliver = async (activity) => {
    const words = shown(activity);
    if (words === '') return;
    const address = addressSchema.safeParse((await options.profileOf(activity.conversation.id))?.wechaty);
    if (!address.success) throw new PermanentDeliveryError('the conversation has no wechaty address');
    await say(address.data, words);
  };

  async function take(message: Message): Promise<void> {
    const kind = message.type();
    if (message.self() || message.age() > oldestSeconds || kind === recalled || kind === system) return;
    const room = message.room();
    if (room && !(await message.mentionSelf())) return;
    const talker = message.talker();
    const address = { contact: talker.id, ...(room ? { room: room.id } : {}) };
    if (kind !== text) return say(address, wordsOnly);
    const words = room ? withoutMention(await message.mentionText(), name) : message.text();
    const said = words.replaceAll('\u0000', '').trim().slice(0, MAX_TEXT_LENGTH);
    if (said === '') return;
    const conversationId = createHmac('sha256', await options.conversationKey())
      .update(JSON.stringify([room?.id ?? null, talker.id]))
      .digest('base64url');
    const core = options.core();
    await core.openConversation({
      id: conversationId,
      channel: WECHATY_CHANNEL,
      userId: `wechaty_${conversationId.slice(0, 16)}`,
      locale: 'zh-CN',
      profile: { wechaty: address },
    });
    const activity = activityOf(said, await options.recent(conversationId, 10));
    const result = await core.receive({ conversationId, messageId: message.id, activity });
    if ('error' in result) throw new Error(`the core did not take a message of conversation ${conversationId}`);
    if (activity.value === refusal && !result.duplicate) await say(address, refused);
  }

  return {
    binding: { name: WECHATY_CHANNEL, capabilities: plainCapabilities, deliver },
    async start() {
      report({ state: 'starting', qrcode: undefined });
      bot = await options.make();
      bot.on('scan', (qrcode) => {
        report({ state: 'scan', qrcode });
        options.log.warn({ qrcode }, 'scan this with WeChat to log the assistant in');
      });
      bot.on('login', (user) => {
        name = user.name();
        report({ state: 'online', qrcode: undefined });
        options.log.info({}, 'wechaty is online');
      });
      bot.on('logout', () => {
        report({ state: 'offline', qrcode: undefined });
        options.log.error({ alarm: 'wechaty' }, 'the WeChat account was logged out: somebody has to log it in again');
      });
      bot.on('error', (error) => options.log.error({ err: error }, 'the puppet has a problem'));
      bot.on('message', (message) => {
        take(message).catch((error: unknown) => options.log.error({ err: error }, 'a wechaty message could not be taken'));
      });
      await bot.start();
    },
    async stop() {
      await lastSent;
      await bot?.stop();
      report({ state: 'offline', qrcode: undefined });
      await reported;
    },
  };
}

/** Without the mentions a puppet has left in: WeChat ends each with U+2005; typed by hand, the account's name ends at a space. */
function withoutMention(text: string, name: string): string {
  const rest = text.replace(/@[^@\u2005]{1,64}\u2005/g, '').trim();
  const typed = `@${name}`;
  return name !== '' && rest.startsWith(typed) ? rest.slice(typed.length) : rest;
}

/** What the citizen reads of an activity; nothing of events but the request for a rating. */
function shown(activity: LoggedActivity): string {
  if (activity.type === 'event' && activity.name === 'rating.request')
    return `这次服务您满意吗？回复数字就行，不想评回“不评”：\n${ratingLevels.map(({ score, name }) => `${score}. ${name}`).join('\n')}`;
  if (activity.type !== 'message' || !activity.text) return '';
  return activity.channelData?.origin === 'human'
    ? `【${activity.from.name ?? '工作人员'}】${activity.text}`
    : `${activity.text}\n\n${humanHint}`;
}

/** A number or the name of a level right after the request for a rating is the rating. */
function activityOf(said: string, recent: readonly LoggedActivity[]): IncomingActivity {
  const base = { from: { id: 'citizen' }, locale: 'zh-CN' };
  const asked = recent.findLast(({ type, from }) => from.role === 'bot' || type === 'message')?.name === 'rating.request';
  if (asked && refusesRating(said)) return { ...base, type: 'event', name: 'rating.submit', value: refusal };
  const level = asked ? ratingLevels.find(({ score, name }) => said === name || said === String(score)) : undefined;
  return level
    ? { ...base, type: 'event', name: 'rating.submit', value: { score: level.score, tags: [] } }
    : { ...base, type: 'message', text: said };
}
