/** One Activity → the messages it takes at WeChat. The same activity gives the same parts every time: sending goes on where it stopped. */
import type { Activity, LoggedActivity } from '../../../bot/activity.ts';
import { ratingLevels } from '../../../bot/ratings/levels.ts';
import { humanWords } from '../../../bot/render.ts';
import type { CustomMessage } from '../api/api.ts';
import { PART_BYTES, splitText } from './split.ts';
import { bodyText, choicesOf, humanHint } from './text.ts';

/** What was found to work: head and items of a menu message have no published limits. WeCom documents 1,024 bytes and 10 items. */
const menuHeadBytes = 1024;
const menuItems = 10;
const itemBytes = 128;

export interface Abilities {
  /** Menus in messages (`msgmenu`): verified service accounts. */
  readonly menus: boolean;
  /** Customer-service messages, so pictures: all but unverified accounts. */
  readonly messages: boolean;
}

type TextPart = Extract<CustomMessage, { msgtype: 'text' }>;
export type Part = TextPart | Extract<CustomMessage, { msgtype: 'msgmenu' }> | PicturePart;

/** A picture to be handed to the platform when it is sent. */
export interface PicturePart {
  readonly msgtype: 'picture';
  /** The address of the attachment. */
  readonly address: string;
  /** The words with a link, for a picture that cannot be handed over. */
  readonly instead: string;
}

export const textPart = (content: string): TextPart => ({ msgtype: 'text', text: { content } });

/** The parts of an activity, none for one that shows nothing at WeChat. */
export function partsOf(activity: LoggedActivity, abilities: Abilities): Part[] {
  if (activity.type === 'event') return activity.name === 'rating.request' ? [ratingPart(activity, abilities)] : [];
  if (activity.type !== 'message') return [];
  const body = bodyText(activity);
  if (body === '') return [];
  const picture = pictureOf(activity);
  if (picture !== undefined && abilities.messages) return [{ msgtype: 'picture', address: picture, instead: body }];
  const choices = choicesOf(activity);
  if (
    abilities.menus &&
    choices.length > 0 &&
    choices.length < menuItems &&
    choices.every(({ title }) => Buffer.byteLength(title) <= itemBytes)
  )
    return withMenu(activity, body, choices);
  return splitText(`${body}${inWords(activity, choices)}`, PART_BYTES).map(textPart);
}

/** What the platform takes as a picture. Source: page 新增临时素材 (PNG, JPEG, JPG, GIF). */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** The address of the one picture a person sends with nothing but its link as words. */
function pictureOf({ attachments = [], text = '', channelData }: LoggedActivity): string | undefined {
  const [one, ...more] = attachments;
  const address = one?.contentUrl;
  if (channelData?.origin !== 'human' || more.length > 0 || address === undefined) return undefined;
  return pictures.has(one?.contentType ?? '') && text.includes(address) ? address : undefined;
}

function withMenu(activity: LoggedActivity, body: string, choices: readonly { title: string }[]): Part[] {
  const fits = Buffer.byteLength(body) <= menuHeadBytes;
  const human = offersPerson(activity) && !choices.some(({ title }) => title === humanWords);
  const menu: Part = {
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: fits ? body : '请选择：',
      list: [
        ...choices.map(({ title }, i) => ({ id: `q:${activity.id}:${i}`, content: title })),
        ...(human ? [{ id: 'human', content: humanWords }] : []),
      ],
      tail_content: '也可以直接输入',
    },
  };
  return fits ? [menu] : [...splitText(body, PART_BYTES).map(textPart), menu];
}

const offersPerson = (activity: Activity): boolean => (activity.suggestedActions?.actions ?? []).some(({ value }) => value === humanWords);

/** Choices as numbers to reply with, and the way to a person. */
function inWords(activity: Activity, choices: readonly { title: string; value: string }[]): string {
  const lines = choices.map(({ title }, i) => `${i + 1}. ${title}`);
  const hint = lines.length > 0 ? '回复数字选择，也可以直接说' : '';
  const human = offersPerson(activity) ? humanHint : '';
  const foot = [hint, human].filter((part) => part !== '').join('；');
  return [lines.join('\n'), foot]
    .filter((part) => part !== '')
    .map((part) => `\n\n${part}`)
    .join('');
}

/** The way out of being asked. */
const unrated = { score: 0, name: '不评价' };

function ratingPart(activity: LoggedActivity, { menus }: Abilities): Part {
  const head = '这次服务您满意吗？';
  const items = [...ratingLevels, unrated];
  if (!menus) return textPart(`${head}\n\n${items.map(({ score, name }) => `${score}. ${name}`).join('\n')}\n\n回复数字就行`);
  return {
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: head,
      list: items.map(({ score, name }) => ({ id: `rate:${score}:${activity.seq}`, content: name })),
      tail_content: '点一下就行',
    },
  };
}

/** A menu as text, for an account that turned out not to have menus. */
export function menuAsText(part: Part): string {
  if (part.msgtype === 'text') return part.text.content;
  if (part.msgtype === 'picture') return part.instead;
  const { head_content: head, list } = part.msgmenu;
  const lines = list.map(({ id, content }, i) => {
    const [, score] = /^rate:([0-5]):/.exec(id) ?? [];
    return id === 'human' ? humanHint : `${score ?? i + 1}. ${content}`;
  });
  return `${head}\n\n${lines.join('\n')}`;
}
