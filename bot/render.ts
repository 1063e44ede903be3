/** Fits channel-neutral drafts to what a channel can show, as Activities. */
import type { Passage } from '../knowledge/index/types.ts';
import type { Activity, CardAction, ChannelAccount, CitationClaim, MessageEntity } from './activity.ts';
import type { Draft, QuickReply } from './answer/draft.ts';
import type { Texts } from './texts.ts';

/** What a channel can show; the core downgrades on purpose instead of failing at send time. */
export interface ChannelCapabilities {
  /** Markdown subset, else plain text. */
  readonly markdown: boolean;
  /** Suggested actions as buttons, else a numbered list in the text. */
  readonly buttons: boolean;
  /** Adaptive Cards, else the question as text only. */
  readonly cards: boolean;
  /** Citations in the message entity, else a numbered list of sources in the text. */
  readonly citations: boolean;
}

/** Everything: web widget, apps, Web Chat. */
export const fullCapabilities: ChannelCapabilities = { markdown: true, buttons: true, cards: true, citations: true };
/** Text only: terminal, SMS. */
export const plainCapabilities: ChannelCapabilities = { markdown: false, buttons: false, cards: false, citations: false };

/** What a citizen says, or a button says for them, to reach a person; the same in every language. */
export const humanWords = '转人工';
const aiLabel = '（AI 生成）';
const longestAbstract = 600;

export interface RenderOptions {
  readonly capabilities: ChannelCapabilities;
  readonly bot: ChannelAccount;
  readonly texts: Texts;
  readonly replyToId?: string | undefined;
}

/** One Activity a draft; fixed sentences that follow one another become one message. */
export function render(drafts: readonly Draft[], options: RenderOptions): Activity[] {
  return joined(drafts).map((draft) => message(draft, options));
}

function joined(drafts: readonly Draft[]): Draft[] {
  const result: Draft[] = [];
  for (const draft of drafts) {
    const last = result.at(-1);
    if (last && last.origin === 'template' && draft.origin === 'template' && last.quickReplies.length === 0 && !last.form) {
      result[result.length - 1] = { ...draft, text: `${last.text}\n\n${draft.text}` };
    } else result.push(draft);
  }
  return result;
}

function message(draft: Draft, { capabilities, bot, texts, replyToId }: RenderOptions): Activity {
  const offered = draft.quickReplies.some((reply) => reply.kind === 'say' && reply.value === humanWords);
  // Every reply offers a person (R-033); a client with a button of its own may leave this one out.
  const always: CardAction[] = offered ? [] : [{ type: 'imBack', title: texts.human, value: humanWords, channelData: { always: true } }];
  // Nothing in a reply is markup, whatever stood in the source and whoever shows it.
  const unmarked = draft.text.replace(/<(?=[a-z/!])/gi, '＜');
  let text = capabilities.markdown ? unmarked : plainText(unmarked);
  if (draft.origin === 'guide' && texts.officialLanguage !== '') text += `\n\n${texts.officialLanguage}`;
  if (!capabilities.citations && draft.citations.length > 0)
    text += `\n\n来源：\n${draft.citations.map((passage, i) => `[${i + 1}] ${sourceName(passage)}`).join('\n')}`;
  if (!capabilities.citations && draft.origin === 'ai') text += aiLabel;
  if (!capabilities.buttons) text += numbered(draft.quickReplies);
  return {
    type: 'message',
    from: bot,
    text,
    textFormat: capabilities.markdown ? 'markdown' : 'plain',
    inputHint: draft.expectsInput ? 'expectingInput' : 'acceptingInput',
    channelData: { origin: draft.origin, ...(draft.item ? { item: draft.item } : {}) },
    ...(replyToId ? { replyToId } : {}),
    ...(capabilities.buttons ? { suggestedActions: { to: [], actions: [...draft.quickReplies.map(action), ...always] } } : {}),
    ...(capabilities.citations && (draft.citations.length > 0 || draft.origin === 'ai') ? { entities: [entity(draft)] } : {}),
    ...(capabilities.cards && draft.form
      ? { attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: draft.form }] }
      : {}),
  };
}

function action(reply: QuickReply): CardAction {
  return reply.kind === 'say'
    ? { type: 'imBack', title: reply.title, value: reply.value }
    : { type: 'openUrl', title: reply.title, value: reply.url };
}

function entity(draft: Draft): MessageEntity {
  return {
    type: 'https://schema.org/Message',
    '@type': 'Message',
    '@context': 'https://schema.org',
    '@id': '',
    additionalType: draft.origin === 'ai' ? ['AIGeneratedContent'] : [],
    citation: draft.citations.map(claim),
  };
}

function claim(passage: Passage, i: number): CitationClaim {
  const abstract = passage.text.length > longestAbstract ? `${passage.text.slice(0, longestAbstract)}…` : passage.text;
  return {
    '@type': 'Claim',
    position: i + 1,
    appearance: { '@type': 'DigitalDocument', name: sourceName(passage), ...(passage.url ? { url: passage.url } : {}), abstract },
  };
}

function sourceName(passage: Passage): string {
  const updated = passage.updatedAt ? `，更新于 ${passage.updatedAt}` : '';
  return `${passage.title} · ${passage.heading}${passage.department ? `（${passage.department}${updated}）` : ''}`;
}

/** Markdown marks off; links keep their address. */
export function plainText(markdown: string): string {
  return markdown.replace(/\*\*([^*]+)\*\*/g, '$1').replace(/\[([^\]]+)\]\((https?:[^)]+)\)/g, '$1：$2');
}

function numbered(replies: readonly QuickReply[]): string {
  const says = replies.filter((reply) => reply.kind === 'say');
  const opens = replies.filter((reply) => reply.kind === 'open');
  const lines = [...opens.map((reply) => `${reply.title}：${reply.url}`), ...says.map((reply, i) => `${i + 1}. ${reply.title}`)];
  return lines.length > 0 ? `\n\n${lines.join('\n')}` : '';
}
