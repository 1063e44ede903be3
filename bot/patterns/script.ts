/** Traditional characters for whoever writes them: detected in a message, made in everything that is answered. */
import { Locale, Converter as TraditionalConverter } from 'opencc-js/cn2t';
import { mayBeTraditional, toSimplified } from '../../knowledge/text/simplified.ts';
import type { Activity } from '../activity.ts';

export type Script = 'hans' | 'hant';

let converter: ((text: string) => string) | undefined;
/** Its dictionary takes as long to set up as several turns: made when first needed. */
function toTraditional(text: string): string {
  converter ??= TraditionalConverter({ from: 'cn', to: 'tw' }) as (text: string) => string;
  return converter(text);
}

/** The characters a locale is written in: `zh-Hant`, `zh-TW`, `zh-HK`, `zh-MO` are traditional (BCP 47). */
export function scriptOfLocale(locale: string): Script {
  return /^zh-(?:hant|tw|hk|mo)\b/i.test(locale) ? 'hant' : 'hans';
}

/** The characters a message is written in, where it shows: characters that only one of the two has. */
export function scriptOf(text: string): Script | undefined {
  const bare = text.replace(/[^\p{Script=Han}]+/gu, '');
  if (!mayBeTraditional(bare) && onlySimplified(bare)) return 'hans';
  const han = [...bare];
  const differing = (other: string) => [...other].filter((character, i) => character !== han[i]).length;
  const traditional = differing(toSimplified(han.join('')));
  const simplified = differing(toTraditional(han.join('')));
  if (traditional === simplified) return undefined;
  return traditional > simplified ? 'hant' : 'hans';
}

let neverTraditional: Uint8Array | undefined;

/** Whether a text surely has a character that no traditional text has (证, 办): one that the tables replace and never put in. */
function onlySimplified(text: string): boolean {
  neverTraditional ??= unitsReplaced([...Locale.from.cn, ...Locale.to.tw].flat());
  for (let i = 0; i < text.length; i++) if (neverTraditional[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** UTF-16 units that stand alone on the left of the tables and nowhere on the right. Tables are `from to|from to|…`. */
function unitsReplaced(tables: readonly string[]): Uint8Array {
  const units = new Uint8Array(0x10000);
  const [left, right] = [1, 2];
  for (const table of tables) {
    let side = left;
    let start = 0;
    for (let i = 0; i <= table.length; i++) {
      const sign = i < table.length ? table[i] : '|';
      if (sign !== ' ' && sign !== '|') continue;
      if (side === right) for (let at = start; at < i; at++) units[table.charCodeAt(at)] = right;
      else if (i - start === 1 && units[table.charCodeAt(start)] === 0) units[table.charCodeAt(start)] = left;
      side = sign === ' ' ? right : left;
      start = i + 1;
    }
  }
  return units;
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
