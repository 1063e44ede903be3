/** Traditional characters for whoever writes them: detected in a message, made in everything that is answered. */
import { mayBeTraditional, toSimplified } from '../../knowledge/text/simplified.ts';
import { toTraditional } from '../../knowledge/text/traditional.ts';
import type { Activity } from '../activity.ts';

export type Script = 'hans' | 'hant';

/** The characters a locale is written in: `zh-Hant`, `zh-TW`, `zh-HK`, `zh-MO` are traditional (BCP 47). */
export function scriptOfLocale(locale: string): Script {
  return /^zh-(?:hant|tw|hk|mo)\b/i.test(locale) ? 'hant' : 'hans';
}

/** Characters that traditional writing always writes otherwise, whatever stands beside them: nearly every simplified message has one. */
export const surelySimplified =
  /[证办个业务没记领请条吗医发税网费时号国车学开补场单报机会带过转动当内积关还电营备经统对结签换缴给来书满资员职险门销执产体选续区点写帮规认贴银参岁贷录许买养审联检长实问账约钱见别间监权样这变东从无处进护]/;

/** The characters a message is written in, where it shows: characters that only one of the two has. */
export function scriptOf(text: string): Script | undefined {
  const bare = text.replace(/[^\p{Script=Han}]+/gu, '');
  if (bare === '') return undefined;
  if (!mayBeTraditional(bare) && surelySimplified.test(bare)) return 'hans';
  const han = [...bare];
  const differing = (other: string) => [...other].filter((character, i) => character !== han[i]).length;
  const traditional = differing(toSimplified(han.join('')));
  const simplified = differing(toTraditional(han.join('')));
  if (traditional === simplified) return undefined;
  return traditional > simplified ? 'hant' : 'hans';
}

/** What a citizen reads of a form. */
const shownFields = new Set(['text', 'label', 'title', 'errorMessage', 'placeholder', 'altText', 'fallbackText', 'subtitle']);

/** The activity with all words a citizen reads in traditional characters; values, ids, links and quoted sources stay as they are. */
export function inTraditional(activity: Activity): Activity {
  const { text, suggestedActions, attachments, value } = activity;
  return {
    ...activity,
    ...(text === undefined ? {} : { text: traditionalText(text) }),
    ...(suggestedActions
      ? {
          suggestedActions: {
            ...suggestedActions,
            actions: suggestedActions.actions.map((action) => ({ ...action, title: toTraditional(action.title) })),
          },
        }
      : {}),
    ...(attachments
      ? {
          attachments: attachments.map((one) =>
            one.contentType.startsWith('application/vnd.microsoft.card') ? { ...one, content: shown(one.content) } : one,
          ),
        }
      : {}),
    ...(activity.name === 'handoff.status' && isMessage(value) ? { value: { ...value, message: toTraditional(value.message) } } : {}),
  };
}

/** Addresses are no words. */
function traditionalText(text: string): string {
  return text
    .split(/(https?:\/\/[^\s)）]+)/)
    .map((part, i) => (i % 2 === 1 ? part : toTraditional(part)))
    .join('');
}

function isMessage(value: unknown): value is { message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, typeof one === 'string' && shownFields.has(key) ? toTraditional(one) : shown(one)]),
  );
}
