/** From the activities of one turn to what an SMS says: they are one reply to the citizen, and cost one message. */
import type { LoggedActivity, MessageEntity } from '../../bot/activity.ts';
import { humanWords } from '../../bot/render.ts';
import type { PageBody, SmsMenu } from './draft.ts';
import { clean } from './text/clean.ts';
import { stringsFor } from './text/strings.ts';

export interface Reply {
  /** Kind of template: a rating has its own. */
  readonly kind: 'page' | 'short' | 'rating';
  /** May be cut. */
  readonly body: string;
  /** The open question with its options; empty when nothing is asked. */
  readonly ask: string;
  /** undefined: it leaves what digits mean as it was. */
  readonly menu: SmsMenu | undefined;
  /** Whether a person is offered. */
  readonly human: boolean;
  readonly page: PageBody;
}

/**
 * One reply out of activities that were appended together; undefined when nothing in them is for a phone (events for banners).
 * `locale` chooses the channel's own words.
 */
export function replyOf(activities: readonly LoggedActivity[], locale: string): Reply | undefined {
  const strings = stringsFor(locale);
  const messages = activities.filter((one) => one.type === 'message' && (one.text ?? '').trim() !== '');
  const rating = activities.some((one) => one.type === 'event' && one.name === 'rating.request');
  const last = messages.at(-1);
  if (!last && !rating) return undefined;

  const said = messages.map((message) => spoken(message, locale));
  const options = last ? choicesOf(last) : [];
  const asks = last !== undefined && !rating && (options.length > 0 || last.inputHint === 'expectingInput');
  const question = asks ? [said.pop() ?? '', ...options.map(({ title }, index) => strings.option(index + 1, title))].join('\n') : '';
  const citations = messages.flatMap(claimsOf);
  const answered = messages.some((message) => message.replyToId !== undefined);
  const fromPerson = messages.some((message) => message.from.id === 'agent');
  const menu: SmsMenu | undefined = rating
    ? { kind: 'rating' }
    : answered
      ? { kind: 'choices', options, zeroIsAnswer: last !== undefined && acceptsZero(last) }
      : undefined;
  const [first] = citations;
  const title = clean(first?.appearance.name.split(' · ')[0] ?? '') || (fromPerson ? '人工服务' : '政务服务');
  return {
    kind: rating ? 'rating' : 'page',
    body: said.join('\n'),
    ask: rating ? strings.rating : question,
    menu,
    human: messages.some(offersPerson),
    page: {
      title,
      text: [
        ...messages.map((message) => spoken(message, locale)),
        ...options.map(({ title: one }, index) => strings.option(index + 1, one)),
      ].join('\n'),
      sources: citations.map(({ appearance: { name, url, abstract } }) => ({ name, abstract, ...(url ? { url } : {}) })),
      ai: messages.some((message) => message.channelData?.origin === 'ai'),
      personal: citations.length === 0,
      locale,
    },
  };
}

function spoken(message: LoggedActivity, locale: string): string {
  const strings = stringsFor(locale);
  const text = clean(message.text ?? '');
  if (message.from.id === 'agent') return strings.person(message.from.name ?? '', text);
  const links = (message.suggestedActions?.actions ?? []).flatMap((action) =>
    action.type === 'openUrl' ? [clean(`${action.title} ${String(action.value)}`)] : [],
  );
  return [message.channelData?.origin === 'ai' ? strings.aiLabel + text : text, ...links].join('\n');
}

function choicesOf(message: LoggedActivity): { title: string; value: string }[] {
  return (message.suggestedActions?.actions ?? []).flatMap((action) =>
    action.type === 'imBack' && action.value !== humanWords ? [{ title: clean(action.title), value: String(action.value) }] : [],
  );
}

const offersPerson = (message: LoggedActivity): boolean =>
  (message.suggestedActions?.actions ?? []).some((action) => action.value === humanWords);

const claimsOf = (message: LoggedActivity) =>
  ((message.entities ?? []) as Partial<MessageEntity>[]).flatMap((entity) => entity.citation ?? []);

/** The open question is a number that may be nothing: 0 answers it, and a person is asked for by word. */
function acceptsZero(message: LoggedActivity): boolean {
  const inputs = (message.attachments ?? []).flatMap(
    ({ content }) => (content as { body?: { type?: string; min?: number }[] } | undefined)?.body ?? [],
  );
  const open = inputs.find((input) => input.type?.startsWith('Input.'));
  return open?.type === 'Input.Number' && (open.min ?? 0) <= 0;
}
