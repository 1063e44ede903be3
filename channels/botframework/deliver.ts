/** Sends what stands in the outbox to the Bot Framework channel it belongs to. */
import type { LoggedActivity } from '../../bot/activity.ts';
import { type Deliver, PermanentDeliveryError } from '../../bot/outbox-sender.ts';
import type { BotFrameworkOptions } from './options.ts';
import { type Reference, referenceIn } from './reference.ts';
import type { OutgoingActivity, Sdk } from './sdk.ts';

/** The whole delivery, login included: whoever hangs must not hold up the outbox of all. */
const deliveryTimeoutMs = 20_000;
/** A reply stands near its question; further back it goes without the link. */
const lookBack = 200;

/**
 * One activity to the conversation's serviceUrl, as a reply to the citizen's message where it is one. The Bot Connector knows no
 * idempotency key: a delivery whose acknowledgement was lost is sent again.
 * Rejects with PermanentDeliveryError for 4xx other than 408 and 429, and when the conversation has no address; otherwise try again.
 */
export function createDeliver(options: Pick<BotFrameworkOptions, 'core' | 'findConversation'>, sdk: () => Promise<Sdk>): Deliver {
  return async (activity) => {
    const conversation = await options.findConversation(activity.conversation.id);
    const reference = referenceIn(conversation?.profile);
    if (!reference) throw new PermanentDeliveryError('the conversation has no Bot Framework address');
    const outgoing = outgoingActivity(activity, reference, await repliedTo(options, activity));
    try {
      await withinTime(sdk().then(({ send }) => send(reference, outgoing)));
    } catch (error) {
      throw classified(error);
    }
  };
}

/** The activity as the channel gets it: our texts, cards, actions and citations unchanged, its own ids and accounts. */
export function outgoingActivity(activity: LoggedActivity, reference: Reference, replyToId: string | undefined): OutgoingActivity {
  const { id: _ours, seq: _seq, replyToId: _oursToo, channelData = {}, from, ...content } = activity;
  // Nothing was streamed to this channel, so there is no stream that this could be the end of.
  const { streamId: _id, streamType: _type, streamSequence: _sequence, ...data } = channelData;
  return {
    ...content,
    channelId: reference.channelId,
    serviceUrl: reference.serviceUrl,
    conversation: reference.conversation,
    // The bot's account there, under the name of who speaks: assistant or agent.
    from: { ...reference.bot, role: 'bot', ...(from.name ? { name: from.name } : {}) },
    recipient: reference.user,
    channelData: data,
    ...(replyToId ? { replyToId } : {}),
    // An agent hub finds the citizen by it (botbuilder's EventFactory.createHandoffInitiation).
    ...(activity.name === 'handoff.initiate' ? { relatesTo: reference } : {}),
  };
}

/** The channel's id of the message this answers. */
async function repliedTo(options: Pick<BotFrameworkOptions, 'core'>, activity: LoggedActivity): Promise<string | undefined> {
  if (activity.replyToId === undefined) return undefined;
  const before = await options.core().log.read(activity.conversation.id, Math.max(0, activity.seq - 1 - lookBack), lookBack);
  const id = before.find((one) => one.id === activity.replyToId)?.channelData?.activityId;
  return typeof id === 'string' ? id : undefined;
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deliveryTimeoutMs / 1000} s`)), deliveryTimeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function classified(error: unknown): unknown {
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode !== 'number') return error;
  const words = `the Bot Connector answered ${statusCode}: ${String(message)}`;
  const lasting = statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429;
  return lasting ? new PermanentDeliveryError(words, { cause: error }) : new Error(words, { cause: error });
}
