/** An Activity as WeChat text: no Markdown, links a finger can press, sources as a short numbered list, the AI label. */
import type { Activity, CardAction, MessageEntity } from '../../../bot/activity.ts';

const aiLabel = '（AI 生成）';
/** How a citizen without buttons reaches a person; every reply says it. */
export const humanHint = '回复“转人工”找工作人员';

/** Angle brackets would be read as a link; the wide ones look the same. */
const harmless = (text: string): string => text.replaceAll('<', '＜').replaceAll('>', '＞');

function link(title: string, url: string): string {
  return /^https?:\/\/[^\s"<>]+$/.test(url) && Buffer.byteLength(url) <= 1024 ? `<a href="${url}">${harmless(title)}</a>` : harmless(title);
}

/** The words of a message with their links, without sources and choices. */
export function plainWords({ text = '', attachments = [] }: Pick<Activity, 'text' | 'attachments'>): string {
  const cards = attachments.flatMap(({ contentType, content }) =>
    contentType === 'application/vnd.microsoft.card.hero' ? [heroWords(content as HeroCard)] : [],
  );
  return [withLinks(text), ...cards].filter((one) => one !== '').join('\n\n');
}

interface HeroCard {
  readonly title?: string;
  readonly subtitle?: string;
  readonly text?: string;
  readonly buttons?: readonly CardAction[];
}
function heroWords(card: HeroCard | undefined): string {
  const opens = (card?.buttons ?? []).flatMap(({ type, title, value }) =>
    type === 'openUrl' && typeof value === 'string' ? [link(title, value)] : [],
  );
  const lines = [card?.title, card?.subtitle, card?.text].filter((line): line is string => typeof line === 'string' && line !== '');
  return [...lines.map(withLinks), ...opens].join('\n');
}

/** Markdown marks off; `[title](address)` becomes a link. */
function withLinks(markdown: string): string {
  let result = '';
  let at = 0;
  for (const match of markdown.matchAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g)) {
    result += harmless(unmarked(markdown.slice(at, match.index))) + link(unmarked(match[1] ?? ''), match[2] ?? '');
    at = match.index + match[0].length;
  }
  return result + harmless(unmarked(markdown.slice(at)));
}

const unmarked = (text: string): string => text.replace(/\*\*([^*]+)\*\*/g, '$1');

/** The sources of an answer, one document a line with the marks that point at it, or nothing. */
export function sources(activity: Activity): string {
  const documents = new Map<string, { positions: number[]; name: string; short: string; url: string | undefined }>();
  for (const { position, appearance } of citationsOf(activity)) {
    // Names read `document · section（department，updated）`: several sections of one document are one line.
    const [, title, tail] = /^(.+?) · .*?(（[^（）]*）)?$/.exec(appearance.name) ?? [];
    const short = title === undefined ? appearance.name : `${title}${tail ?? ''}`;
    const key = `${appearance.url ?? ''} ${short}`;
    const known = documents.get(key);
    if (known) known.positions.push(position);
    else documents.set(key, { positions: [position], name: appearance.name, short, url: appearance.url });
  }
  const lines = [...documents.values()].map(({ positions, name, short, url }) => {
    const title = positions.length > 1 ? short : name;
    return `[${ranges(positions)}] ${url ? link(title, url) : harmless(title)}`;
  });
  return lines.length === 0 ? '' : `来源：\n${lines.join('\n')}`;
}

/** 1, 2, 3, 5 → 1-3,5 */
function ranges(positions: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last && position === last[1] + 1) last[1] = position;
    else runs.push([position, position]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

const messageEntity = (activity: Activity): MessageEntity | undefined =>
  (activity.entities as MessageEntity[] | undefined)?.find((entity) => entity.type === 'https://schema.org/Message');
const citationsOf = (activity: Activity): MessageEntity['citation'] => messageEntity(activity)?.citation ?? [];

/** Whether a model wrote it. */
export const isAiWritten = (activity: Activity): boolean => messageEntity(activity)?.additionalType.includes('AIGeneratedContent') ?? false;

/** What can be chosen, in the order of its numbers; the offer of a person that stands under every reply is not among them. */
export function choicesOf(activity: Activity): { title: string; value: string }[] {
  return (activity.suggestedActions?.actions ?? []).flatMap(({ type, title, value, channelData }) =>
    type === 'imBack' && channelData?.always !== true ? [{ title, value: String(value) }] : [],
  );
}

/** Addresses that can be opened, as links. */
const openings = (activity: Activity): string =>
  (activity.suggestedActions?.actions ?? [])
    .flatMap(({ type, title, value }) => (type === 'openUrl' && typeof value === 'string' ? [link(title, value)] : []))
    .join('\n');

/** Everything of a message but its choices; model-written text says so in words, whatever mark the platform adds. */
export function bodyText(activity: Activity): string {
  const words = plainWords(activity);
  const label = isAiWritten(activity) ? aiLabel : '';
  const speaker = activity.channelData?.origin === 'human' && activity.from.name ? `【${harmless(activity.from.name)}】` : '';
  return [`${speaker}${words}${label}`, sources(activity), openings(activity)].filter((part) => part !== '').join('\n\n');
}
