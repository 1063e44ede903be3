/** Reads answers to a menu: a pressed item, a number, or the words of an item. */
import type { LoggedActivity } from '../../bot/activity.ts';
import { ratingLevels } from '../../bot/ratings/levels.ts';
import { refusesRating } from '../../bot/ratings/refusal.ts';
import { humanWords } from '../../bot/render.ts';
import { choicesOf } from './render/text.ts';

/** What was meant: words to say to the core, or a rating; 0 is none, of somebody who would rather not. */
export type Meant = { say: string } | { rate: number };

/** What a pressed item says by itself. `q:<activity>:<index>` needs the activity: {@link pressedChoice}. */
export function pressed(id: string): Meant | { activityId: string; index: number } | undefined {
  if (id === 'human') return { say: humanWords };
  const [, score] = /^rate:([0-5])(?::\d+)?$/.exec(id) ?? [];
  if (score) return { rate: Number(score) };
  const [, activityId, index] = /^q:(.{1,120}):(\d{1,2})$/.exec(id) ?? [];
  return activityId && index ? { activityId, index: Number(index) } : undefined;
}

/** The number of an activity in its conversation's log, by the form of its id. */
export function seqIn(activityId: string, conversationId: string): number | undefined {
  const [conversation, seq] = activityId.split('|');
  return conversation === conversationId && seq && /^\d{1,12}$/.test(seq) ? Number(seq) : undefined;
}

/**
 * What a text means as an answer to the last menu that was shown: the bot's words since the citizen spoke last. `recent` are the newest
 * activities, ascending. Undefined: it is no such answer, the core reads it as it stands.
 */
export function answerToMenu(text: string, recent: readonly LoggedActivity[]): Meant | undefined {
  const spoken = recent.findLastIndex((one) => one.from.role !== 'bot' && (one.type === 'message' || one.type === 'event'));
  const shown = recent.slice(spoken + 1).findLast((one) => one.name === 'rating.request' || choicesOf(one).length > 0);
  if (!shown) return undefined;
  const bare = text
    .normalize('NFKC')
    .replace(/^[\s第选]+|[\s.。、,，)）号个项条星分]+$/gu, '')
    .trim();
  const number = /^\d{1,2}$/.test(bare) ? Number(bare) : undefined;
  if (shown.name === 'rating.request') {
    const level = ratingLevels.find(({ score, name }) => score === number || name === bare);
    if (number === 0 || refusesRating(bare)) return { rate: 0 };
    return level && { rate: level.score };
  }
  const choices = choicesOf(shown);
  const chosen = number === undefined ? choices.find(({ title }) => title === text.trim()) : choices[number - 1];
  return chosen && { say: chosen.value };
}
