/** What a citizen sent → the activity the core takes. */
import { type IncomingActivity, MAX_TEXT_LENGTH } from '../../bot/activity.ts';
import { refusal } from '../../bot/ratings/refusal.ts';
import type { WechatCitizen } from '../../bot/store/wechat-citizens.ts';
import { saidSince } from '../../bot/store/wechat-talk.ts';
import type { WechatAccount } from './accounts.ts';
import type { MediaFetcher } from './media.ts';
import { answerToMenu, type Meant, pressed, seqIn } from './menu-answer.ts';
import type { Context } from './options.ts';
import type { Push, What } from './push.ts';
import { choicesOf } from './render/text.ts';

/** How far back the last menu is looked for. */
const lookBack = 30;

/** Menu keys and QR codes that speak for the citizen: `say:居住证怎么办`. */
export const spokenBy = (key: string): string | undefined =>
  key.startsWith('say:') ? key.slice('say:'.length).trim() || undefined : undefined;

/**
 * The activity of a push, or undefined for one that says nothing to the core. `late`: its file is still on the way, and this is not the `last`
 * delivery.
 */
export async function toActivity(
  context: Context,
  media: MediaFetcher,
  account: WechatAccount,
  citizen: WechatCitizen,
  { what, key }: Pick<Push, 'what' | 'key'>,
  last: boolean,
): Promise<IncomingActivity | 'late' | undefined> {
  const base = { from: { id: 'citizen' }, locale: 'zh-CN', channelData: { wechat: citizen.account } };
  const say = (text: string): IncomingActivity => ({ ...base, type: 'message', text: bounded(text) });
  switch (what.kind) {
    case 'text':
      return meaning(await meant(context, citizen, what), what.text, say, base);
    case 'click':
    case 'arrived': {
      const text = spokenBy(what.kind === 'click' ? what.key : what.scene);
      return text === undefined ? undefined : say(text);
    }
    case 'link':
      return say([what.title, what.url].filter((part) => part !== '').join('\n'));
    case 'location': {
      const { latitude, longitude, label } = what;
      return {
        ...say(`我的位置：${label || `${latitude}，${longitude}`}`),
        channelData: { wechat: citizen.account, geo: { latitude, longitude } },
      };
    }
    case 'media': {
      const fetched = await media.fetch(account, citizen.conversationId, `${citizen.account}:${key}`, what, last);
      if (fetched === 'late') return 'late';
      const { attachment, words } = fetched;
      return { ...base, type: 'message', ...(words ? { text: bounded(words) } : {}), attachments: [attachment] };
    }
    default:
      return undefined;
  }
}

function meaning(
  found: Meant | undefined,
  text: string,
  say: (text: string) => IncomingActivity,
  base: Pick<IncomingActivity, 'from' | 'locale' | 'channelData'>,
): IncomingActivity {
  if (!found) return say(text);
  if ('say' in found) return say(found.say);
  const value = found.rate === 0 ? refusal : { score: found.rate, tags: [] };
  return { ...base, type: 'event', name: 'rating.submit', value };
}

async function meant(context: Context, citizen: WechatCitizen, what: Extract<What, { kind: 'text' }>): Promise<Meant | undefined> {
  const press = what.pressed === undefined ? undefined : pressed(what.pressed);
  if (press && 'activityId' in press) {
    const seq = seqIn(press.activityId, citizen.conversationId);
    const [shown] = seq === undefined ? [] : await context.core().log.read(citizen.conversationId, seq - 1, 1);
    const chosen = shown && choicesOf(shown)[press.index];
    // An item of an older conversation still says its own words.
    return chosen && { say: chosen.value };
  }
  if (press) return press;
  // Only a short text can be an answer to a menu.
  if (what.text.length > 64) return undefined;
  return answerToMenu(what.text, await saidSince(context.database().db, citizen.conversationId, lookBack));
}

/** Whether it says that the citizen would rather not rate. */
export const isRefusal = ({ name, value }: IncomingActivity): boolean =>
  name === 'rating.submit' && (value as { declined?: unknown } | undefined)?.declined === true;

const bounded = (text: string): string => text.replaceAll('\u0000', '').slice(0, MAX_TEXT_LENGTH);
